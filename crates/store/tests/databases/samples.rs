//! Values for tests: small, distinct and always the same.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::recurrence::{Anchor, RecurrenceMode};
use domain::{
    AppId, Category, CorrelationId, Description, Due, EventId, Priority, Recurrence, Reminder,
    ReminderId, ReminderState, ReminderTime, Status, Tags, Task, TaskId, Title, Topic, UserId,
};
use jiff::{SignedDuration, Timestamp};
use store::OutboxEntry;
use uuid::Uuid;

/// Ids that grow, as UUIDv7 do.
pub fn id() -> Uuid {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Uuid::from_u64_pair(0x0198_c5a2_7b7e_7000, 0x8000_0000_0000_0000 | count)
}

pub fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The moment at which most tests happen.
pub fn now() -> Timestamp {
    time("2026-11-21T14:30:00.123456Z")
}

pub fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

/// A plain pending task.
pub fn task(owner: &UserId, title: &str) -> Task {
    Task {
        id: TaskId(id()),
        user_id: owner.clone(),
        title: Title::parse(title).unwrap(),
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
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
        version: 1,
    }
}

/// A task of which every field says something.
pub fn full_task(owner: &UserId) -> Task {
    let zone: domain::recurrence::TimeZoneName = "Europe/Berlin".parse().unwrap();
    Task {
        description: Description::parse("Ärger\r\n\t\"quotes\" and \\ 😀").unwrap(),
        priority: Priority::High,
        category: Category::parse("work").unwrap(),
        status: Status::Completed { at: later(5) },
        tags: Tags::parse(["zebra", "apple", "ß\"',{}"]).unwrap(),
        due: Some(Due::At {
            time: time("2026-11-23T08:00:00Z"),
            zone: zone.clone(),
        }),
        recurrence: Some(Recurrence {
            rule: "FREQ=WEEKLY;BYDAY=MO,TH".parse().unwrap(),
            mode: RecurrenceMode::EveryOccurrence,
            end_date: Some("2030-02-28".parse().unwrap()),
            anchor: Anchor::Timed {
                at: "2026-11-19T09:00:00".parse().unwrap(),
                zone,
            },
            index: 1,
            scheduled: "2026-11-23T09:00:00".parse().unwrap(),
        }),
        reminders: vec![
            reminder(
                ReminderTime::BeforeDue(SignedDuration::from_hours(1)),
                "2026-11-23T07:00:00Z",
            ),
            reminder(
                ReminderTime::At(time("2026-11-22T20:15:30.000001Z")),
                "2026-11-22T20:15:30.000001Z",
            ),
        ],
        parent_task_id: Some(TaskId(id())),
        predecessor_task_id: Some(TaskId(id())),
        successor_task_id: Some(TaskId(id())),
        updated_at: later(5),
        deleted_at: Some(later(6)),
        version: 7,
        ..task(owner, "Déjà vu: buy 100% milk_1")
    }
}

/// A task with one reminder at each of these moments.
pub fn reminding_task(owner: &UserId, title: &str, moments: &[Timestamp]) -> Task {
    let reminders = moments
        .iter()
        .map(|moment| reminder(ReminderTime::At(*moment), &moment.to_string()))
        .collect();
    Task {
        reminders,
        ..task(owner, title)
    }
}

pub fn reminder(when: ReminderTime, fire_at: &str) -> Reminder {
    Reminder {
        id: ReminderId(id()),
        when,
        fire_at: time(fire_at),
        state: ReminderState::Scheduled,
    }
}

pub fn correlation() -> CorrelationId {
    CorrelationId::parse("request-1").unwrap()
}

/// An event of backend-api.
pub fn entry(owner: &UserId, topic: Topic) -> OutboxEntry {
    OutboxEntry {
        event_id: EventId(id()),
        topic,
        user_id: owner.clone(),
        occurred_at: now(),
        correlation_id: correlation(),
        source: AppId::BackendApi,
        actor_json: format!(r#"{{"kind":"user","id":"{owner}"}}"#),
        traceparent: None,
        data: r#"{"task":{"title":"Ä \" 😀"}}"#.to_owned(),
    }
}
