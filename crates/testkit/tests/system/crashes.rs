//! A service is killed between two steps, and nothing is lost and nothing happens twice.

use domain::{AppId, Topic};
use jiff::SignedDuration;
use proto::v1::{Reminder, Task, UpdateAction, reminder::When};
use testkit::{Database, Disturbance, Plan, System, instant, on_every_database, task};

on_every_database!(
    killed_between_commit_and_publish,
    killed_between_publish_and_delete,
    killed_between_the_audit_row_and_its_state_key,
    killed_between_the_next_occurrence_and_its_state_key,
    killed_between_the_notification_and_its_state_key,
    killed_between_claiming_a_reminder_and_publishing_it,
    all_killed_at_once,
);

async fn killed_between_commit_and_publish(database: Database) {
    let mut system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(usize::MAX, Disturbance::HoldBefore, |call| {
        call.is(AppId::BackendApi, "BulkPublishEvent")
    });
    let created = alice.create(task("Buy milk")).await;
    held.hit(1).await;
    system.kill_replica(AppId::BackendApi, 0).await;
    assert_eq!(system.outbox().await.waiting, 2);
    assert!(alice.audit_trail("").await.is_empty());

    held.release();
    let mut screen = alice.watch(0, "").await;
    system.start_replica(AppId::BackendApi, 0).await;
    assert_eq!(
        screen.task().await,
        (UpdateAction::Created, created.clone())
    );
    assert_eq!(alice.history(&created.id, 1).await, ["task.created"]);
    system.finish().await;
}

async fn killed_between_publish_and_delete(database: Database) {
    let mut system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(usize::MAX, Disturbance::HoldAfter, |call| {
        call.publishes(AppId::BackendApi, Topic::TaskCreated.name())
    });
    let created = alice.create(task("Buy milk")).await;
    held.hit(1).await;
    system.kill_replica(AppId::BackendApi, 0).await;
    assert_eq!(alice.history(&created.id, 1).await, ["task.created"]);
    assert!(0 < system.outbox().await.waiting);

    held.release();
    system.start_replica(AppId::BackendApi, 0).await;
    system.published().await;
    // What comes after the second copy in its partition shows that the copy has been handled.
    let next = alice.create(task("Buy bread")).await;
    assert_eq!(alice.history(&next.id, 1).await, ["task.created"]);
    let copies = copies(&system, &created);
    assert_eq!(copies.len(), 2, "the event has to come twice");
    assert_eq!(copies[0], copies[1]);
    assert_eq!(alice.audit_trail("").await.len(), 2);
    system.finish().await;
}

async fn killed_between_the_audit_row_and_its_state_key(database: Database) {
    let mut system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(usize::MAX, Disturbance::HoldBefore, |call| {
        call.is(AppId::AuditService, "SaveState")
    });
    let created = alice.create(task("Buy milk")).await;
    held.hit(1).await;
    assert_eq!(copies(&system, &created).len(), 1);
    system.kill_replica(AppId::AuditService, 0).await;

    held.release();
    system.start_replica(AppId::AuditService, 0).await;
    let next = alice.create(task("Buy bread")).await;
    assert_eq!(alice.history(&next.id, 1).await, ["task.created"]);
    let copies = copies(&system, &created);
    assert_eq!(copies.len(), 2, "the event has to come twice");
    assert_eq!(alice.history(&created.id, 1).await, ["task.created"]);
    system.finish().await;
}

async fn killed_between_the_next_occurrence_and_its_state_key(database: Database) {
    let mut system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(usize::MAX, Disturbance::HoldBefore, |call| {
        call.is(AppId::RecurringService, "SaveState")
    });
    let first = alice.create(daily()).await;
    alice.complete(&first.id).await;
    held.hit(1).await;
    system.kill_replica(AppId::RecurringService, 0).await;

    held.release();
    let again = system.disturb(1, Disturbance::Pass, |call| {
        call.delivers(AppId::RecurringService, Topic::TaskCompleted.name())
    });
    system.start_replica(AppId::RecurringService, 0).await;
    again.hit(1).await;
    let second = alice.successor(&first.id).await;
    assert_eq!(
        alice.list().await.len(),
        2,
        "the completed one and one that follows"
    );
    assert_eq!(alice.history(&second.id, 1).await, ["task.created"]);
    system.finish().await;
}

async fn killed_between_the_notification_and_its_state_key(database: Database) {
    let mut system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(usize::MAX, Disturbance::HoldBefore, |call| {
        call.is(AppId::NotificationService, "SaveState")
    });
    alice.create(reminding(&system)).await;
    system.turn(SignedDuration::from_secs(10));
    held.hit(1).await;
    system.kill_replica(AppId::NotificationService, 0).await;

    held.release();
    let again = system.disturb(1, Disturbance::Pass, |call| {
        call.delivers(AppId::NotificationService, Topic::ReminderDue.name())
    });
    system.start_replica(AppId::NotificationService, 0).await;
    again.hit(1).await;
    assert_eq!(alice.notified(1).await.len(), 1);
    system.finish().await;
}

async fn killed_between_claiming_a_reminder_and_publishing_it(database: Database) {
    let mut system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(usize::MAX, Disturbance::HoldBefore, |call| {
        call.publishes(AppId::NotificationService, Topic::ReminderDue.name())
    });
    let created = alice.create(reminding(&system)).await;
    system.turn(SignedDuration::from_secs(10));
    held.hit(1).await;
    system.kill_replica(AppId::NotificationService, 0).await;

    held.release();
    system.start_replica(AppId::NotificationService, 0).await;
    assert_eq!(alice.notified(1).await.len(), 1);
    assert_eq!(
        alice.history(&created.id, 2).await,
        ["task.created", "reminder.due"]
    );
    system.finish().await;
}

/// As when the one process of `errand up` is killed: events wait at every step.
async fn all_killed_at_once(database: Database) {
    let mut system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let held = system.disturb(usize::MAX, Disturbance::HoldBefore, |call| {
        matches!(
            call.method.as_str(),
            "BulkPublishEvent" | "OnTopicEvent" | "OnBulkTopicEvent"
        )
    });
    let first = alice.create(daily()).await;
    alice.complete(&first.id).await;
    held.hit(1).await;
    for app in AppId::ALL {
        system.kill_replica(app, 0).await;
    }
    held.release();
    for app in AppId::ALL {
        system.start_replica(app, 0).await;
    }
    let second = alice.successor(&first.id).await;
    assert_eq!(
        alice.history(&first.id, 2).await,
        ["task.created", "task.completed"]
    );
    assert_eq!(alice.history(&second.id, 1).await, ["task.created"]);
    let sequences = alice.audit_trail("").await;
    let sequences: Vec<_> = sequences.iter().map(|entry| entry.sequence).collect();
    assert_eq!(sequences, [3, 2, 1]);
    system.finish().await;
}

fn daily() -> Task {
    Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    }
}

fn reminding(system: &System) -> Task {
    let remind_at = system.now() + SignedDuration::from_secs(5);
    let reminder = Reminder {
        when: Some(When::Time(remind_at.into())),
        ..Reminder::default()
    };
    Task {
        reminders: vec![reminder],
        ..task("Call the dentist")
    }
}

/// The ids of the events by which the audit service was told of a task, one for each time.
fn copies(system: &System, task: &Task) -> Vec<String> {
    let deliveries = system.deliveries(AppId::AuditService);
    let events = deliveries.iter().flat_map(|call| call.events());
    let of_task = events.filter(|(_, data)| data.contains(&task.id));
    of_task.map(|(id, _)| id).collect()
}
