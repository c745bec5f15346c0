//! One event of each kind that never changes: the fixtures hold them as JSON.

use domain::recurrence::{Anchor, RecurrenceMode};
use domain::{
    Actor, ActorKind, AppId, Category, CorrelationId, Description, Due, Event, EventId,
    Notification, NotificationId, NotificationKind, Payload, Priority, Recurrence, Reminder,
    ReminderId, ReminderState, ReminderTime, Status, Tags, Task, TaskId, Title, Update,
    UpdateAction, UpdateItem, UserId,
};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// The events with the names of their fixtures.
pub fn events() -> Vec<(&'static str, Event)> {
    let task = Box::new(recurring_task());
    let boxed = |task: &Task| Box::new(task.clone());
    let completed = Task {
        status: Status::Completed {
            at: time("2030-03-30T10:00:00.25Z"),
        },
        updated_at: time("2030-03-30T10:00:00.25Z"),
        version: 2,
        ..recurring_task()
    };
    let renamed = Task {
        title: Title::parse("Water the <plants> & herbs").unwrap(),
        priority: Priority::Low,
        updated_at: time("2030-03-29T07:30:00Z"),
        version: 3,
        ..plain_task()
    };
    let deleted = Task {
        deleted_at: Some(time("2030-04-01T00:00:00Z")),
        updated_at: time("2030-04-01T00:00:00Z"),
        version: 4,
        ..plain_task()
    };
    let update = |action, item| Payload::Updates(Update { action, item });
    let reminder_due = Payload::ReminderDue {
        reminder_id: task.reminders[0].id,
        remind_at: task.reminders[0].fire_at,
        task: task.clone(),
    };
    let updated = Payload::TaskUpdated {
        before: Box::new(plain_task()),
        after: boxed(&renamed),
        changed_fields: vec!["title".into(), "priority".into()],
    };
    let read_through = UpdateItem::NotificationsRead {
        through: time("2030-04-02T12:00:00Z"),
    };
    let account = UpdateItem::AccountDeleted {
        deleted_at: time("2030-04-03T00:00:00Z"),
    };
    let notified = UpdateItem::Notification(Box::new(notification(&task)));
    [
        ("task-created", Payload::TaskCreated { task: task.clone() }),
        ("task-updated", updated),
        (
            "task-completed",
            Payload::TaskCompleted {
                task: Box::new(completed.clone()),
            },
        ),
        (
            "task-deleted",
            Payload::TaskDeleted {
                task: Box::new(deleted),
            },
        ),
        ("reminder-due", reminder_due),
        ("task-updates-task", {
            update(
                UpdateAction::Completed,
                UpdateItem::Task(Box::new(completed)),
            )
        }),
        (
            "task-updates-notification",
            update(UpdateAction::Created, notified),
        ),
        (
            "task-updates-notifications-read",
            update(UpdateAction::Updated, read_through),
        ),
        (
            "task-updates-account-deleted",
            update(UpdateAction::Deleted, account),
        ),
    ]
    .into_iter()
    .zip(1..)
    .map(|((name, payload), sequence)| (name, event(payload, sequence)))
    .collect()
}

fn event(payload: Payload, sequence: i64) -> Event {
    let is_reminder = matches!(payload, Payload::ReminderDue { .. });
    let service = AppId::NotificationService;
    let actor = Actor {
        kind: ActorKind::User,
        id: String::from("alice"),
        token_id: Some(String::from("token-7")),
    };
    Event {
        id: EventId(uuid(100 + u128::from(sequence.unsigned_abs()))),
        occurred_at: time("2030-03-28T08:15:30.123456Z"),
        user_id: alice(),
        correlation_id: CorrelationId::parse("request-1").unwrap(),
        sequence,
        source: if is_reminder {
            service
        } else {
            AppId::BackendApi
        },
        actor: if is_reminder {
            Actor::service(service)
        } else {
            actor
        },
        payload,
    }
}

/// A task that has something in every field that a pending task can have.
fn recurring_task() -> Task {
    Task {
        title: Title::parse("Stand-up \u{1f4c5}").unwrap(),
        description: Description::parse("Room \"4\"\n<https://example.org/?a=1&b=2>").unwrap(),
        priority: Priority::High,
        category: Category::parse("work").unwrap(),
        tags: Tags::parse(["team", "b\u{fc}ro"]).unwrap(),
        due: Some(Due::At {
            time: time("2030-03-30T08:00:00Z"),
            zone: "Europe/Berlin".parse().unwrap(),
        }),
        recurrence: Some(Recurrence {
            rule: "FREQ=DAILY;INTERVAL=2;COUNT=30".parse().unwrap(),
            mode: RecurrenceMode::EveryOccurrence,
            end_date: Some(date(2030, 12, 31)),
            anchor: Anchor::Timed {
                at: date(2030, 3, 28).at(9, 0, 0, 0),
                zone: "Europe/Berlin".parse().unwrap(),
            },
            index: 1,
            scheduled: date(2030, 3, 30).at(9, 0, 0, 0),
        }),
        reminders: vec![
            Reminder {
                id: ReminderId(uuid(11)),
                when: ReminderTime::BeforeDue(SignedDuration::from_mins(15)),
                fire_at: time("2030-03-30T07:45:00Z"),
                state: ReminderState::Sent,
            },
            Reminder {
                id: ReminderId(uuid(12)),
                when: ReminderTime::At(time("2030-03-30T07:59:30.5Z")),
                fire_at: time("2030-03-30T07:59:30.5Z"),
                state: ReminderState::Scheduled,
            },
        ],
        parent_task_id: Some(TaskId(uuid(1))),
        predecessor_task_id: Some(TaskId(uuid(1))),
        successor_task_id: Some(TaskId(uuid(4))),
        ..plain_task()
    }
}

/// A task of which only the title is said.
fn plain_task() -> Task {
    Task {
        id: TaskId(uuid(2)),
        user_id: alice(),
        title: Title::parse("Water the plants").unwrap(),
        description: Description::default(),
        priority: Priority::Medium,
        category: Category::default(),
        status: Status::Pending,
        tags: Tags::default(),
        due: None,
        recurrence: None,
        reminders: Vec::new(),
        parent_task_id: None,
        predecessor_task_id: None,
        successor_task_id: None,
        created_at: time("2030-03-28T08:15:30.123456Z"),
        updated_at: time("2030-03-28T08:15:30.123456Z"),
        deleted_at: None,
        version: 1,
    }
}

fn notification(task: &Task) -> Notification {
    Notification {
        id: NotificationId(uuid(105)),
        user_id: alice(),
        kind: NotificationKind::Reminder,
        task_id: task.id,
        task_title: task.title.to_string(),
        due: Some(Due::AllDay {
            date: date(2030, 3, 30),
            zone: "Asia/Tokyo".parse().unwrap(),
        }),
        reminder_id: task.reminders[0].id,
        remind_at: task.reminders[0].fire_at,
        read_at: Some(time("2030-03-30T07:46:00Z")),
        created_at: time("2030-03-30T07:45:00.01Z"),
        snoozed_until: Some(time("2030-03-30T08:30:00Z")),
        version: 2,
    }
}

fn alice() -> UserId {
    UserId::parse("alice").unwrap()
}

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(0x0198_c5a2_7b7e_7c3a_9d0e_0000_0000_0000 + number)
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}
