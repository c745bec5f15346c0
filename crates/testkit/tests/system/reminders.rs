//! Reminders.

use jiff::{SignedDuration, Timestamp};
use proto::{
    v1::{
        DeleteNotificationRequest, DeleteTaskRequest, NotificationKind, Reminder, ReminderState,
        ReopenTaskRequest, SnoozeReminderRequest, Task, UndeleteTaskRequest, UpdateAction,
        UpdateTaskRequest, reminder::When, snooze_reminder_request, update_data::Item,
    },
    wkt::{Duration, FieldMask},
};
use testkit::{Database, Plan, System, User, eventually, instant, on_every_database, task};

on_every_database!(
    a_reminder_becomes_a_notification_when_its_time_comes,
    each_of_several_goes_off_once_at_its_own_time,
    one_in_the_past_goes_off_once_and_at_once,
    one_that_is_moved_goes_off_at_its_new_time_alone,
    one_of_a_completed_or_deleted_task_is_missed_and_stays_quiet,
    one_that_is_snoozed_comes_again,
);

async fn a_reminder_becomes_a_notification_when_its_time_comes(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    let remind_at = system.now() + SignedDuration::from_secs(3);
    let created = Task {
        reminders: vec![at(remind_at)],
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
    assert_eq!(stored, std::slice::from_ref(&shown));
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

async fn each_of_several_goes_off_once_at_its_own_time(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let created = Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        reminders: vec![
            before_due(1800),
            before_due(600),
            at(moment("2026-03-02T10:05:00Z")),
        ],
        ..task("Leave for the train")
    };
    let created = alice.create(created).await;
    for (minutes, count) in [(30, 1), (20, 2), (15, 3)] {
        system.turn(SignedDuration::from_mins(minutes));
        assert_eq!(alice.notified(count).await.len(), count);
        quiet(&system, &alice).await;
        assert_eq!(alice.list_notifications().await.len(), count);
    }
    let states = alice.get(&created.id).await.reminders;
    let sent = states
        .iter()
        .filter(|reminder| reminder.state() == ReminderState::Sent);
    assert_eq!(sent.count(), 3);
    let kinds = alice.history(&created.id, 4).await;
    assert_eq!(
        kinds,
        [
            "task.created",
            "reminder.due",
            "reminder.due",
            "reminder.due"
        ]
    );
    system.finish().await;
}

async fn one_in_the_past_goes_off_once_and_at_once(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let created = Task {
        reminders: vec![at(moment("2026-03-01T00:00:00Z"))],
        ..task("Should be done by now")
    };
    let created = alice.create(created).await;
    assert_eq!(alice.notified(1).await[0].task_id, created.id);
    // An edit that does not move it does not set it off again.
    let edited = Task {
        description: "Really".into(),
        ..created
    };
    update(&alice, edited, "description").await;
    quiet(&system, &alice).await;
    assert_eq!(alice.list_notifications().await.len(), 1);
    system.finish().await;
}

async fn one_that_is_moved_goes_off_at_its_new_time_alone(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let created = Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        reminders: vec![before_due(600)],
        ..task("Leave for the train")
    };
    let created = alice.create(created).await;
    let later = Task {
        due: instant("2026-03-02T12:00:00Z", "Europe/Berlin"),
        ..created
    };
    update(&alice, later, "due").await;
    system.turn(SignedDuration::from_mins(120));
    quiet(&system, &alice).await;
    assert!(
        alice.list_notifications().await.is_empty(),
        "its old time has gone by"
    );
    system.turn(SignedDuration::from_mins(50));
    let notified = alice.notified(1).await;
    assert_eq!(
        notified[0].remind_at,
        Some(moment("2026-03-02T11:50:00Z").into())
    );
    system.finish().await;
}

