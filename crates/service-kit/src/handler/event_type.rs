//! The types of events as types, so that a subscription says what its handler gets.

use domain::{Payload, ReminderId, Task, Topic, Update};
use jiff::Timestamp;

/// A type of event: its topic and what it carries.
pub trait EventType: Send + Sync + 'static {
    /// The topic it is published on.
    const TOPIC: Topic;

    /// What it carries.
    type Data<'a>: Send;

    /// What the payload carries; None for a payload of another topic.
    fn data(payload: &Payload) -> Option<Self::Data<'_>>;
}

/// A task was created.
#[derive(Debug, Clone, Copy)]
pub struct TaskCreated;

/// A task changed.
#[derive(Debug, Clone, Copy)]
pub struct TaskUpdated;

/// A task was completed.
#[derive(Debug, Clone, Copy)]
pub struct TaskCompleted;

/// A task went to the trash.
#[derive(Debug, Clone, Copy)]
pub struct TaskDeleted;

/// A reminder went off.
#[derive(Debug, Clone, Copy)]
pub struct ReminderDue;

/// Something on the user's screens changed.
#[derive(Debug, Clone, Copy)]
pub struct TaskUpdates;

/// What [`TaskUpdated`] carries.
#[derive(Debug, Clone, Copy)]
pub struct TaskUpdatedData<'a> {
    /// The task as it was.
    pub before: &'a Task,
    /// The task as it is.
    pub after: &'a Task,
    /// The names of the fields that differ.
    pub changed_fields: &'a [String],
}

/// What [`ReminderDue`] carries.
#[derive(Debug, Clone, Copy)]
pub struct ReminderDueData<'a> {
    /// The reminder that went off.
    pub reminder_id: ReminderId,
    /// The moment for which it was set.
    pub remind_at: Timestamp,
    /// The task it belongs to.
    pub task: &'a Task,
}

macro_rules! carries_a_task {
    ($($name:ident),*) => {$(
        impl EventType for $name {
            const TOPIC: Topic = Topic::$name;
            type Data<'a> = &'a Task;

            fn data(payload: &Payload) -> Option<Self::Data<'_>> {
                match payload {
                    Payload::$name { task } => Some(task),
                    _ => None,
                }
            }
        }
    )*};
}

carries_a_task!(TaskCreated, TaskCompleted, TaskDeleted);

impl EventType for TaskUpdated {
    const TOPIC: Topic = Topic::TaskUpdated;
    type Data<'a> = TaskUpdatedData<'a>;

    fn data(payload: &Payload) -> Option<Self::Data<'_>> {
        match payload {
            Payload::TaskUpdated {
                before,
                after,
                changed_fields,
            } => Some(TaskUpdatedData {
                before,
                after,
                changed_fields,
            }),
            _ => None,
        }
    }
}

impl EventType for ReminderDue {
    const TOPIC: Topic = Topic::ReminderDue;
    type Data<'a> = ReminderDueData<'a>;

    fn data(payload: &Payload) -> Option<Self::Data<'_>> {
        match payload {
            Payload::ReminderDue {
                reminder_id,
                remind_at,
                task,
            } => Some(ReminderDueData {
                reminder_id: *reminder_id,
                remind_at: *remind_at,
                task,
            }),
            _ => None,
        }
    }
}

impl EventType for TaskUpdates {
    const TOPIC: Topic = Topic::TaskUpdates;
    type Data<'a> = &'a Update;

    fn data(payload: &Payload) -> Option<Self::Data<'_>> {
        match payload {
            Payload::Updates(update) => Some(update),
            _ => None,
        }
    }
}
