//! Values for tests: small and always the same.

use domain::{
    Actor, AppId, Category, CorrelationId, Description, Event, EventId, Payload, Priority, Status,
    Tags, Task, TaskId, Title, Topic, Update, UpdateAction, UpdateItem, UserId,
};
use jiff::Timestamp;
use uuid::Uuid;

pub fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

pub fn now() -> Timestamp {
    "2026-11-21T14:30:00.123456Z".parse().unwrap()
}

pub fn task(owner: &str, title: &str) -> Task {
    Task {
        id: TaskId(Uuid::from_u128(7)),
        user_id: user(owner),
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

/// What is published on a topic that carries one task.
pub fn payload(topic: Topic, task: Task) -> Payload {
    let task = Box::new(task);
    match topic {
        Topic::TaskCreated => Payload::TaskCreated { task },
        Topic::TaskCompleted => Payload::TaskCompleted {
            task: Box::new(Task {
                status: Status::Completed { at: now() },
                ..*task
            }),
        },
        Topic::TaskUpdates => Payload::Updates(Update {
            action: UpdateAction::Created,
            item: UpdateItem::Task(task),
        }),
        other => panic!("no sample of {other}"),
    }
}

pub fn event(number: u128, owner: &str, topic: Topic) -> Event {
    Event {
        id: event_id(number),
        occurred_at: now(),
        user_id: user(owner),
        correlation_id: CorrelationId::parse("c-1").unwrap(),
        sequence: i64::try_from(number).unwrap(),
        source: AppId::BackendApi,
        actor: Actor::user(&user(owner), None),
        payload: payload(topic, task(owner, "buy milk")),
    }
}

pub fn event_id(number: u128) -> EventId {
    EventId(Uuid::from_u128(
        0x0198_c5a2_7b7e_7000_8000_0000_0000_0000 | number,
    ))
}
