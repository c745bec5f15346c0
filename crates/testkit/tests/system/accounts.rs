//! An account is deleted while its events are still on their way.

use domain::{AppId, Topic};
use jiff::SignedDuration;
use proto::v1::{
    CreateTaskRequest, DeleteAccountRequest, GetTaskRequest, ListTasksRequest, Reminder, Task,
    reminder::When, stream_updates_response::Frame, update_data::Item,
};
use testkit::{Database, Disturbance, Plan, User, eventually, instant, on_every_database, task};
use tonic::Code;
use tonic_types::StatusExt as _;

on_every_database!(
    events_of_a_deleted_account_have_no_effect,
    events_that_were_not_published_yet_do_no_harm,
);

async fn events_of_a_deleted_account_have_no_effect(database: Database) {
    let system = Plan::new(database).start().await;
    let (alice, bob) = (system.user("alice"), system.user("bob"));
    let mut screen = alice.watch(0, "").await;
    let kept = bob.create(reminding(&system, "Bob's reminder")).await;
    let early = alice.create(task("Known to the audit trail")).await;
    assert_eq!(alice.history(&early.id, 1).await, ["task.created"]);

    let held = system.disturb(usize::MAX, Disturbance::HoldBefore, |call| {
        let topics = [Topic::TaskCompleted, Topic::ReminderDue, Topic::TaskUpdated];
        call.mentions("alice")
            && call
                .events()
                .iter()
                .any(|_| topics.iter().any(|topic| call.topic == topic.name()))
    });
    let daily = Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    };
    let daily = alice.create(daily).await;
    alice.complete(&daily.id).await;
    alice.create(reminding(&system, "Alice's reminder")).await;
    system.turn(SignedDuration::from_secs(10));
    // The completion waits at two services, the reminder at two.
    held.hit(4).await;
    delete_account(&alice).await;
    loop {
        if let Frame::Update(update) = screen.next_frame().await
            && matches!(update.item, Some(Item::AccountDeleted(_)))
        {
            break;
        }
    }
    held.release();

    // Bob's events come through the same partitions, or others; both are waited for.
    assert_eq!(bob.notified(1).await[0].task_id, kept.id);
    system.published().await;
    handled(&system).await;
    let read = system.store().read().await.unwrap();
    let account = read.account_get(alice.id()).await.unwrap().unwrap();
    assert!(account.deleted_at.is_some());
    drop(read);
    let trail = eventually("an erased audit trail", async || {
        let trail = alice.audit_trail("").await;
        let erased = trail
            .iter()
            .all(|entry| entry.after.is_none() && entry.before.is_none());
        erased.then_some(trail)
    })
    .await;
    assert!(!trail.is_empty(), "ids and times are kept");
    assert!(trail.iter().any(|entry| entry.entity_id == early.id));
    assert!(alice.list_notifications().await.is_empty());
    refused(&alice, &early.id).await;
    system.finish().await;
}

/// The relay has published nothing yet when the account goes.
async fn events_that_were_not_published_yet_do_no_harm(database: Database) {
    let mut system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(usize::MAX, Disturbance::HoldBefore, |call| {
        call.is(AppId::BackendApi, "BulkPublishEvent")
    });
    let daily = Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    };
    let daily = alice.create(daily).await;
    alice.complete(&daily.id).await;
    held.hit(1).await;
    delete_account(&alice).await;
    system.kill_replica(AppId::BackendApi, 0).await;
    held.release();
    system.start_replica(AppId::BackendApi, 0).await;
    system.published().await;
    handled(&system).await;
    refused(&alice, &daily.id).await;
    system.finish().await;
}

/// Returns once what was published before has been handled: Carol's events are behind everybody
/// else's in each partition in which she has any, and she has some in each.
async fn handled(system: &testkit::System) {
    for number in 0..12 {
        let carol = system.user(&format!("carol-{number}"));
        let created = carol.create(task("Behind everybody else")).await;
        carol.complete(&created.id).await;
        carol.history(&created.id, 2).await;
    }
}

async fn delete_account(user: &User) {
    let request = DeleteAccountRequest {
        confirm_user_id: user.id().to_string(),
    };
    user.account().delete_account(request).await.unwrap();
}

async fn refused(user: &User, task_id: &str) {
    let request = GetTaskRequest {
        id: task_id.to_owned(),
    };
    let status = user.tasks().get_task(request).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound, "{status}");
    let listed = user.tasks().list_tasks(ListTasksRequest::default()).await;
    assert!(listed.is_ok_and(|listed| listed.get_ref().tasks.is_empty()));
    let request = CreateTaskRequest {
        task: Some(task("After the end")),
        ..CreateTaskRequest::default()
    };
    let status = user.tasks().create_task(request).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition, "{status}");
    assert_eq!(
        status.get_details_error_info().unwrap().reason,
        "ACCOUNT_DELETED"
    );
}

fn reminding(system: &testkit::System, title: &str) -> Task {
    let remind_at = system.now() + SignedDuration::from_secs(5);
    let reminder = Reminder {
        when: Some(When::Time(remind_at.into())),
        ..Reminder::default()
    };
    Task {
        reminders: vec![reminder],
        ..task(title)
    }
}
