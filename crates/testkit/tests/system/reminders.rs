//! Reminders.

use jiff::SignedDuration;
use proto::v1::{
    NotificationKind, Reminder, ReminderState, Task, UpdateAction, reminder::When,
    update_data::Item,
};
use testkit::{Database, Plan, on_both_databases, task};

on_both_databases!(a_reminder_becomes_a_notification_when_its_time_comes);

async fn a_reminder_becomes_a_notification_when_its_time_comes(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    let remind_at = system.now() + SignedDuration::from_secs(3);
    let reminder = Reminder {
        when: Some(When::Time(remind_at.into())),
        ..Reminder::default()
    };
    let created = Task {
        reminders: vec![reminder],
        ..task("Call the dentist")
    };
    let created = alice.create(created).await;
    screen.task().await;
    assert!(alice.list_notifications().await.is_empty());

    system.turn(SignedDuration::from_secs(3));
    let update = screen.update().await;
    assert_eq!(update.action(), UpdateAction::Created);
    let Some(Item::Notification(shown)) = update.item else {
        panic!("a notification was expected: {update:?}");
    };
    let stored = alice.notified(1).await;
    assert_eq!(stored, [shown.clone()]);
    assert_eq!(shown.kind(), NotificationKind::Reminder);
    assert_eq!(
        (shown.task_id, shown.task_title),
        (created.id.clone(), created.title.clone())
    );
    assert_eq!(shown.remind_at, Some(remind_at.into()));

    let reminded = alice.get(&created.id).await;
    assert_eq!(reminded.reminders[0].state(), ReminderState::Sent);
    assert_eq!(reminded.version, created.version);
    assert_eq!(
        alice.history(&created.id, 2).await,
        ["task.created", "reminder.due"]
    );
    system.finish().await;
}