async fn one_of_a_completed_or_deleted_task_is_missed_and_stays_quiet(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let remind_at = system.now() + SignedDuration::from_secs(60);
    let reminding = |title: &str| Task {
        reminders: vec![at(remind_at)],
        ..task(title)
    };
    let completed = alice.create(reminding("Completed in time")).await;
    alice.complete(&completed.id).await;
    let deleted = alice.create(reminding("Deleted in time")).await;
    let request = DeleteTaskRequest {
        id: deleted.id.clone(),
        ..DeleteTaskRequest::default()
    };
    alice.tasks().delete_task(request).await.unwrap();
    system.turn(SignedDuration::from_secs(120));
    for id in [&completed.id, &deleted.id] {
        eventually("the reminder is missed", async || {
            let state = alice.get(id).await.reminders[0].state();
            (state == ReminderState::Missed).then_some(())
        })
        .await;
    }
    let request = ReopenTaskRequest {
        id: completed.id.clone(),
        ..ReopenTaskRequest::default()
    };
    alice.tasks().reopen_task(request).await.unwrap();
    let request = UndeleteTaskRequest {
        id: deleted.id.clone(),
        ..UndeleteTaskRequest::default()
    };
    alice.tasks().undelete_task(request).await.unwrap();
    quiet(&system, &alice).await;
    assert!(alice.list_notifications().await.is_empty());
    system.finish().await;
}

async fn one_that_is_snoozed_comes_again(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let remind_at = system.now() + SignedDuration::from_secs(5);
    let created = Task {
        reminders: vec![at(remind_at)],
        ..task("Call the dentist")
    };
    let created = alice.create(created).await;
    system.turn(SignedDuration::from_secs(5));
    let first = alice.notified(1).await.remove(0);
    let request = SnoozeReminderRequest {
        notification_id: first.id.clone(),
        when: Some(snooze_reminder_request::When::Delay(Duration {
            seconds: 600,
            nanos: 0,
        })),
    };
    let snoozed = alice
        .notifications()
        .snooze_reminder(request)
        .await
        .unwrap();
    let snoozed = snoozed.into_inner();
    let again_at = system.now() + SignedDuration::from_secs(600);
    assert_eq!(snoozed.reminder.unwrap().fire_at, Some(again_at.into()));
    assert_eq!(
        snoozed.notification.unwrap().snoozed_until,
        Some(again_at.into())
    );
    quiet(&system, &alice).await;
    assert_eq!(alice.list_notifications().await.len(), 1);
    system.turn(SignedDuration::from_secs(600));
    let notifications = alice.notified(2).await;
    assert!(
        notifications
            .iter()
            .all(|notification| notification.task_id == created.id)
    );
    assert_eq!(alice.get(&created.id).await.version, created.version);
    system.finish().await;
}

/// Returns once the reminders that are due now have gone off: another one, set for a moment in the
/// past after all of them, has, and its notification is deleted.
async fn quiet(system: &System, user: &User) {
    let before = user.list_notifications().await.len();
    let marker = Task {
        reminders: vec![at(system.now() - SignedDuration::from_secs(1))],
        ..task("Marker")
    };
    let marker = user.create(marker).await;
    let notification = eventually("the marker goes off", async || {
        let mut all = user.list_notifications().await.into_iter();
        all.find(|notification| notification.task_id == marker.id)
    })
    .await;
    let request = DeleteNotificationRequest {
        id: notification.id,
    };
    user.notifications()
        .delete_notification(request)
        .await
        .unwrap();
    assert_eq!(user.list_notifications().await.len(), before);
}

async fn update(user: &User, task: Task, path: &str) {
    let request = UpdateTaskRequest {
        task: Some(task),
        update_mask: Some(FieldMask {
            paths: vec![path.into()],
        }),
        ..UpdateTaskRequest::default()
    };
    user.tasks().update_task(request).await.unwrap();
}

fn at(time: Timestamp) -> Reminder {
    Reminder {
        when: Some(When::Time(time.into())),
        ..Reminder::default()
    }
}

fn before_due(seconds: i64) -> Reminder {
    let before = Duration { seconds, nanos: 0 };
    Reminder {
        when: Some(When::BeforeDue(before)),
        ..Reminder::default()
    }
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}
