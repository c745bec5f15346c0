//! Events come twice, late, and out of order, and each has its effect once.

use domain::{AppId, Topic};
use jiff::SignedDuration;
use proto::v1::{
    DeleteTaskRequest, Reminder, ReopenTaskRequest, Task, UpdateTaskRequest, reminder::When,
    update_data,
};
use proto::wkt::FieldMask;
use testkit::{Database, Disturbance, Plan, System, User, instant, on_every_database, task};
use tonic::Code;

on_every_database!(
    every_event_delivered_twice_with_its_answer_lost,
    every_event_once_more_when_all_is_done,
    every_kind_of_event_later_than_all_others,
    a_completion_that_arrives_after_the_task_was_reopened,
    a_completion_that_arrives_in_time_after_all,
);

const AUDITED: usize = 8;

/// Each delivery is made, its answer lost, and made again, with no state store to remember it by.
async fn every_event_delivered_twice_with_its_answer_lost(database: Database) {
    let system = Plan::new(database).start().await;
    forget_what_was_handled(&system);
    let mut lost = Vec::new();
    for topic in Topic::ALL {
        for app in AppId::ALL {
            lost.push(system.disturb(2, Disturbance::LoseAnswer, move |call| {
                call.delivers(app, topic.name())
            }));
        }
    }
    let alice = system.user("alice");
    let first = story(&system, &alice).await;
    check(&alice, &first).await;
    let hits: usize = lost.iter().map(testkit::Disturbed::hits).sum();
    assert!(AUDITED < hits, "answers were lost only {hits} times");
    system.finish().await;
}

/// What was delivered comes again, the last event first.
async fn every_event_once_more_when_all_is_done(database: Database) {
    let system = Plan::new(database).start().await;
    forget_what_was_handled(&system);
    let alice = system.user("alice");
    let first = story(&system, &alice).await;
    check(&alice, &first).await;
    system.published().await;
    let before = everything(&alice).await;
    for app in [
        AppId::RecurringService,
        AppId::NotificationService,
        AppId::AuditService,
    ] {
        let deliveries = system.deliveries(app);
        assert!(!deliveries.is_empty());
        for delivery in deliveries.iter().rev() {
            system.redeliver(delivery).await;
        }
    }
    assert_eq!(system.outbox().await.waiting, 0, "nothing new is published");
    assert_eq!(everything(&alice).await, before);
    system.finish().await;
}

/// The deliveries that nothing else of the story waits for, one service and topic after the other.
async fn every_kind_of_event_later_than_all_others(database: Database) {
    let system = Plan::new(database).start().await;
    let of_audit = Topic::ALL.iter().filter(|topic| topic.is_audited());
    let of_audit = of_audit.map(|topic| (AppId::AuditService, *topic));
    let late = of_audit.chain([(AppId::RealtimeService, Topic::TaskUpdates)]);
    for (number, (app, topic)) in late.enumerate() {
        let name = format!("user-{number}");
        let user = system.user(&name);
        let mut screen = user.watch(0, "").await;
        let held = system.disturb(usize::MAX, Disturbance::HoldBefore, move |call| {
            call.delivers(app, topic.name()) && call.mentions(&name)
        });
        let first = story(&system, &user).await;
        held.hit(1).await;
        held.release();
        check(&user, &first).await;
        let mut versions = std::collections::BTreeMap::new();
        while versions.get(&first.id) != Some(&3) {
            // The story sends notifications, too.
            if let Some(update_data::Item::Task(task)) = screen.update().await.item {
                let before = versions.insert(task.id, task.version);
                assert!(before.is_none_or(|before| before < task.version));
            }
        }
    }
    system.finish().await;
}

