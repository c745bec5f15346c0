//! Reminders, by the clock on the wall.

use e2e::{System, User};
use jiff::{SignedDuration, Timestamp};
use proto::v1::{
    ListNotificationsRequest, Reminder, ReminderState, SnoozeReminderRequest, Task, UpdateAction,
    UpdateData, reminder::When, snooze_reminder_request, update_data::Item,
};
use service_kit::{Clock as _, SystemClock};
use testkit::{eventually, task};

#[tokio::test]
async fn one_rings_once_on_every_screen_and_again_when_it_is_snoozed() {
    let system = System::found();
    let user = system.user("reminders-ring").await;
    let mut screens = Vec::new();
    for replica in 0..system.replicas() {
        screens.push(user.watch(replica, "").await.unwrap());
    }
    let remind_at = in_seconds(2);
    let created = user
        .create(0, reminding("Call the dentist", remind_at))
        .await;
    let created = created.unwrap();
    let notification = user.notified(1).await.remove(0);
    assert!(now() >= remind_at, "it rang too early");
    assert_eq!(notification.task_id, created.id);
    assert_eq!(notification.remind_at, Some(remind_at.into()));
    for screen in &mut screens {
        assert_eq!(
            screen.task().await,
            (UpdateAction::Created, created.clone())
        );
        let UpdateData { item, .. } = screen.update().await;
        assert_eq!(item, Some(Item::Notification(notification.clone())));
    }
    listed_by_all(&system, &user, 1).await;
    let reminded = user.get(1, &created.id).await.unwrap();
    assert_eq!(reminded.reminders[0].state(), ReminderState::Sent);
    assert_eq!(reminded.version, created.version);

    let again_at = in_seconds(2);
    let request = SnoozeReminderRequest {
        notification_id: notification.id.clone(),
        when: Some(snooze_reminder_request::When::Until(again_at.into())),
    };
    user.notifications(1)
        .snooze_reminder(request)
        .await
        .unwrap();
    let notifications = user.notified(2).await;
    assert!(now() >= again_at, "it rang too early");
    assert!(notifications.iter().all(|one| one.task_id == created.id));
    for screen in &mut screens {
        // The snoozed one is told of, too.
        let again = loop {
            let update = screen.update().await;
            if update.action() == UpdateAction::Created
                && let Some(Item::Notification(again)) = update.item
            {
                break again;
            }
        };
        assert_ne!(again.id, notification.id);
    }
    everything_due_has_rung(&user).await;
    listed_by_all(&system, &user, 3).await;
    let history = user.history(&created.id, 3).await;
    assert_eq!(history, ["task.created", "reminder.due", "reminder.due"]);
}

#[tokio::test]
async fn one_of_a_completed_or_deleted_task_stays_quiet() {
    let system = System::found();
    let user = system.user("reminders-quiet").await;
    let remind_at = in_seconds(3);
    let completed = reminding("Completed in time", remind_at);
    let completed = user.create(0, completed).await.unwrap();
    user.complete(1, &completed.id).await.unwrap();
    let deleted = reminding("Deleted in time", remind_at);
    let deleted = user.create(1, deleted).await.unwrap();
    user.delete(0, &deleted.id).await.unwrap();
    assert!(now() < remind_at, "the machine is too slow for this test");
    for id in [&completed.id, &deleted.id] {
        eventually("the reminder is missed", async || {
            let task = user.get(0, id).await.ok()?;
            (task.reminders[0].state() == ReminderState::Missed).then_some(())
        })
        .await;
    }
    user.reopen(0, &completed.id).await.unwrap();
    user.undelete(1, &deleted.id).await.unwrap();
    everything_due_has_rung(&user).await;
    let notifications = user.all_notifications().await.unwrap();
    assert_eq!(notifications.len(), 1, "{notifications:#?}");
}

/// Both replicas look for due reminders each second, at the same rows.
#[tokio::test]
async fn many_that_fall_due_together_ring_once_each() {
    const USERS: usize = 5;
    const EACH: usize = 10;
    let system = System::found();
    let remind_at = in_seconds(4);
    let mut users = Vec::new();
    for number in 0..USERS {
        let user = system.user(&format!("reminders-many-{number}")).await;
        for number in 0..EACH {
            let title = format!("Reminder {number}");
            let created = user.create(number % 2, reminding(&title, remind_at)).await;
            created.unwrap();
        }
        users.push(user);
    }
    for user in &users {
        user.notified(EACH).await;
        everything_due_has_rung(user).await;
        let notifications = user.all_notifications().await.unwrap();
        let mut tasks: Vec<_> = notifications.iter().map(|one| &one.task_id).collect();
        tasks.sort();
        tasks.dedup();
        assert_eq!((notifications.len(), tasks.len()), (EACH + 1, EACH + 1));
    }
}

/// A task with a reminder at this moment.
pub fn reminding(title: &str, remind_at: Timestamp) -> Task {
    let reminder = Reminder {
        when: Some(When::Time(remind_at.into())),
        ..Reminder::default()
    };
    Task {
        reminders: vec![reminder],
        ..task(title)
    }
}

/// The moment in so many seconds.
pub fn in_seconds(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn now() -> Timestamp {
    SystemClock.now()
}

/// Returns once the user's reminders that are due now have rung: another one, for a moment in the
/// past, has, and it came after all of them in their partition.
async fn everything_due_has_rung(user: &User) {
    let marker = user.create(0, reminding("Marker", in_seconds(-1))).await;
    let marker = marker.unwrap();
    eventually("the marker rings", async || {
        let all = user.all_notifications().await.ok()?;
        all.iter().any(|one| one.task_id == marker.id).then_some(())
    })
    .await;
}

async fn listed_by_all(system: &System, user: &User, count: usize) {
    for replica in 0..system.replicas() {
        let request = ListNotificationsRequest::default();
        let listed = user
            .notifications(replica)
            .list_notifications(request)
            .await;
        assert_eq!(listed.unwrap().into_inner().notifications.len(), count);
    }
}
