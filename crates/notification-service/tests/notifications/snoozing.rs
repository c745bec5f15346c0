//! Putting off a reminder.

use domain::recurrence::TimeZoneName;
use domain::{ReminderState, SeriesScope, Task, TaskPatch, Update, UpdateAction, UpdateItem};
use jiff::{SignedDuration, Timestamp};
use proto::v1;
use proto::v1::notification_service_server::NotificationService as _;
use proto::v1::snooze_reminder_request::When;
use service_kit::testing::Database;
use tonic::{Code, Status};

use crate::support::{World, fields, reason};

service_kit::on_every_database!(
    a_snoozed_reminder_goes_off_again,
    nothing_is_put_off_that_should_not_go_off_again,
    the_time_of_a_snooze_is_in_the_future_and_within_a_year,
);

async fn snooze(
    world: &World,
    id: &str,
    when: impl Into<Option<When>>,
) -> Result<v1::SnoozeReminderResponse, Status> {
    let request = v1::SnoozeReminderRequest {
        notification_id: id.into(),
        when: when.into(),
    };
    let request = world.test.request("alice", request);
    Ok(world.grpc.snooze_reminder(request).await?.into_inner())
}

fn until(time: Timestamp) -> When {
    When::Until(time.into())
}

fn delay(delay: SignedDuration) -> When {
    When::Delay(delay.into())
}

async fn a_snoozed_reminder_goes_off_again(database: Database) {
    let mut world = World::new(database).await;
    let (task, told) = world.notify("alice").await;
    world.advance(5);
    let id = told.id.to_string();
    let answer = snooze(&world, &id, delay(SignedDuration::from_secs(60)))
        .await
        .unwrap();
    let again = world.test.now() + SignedDuration::from_secs(60);

    let stored = world.stored(&task).await;
    assert_eq!(stored.version, task.version);
    assert_eq!(stored.reminders[0].state, ReminderState::Scheduled);
    assert_eq!(stored.reminders[0].fire_at, again);
    assert_eq!(stored.reminders[0].when, task.reminders[0].when);
    assert_eq!(answer.reminder, Some((&stored.reminders[0]).into()));
    let notification = world.notification(&told).await.unwrap();
    assert_eq!(notification.read_at, Some(world.test.now()));
    assert_eq!(
        (notification.snoozed_until, notification.version),
        (Some(again), 2)
    );
    assert_eq!(answer.notification, Some((&notification).into()));
    let item = UpdateItem::Notification(Box::new(notification));
    assert_eq!(
        world.frames().await,
        [Update {
            action: UpdateAction::Updated,
            item
        }]
    );

    world.advance(59);
    world.tick().await;
    assert_eq!(world.due().await.len(), 1);
    world.advance(1);
    world.tick().await;
    let due = world.due().await;
    assert_eq!(due.len(), 2);
    world.deliver(&due[1]).await;
    assert_eq!(
        world.frames().await.len(),
        1,
        "it is a notification of its own"
    );

    // A notification can be put off again, also while its reminder waits.
    let later = until(world.test.now() + SignedDuration::from_hours(1));
    assert_eq!(
        snooze(&world, &id, later)
            .await
            .unwrap()
            .notification
            .unwrap()
            .version,
        3
    );
}

async fn nothing_is_put_off_that_should_not_go_off_again(database: Database) {
    type Change = fn(Task, Timestamp) -> domain::Change;
    let changes: [(Change, &str); 3] = [
        (|task, now| task.complete(now).unwrap(), "TASK_COMPLETED"),
        (|task, now| task.delete(now).unwrap(), "TASK_DELETED"),
        (without_reminders, "REMINDER_GONE"),
    ];
    let mut world = World::new(database).await;
    for (change, expected) in changes {
        let (task, told) = world.notify("alice").await;
        let now = world.test.now();
        world.change(&task, |task| change(task, now)).await;
        let refused = snooze(
            &world,
            &told.id.to_string(),
            delay(SignedDuration::from_secs(1)),
        )
        .await;
        let refused = refused.unwrap_err();
        assert_eq!(
            (refused.code(), &*reason(&refused)),
            (Code::FailedPrecondition, expected)
        );
        assert_eq!(world.notification(&told).await, Some(told));
    }
    let (task, told) = world.notify("alice").await;
    let now = world.test.now();
    world.change(&task, |task| task.delete(now).unwrap()).await;
    world.advance(1);
    let work = world
        .test
        .kit
        .begin(&world.test.context("alice"))
        .await
        .unwrap();
    work.tx().task_purge(world.test.now(), 100).await.unwrap();
    work.commit().await.unwrap();
    let refused = snooze(
        &world,
        &told.id.to_string(),
        delay(SignedDuration::from_secs(1)),
    )
    .await;
    assert_eq!(reason(&refused.unwrap_err()), "REMINDER_GONE");
    assert_eq!(world.frames().await, []);
}

async fn the_time_of_a_snooze_is_in_the_future_and_within_a_year(database: Database) {
    let mut world = World::new(database).await;
    let (_, told) = world.notify("alice").await;
    let id = told.id.to_string();
    let (now, year) = (world.test.now(), SignedDuration::from_hours(366 * 24));
    let instant = SignedDuration::from_micros(1);
    for (id, when, field) in [
        (id.as_str(), None, "when"),
        (&id, Some(until(now)), "until"),
        (&id, Some(until(now + year + instant)), "until"),
        (&id, Some(delay(SignedDuration::ZERO)), "delay"),
        (&id, Some(delay(year + instant)), "delay"),
        ("", Some(until(now + year)), "notification_id"),
        ("7", Some(until(now + year)), "notification_id"),
    ] {
        let refused = snooze(&world, id, when).await.unwrap_err();
        assert_eq!(
            (refused.code(), fields(&refused)),
            (Code::InvalidArgument, vec![field.into()])
        );
    }
    assert_eq!(world.notification(&told).await, Some(told));
    snooze(&world, &id, until(now + year)).await.unwrap();
}

fn without_reminders(task: Task, now: Timestamp) -> domain::Change {
    let patch = TaskPatch {
        reminders: Some(vec![]),
        ..TaskPatch::default()
    };
    let (scope, zone) = (SeriesScope::ThisAndFollowing, TimeZoneName::utc());
    task.update(patch, scope, &zone, now, &mut NoIds)
        .unwrap()
        .unwrap()
}

struct NoIds;

impl domain::NewIds for NoIds {
    fn task_id(&mut self) -> domain::TaskId {
        unreachable!("no task is made")
    }

    fn reminder_id(&mut self) -> domain::ReminderId {
        unreachable!("no reminder is made")
    }

    fn event_id(&mut self) -> domain::EventId {
        unreachable!("no event is made")
    }
}
