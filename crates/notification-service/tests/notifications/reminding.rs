//! Which reminders go off, and when.

use std::collections::HashSet;

use domain::{Actor, AppId, Payload, ReminderState};
use service_kit::testing::Database;

use crate::support::{World, tick};

service_kit::on_every_database!(
    a_reminder_goes_off_at_its_moment_and_once,
    all_that_are_due_go_off_however_many_and_with_two_replicas_each_once,
    what_is_done_or_in_the_trash_stays_quiet,
    a_deleted_account_keeps_nobody_else_waiting,
    an_event_that_comes_again_makes_no_second_notification,
    a_deleted_notification_does_not_come_back,
);

async fn a_reminder_goes_off_at_its_moment_and_once(database: Database) {
    let world = World::new(database).await;
    let task = world.task("alice", &[10, 20]).await;
    let moment = task.reminders[0].fire_at;
    world.advance(9);
    world.tick().await;
    assert!(world.due().await.is_empty());
    world.advance(1);
    world.tick().await;
    world.tick().await;
    let due = world.due().await;
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].actor, Actor::service(AppId::NotificationService));
    assert_eq!(due[0].occurred_at, moment);
    let Payload::ReminderDue {
        reminder_id,
        remind_at,
        task: told,
    } = &due[0].payload
    else {
        panic!("{:?}", due[0].payload)
    };
    assert_eq!((*reminder_id, *remind_at), (task.reminders[0].id, moment));
    let stored = world.stored(&task).await;
    assert_eq!(**told, stored);
    let states: Vec<_> = stored
        .reminders
        .iter()
        .map(|reminder| reminder.state)
        .collect();
    assert_eq!(states, [ReminderState::Sent, ReminderState::Scheduled]);
    assert_eq!(stored.version, task.version, "being reminded is no edit");
}

async fn all_that_are_due_go_off_however_many_and_with_two_replicas_each_once(database: Database) {
    let world = World::new(database).await;
    let replica = world.test.another(AppId::NotificationService).await;
    let mut set = HashSet::new();
    for number in 0..52 {
        let task = world
            .task(&format!("user-{}", number % 7), &[1, 2, 3, 4, 5])
            .await;
        set.extend(task.reminders.iter().map(|reminder| reminder.id));
    }
    world.advance(5);
    tokio::join!(tick(&world.test.kit), tick(&replica));
    // What one replica had claimed while the other looked is gone once both are through.
    let due = world.due().await;
    let gone_off: HashSet<_> = due
        .iter()
        .filter_map(|event| match &event.payload {
            Payload::ReminderDue { reminder_id, .. } => Some(*reminder_id),
            _ => None,
        })
        .collect();
    assert_eq!(due.len(), 260);
    assert_eq!(gone_off, set);
}

async fn what_is_done_or_in_the_trash_stays_quiet(database: Database) {
    let world = World::new(database).await;
    let done = world.task("alice", &[1]).await;
    let trash = world.task("alice", &[1]).await;
    let back = world.task("alice", &[1]).await;
    let now = world.test.now();
    world
        .change(&done, |task| task.complete(now).unwrap())
        .await;
    world.change(&trash, |task| task.delete(now).unwrap()).await;
    world.change(&back, |task| task.delete(now).unwrap()).await;
    world
        .change(&back, |task| task.undelete(now).unwrap())
        .await;
    world.advance(1);
    world.tick().await;
    assert_eq!(world.due().await.len(), 1);
    for (task, state) in [
        (done, ReminderState::Missed),
        (trash, ReminderState::Missed),
        (back, ReminderState::Sent),
    ] {
        assert_eq!(world.stored(&task).await.reminders[0].state, state);
    }
}

async fn a_deleted_account_keeps_nobody_else_waiting(database: Database) {
    let world = World::new(database).await;
    world.task("alice", &[0]).await;
    world.task("bob", &[1]).await;
    world.tombstone("alice").await;
    world.advance(1);
    world.tick().await;
    let due = world.due().await;
    let owners: Vec<_> = due.iter().map(|event| event.user_id.as_str()).collect();
    assert_eq!(owners, ["bob"]);
}

async fn an_event_that_comes_again_makes_no_second_notification(database: Database) {
    let mut world = World::new(database).await;
    let (task, told) = world.notify("alice").await;
    assert_eq!(
        (told.task_id, told.version, told.read_at),
        (task.id, 1, None)
    );
    let event = world.due().await.remove(0);
    assert_eq!(told.id.0, event.id.0);
    world.deliver(&event).await;
    assert_eq!(world.frames().await, []);
    assert_eq!(world.notification(&told).await, Some(told));
}

async fn a_deleted_notification_does_not_come_back(database: Database) {
    let mut world = World::new(database).await;
    let (_, told) = world.notify("alice").await;
    let context = world.test.context("alice");
    notification_service::delete_notification(&world.test.kit, &context, told.id)
        .await
        .unwrap();
    world.frames().await;
    let event = world.due().await.remove(0);
    world.deliver(&event).await;
    assert_eq!(world.frames().await, []);
    assert_eq!(world.notification(&told).await, None);
}