async fn a_completion_that_arrives_after_the_task_was_reopened(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(1, Disturbance::HoldBefore, |call| {
        call.delivers(AppId::RecurringService, Topic::TaskCompleted.name())
    });
    let first = alice.create(daily()).await;
    alice.complete(&first.id).await;
    held.hit(1).await;
    let request = ReopenTaskRequest {
        id: first.id.clone(),
        ..ReopenTaskRequest::default()
    };
    alice.tasks().reopen_task(request).await.unwrap();
    held.release();
    // The second completion is behind the first in its partition.
    alice.complete(&first.id).await;
    let second = alice.successor(&first.id).await;
    assert_eq!(alice.list().await.len(), 2);
    assert_eq!(alice.history(&second.id, 1).await, ["task.created"]);
    system.finish().await;
}

async fn a_completion_that_arrives_in_time_after_all(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(1, Disturbance::HoldBefore, |call| {
        call.delivers(AppId::RecurringService, Topic::TaskCompleted.name())
    });
    let first = alice.create(daily()).await;
    alice.complete(&first.id).await;
    held.hit(1).await;
    // A completed task that is put in the trash has its successor all the same.
    delete(&alice, &first.id).await;
    held.release();
    let second = alice.successor(&first.id).await;
    assert_eq!(second.predecessor_task_id, first.id);
    system.finish().await;
}

/// The fast path never knows an event, so that the effect's own key has to hold.
fn forget_what_was_handled(system: &System) {
    system.disturb(usize::MAX, Disturbance::Fail(Code::Unavailable), |call| {
        matches!(
            call.method.as_str(),
            "GetState" | "GetBulkState" | "SaveState"
        )
    });
}

/// Every kind of event there is: eight audited ones.
async fn story(system: &System, user: &User) -> Task {
    let first = user.create(daily()).await;
    let edited = Task {
        id: first.id.clone(),
        description: "Five minutes".into(),
        ..Task::default()
    };
    let request = UpdateTaskRequest {
        task: Some(edited),
        update_mask: Some(FieldMask {
            paths: vec!["description".into()],
        }),
        ..UpdateTaskRequest::default()
    };
    user.tasks().update_task(request).await.unwrap();
    user.complete(&first.id).await;
    let second = user.successor(&first.id).await;
    let remind_at = system.now() + SignedDuration::from_secs(5);
    let reminder = Reminder {
        when: Some(When::Time(remind_at.into())),
        ..Reminder::default()
    };
    let reminding = Task {
        reminders: vec![reminder],
        ..task("Call the dentist")
    };
    let reminding = user.create(reminding).await;
    system.turn(SignedDuration::from_secs(5));
    user.notified(1).await;
    delete(user, &reminding.id).await;
    user.complete(&second.id).await;
    user.successor(&second.id).await;
    first
}

async fn check(user: &User, first: &Task) {
    let second = user.successor(&first.id).await;
    let third = user.successor(&second.id).await;
    assert_eq!(
        user.history(&first.id, 3).await,
        ["task.created", "task.updated", "task.completed"]
    );
    assert_eq!(
        user.history(&second.id, 2).await,
        ["task.created", "task.completed"]
    );
    assert_eq!(user.history(&third.id, 1).await, ["task.created"]);
    let all = testkit::eventually("the whole audit trail", async || {
        let trail = user.audit_trail("").await;
        (AUDITED < trail.len()).then_some(trail)
    })
    .await;
    let sequences: Vec<_> = all.iter().rev().map(|entry| entry.sequence).collect();
    assert_eq!(sequences, (1..=9).collect::<Vec<_>>());
    assert_eq!(user.list().await.len(), 3);
    assert_eq!(user.list_notifications().await.len(), 1);
}

async fn everything(user: &User) -> String {
    let tasks = user.list().await;
    let notifications = user.list_notifications().await;
    let trail = user.audit_trail("").await;
    format!("{tasks:#?}\n{notifications:#?}\n{trail:#?}")
}

async fn delete(user: &User, id: &str) {
    let request = DeleteTaskRequest {
        id: id.to_owned(),
        ..DeleteTaskRequest::default()
    };
    user.tasks().delete_task(request).await.unwrap();
}

fn daily() -> Task {
    Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    }
}
