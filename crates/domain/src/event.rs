use jiff::Timestamp;

use crate::{AppId, CorrelationId, EventId, Notification, ReminderId, Task, Topic, UserId};

/// One thing that happened, with its place in the order of all that happened to its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Names the event, however often it is delivered.
    pub id: EventId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Whose it is.
    pub user_id: UserId,
    /// Ties it to the request that caused it.
    pub correlation_id: CorrelationId,
    /// From 1 and without a gap for the user: in `task-updates` alone, or over all other topics.
    pub sequence: i64,
    /// The service in which it happened.
    pub source: AppId,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub payload: Payload,
}

/// An event before its commit: the store draws its sequence there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDraft {
    /// Names the event, however often it is delivered.
    pub id: EventId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Whose it is.
    pub user_id: UserId,
    /// Ties it to the request that caused it.
    pub correlation_id: CorrelationId,
    /// The service in which it happened.
    pub source: AppId,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub payload: Payload,
}

/// Who caused an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    /// Its kind.
    pub kind: ActorKind,
    /// The user's id, or the app-id of a service that acted by itself.
    pub id: String,
    /// The id of the access token that was used, if it has one.
    pub token_id: Option<String>,
}

/// The kind of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A user.
    User,
    /// A service by itself.
    Service,
}

/// What happened. Each variant has its topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// A task was made.
    TaskCreated {
        /// The new task.
        task: Box<Task>,
    },
    /// A task changed, was reopened, moved to its next occurrence or came back from the trash.
    TaskUpdated {
        /// The task as it was.
        before: Box<Task>,
        /// The task as it is.
        after: Box<Task>,
        /// The names of the fields that differ: see [`crate::Change::changed_fields`].
        changed_fields: Vec<String>,
    },
    /// A task was done.
    TaskCompleted {
        /// The completed task.
        task: Box<Task>,
    },
    /// A task went to the trash, or an untouched occurrence was taken back.
    TaskDeleted {
        /// The task in the trash.
        task: Box<Task>,
    },
    /// A reminder went off.
    ReminderDue {
        /// The reminder.
        reminder_id: ReminderId,
        /// The moment for which it was set.
        remind_at: Timestamp,
        /// Its task.
        task: Box<Task>,
    },
    /// Something on the user's screens changed.
    Updates(Update),
}

/// What changed on a user's screens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// What became of it.
    pub action: UpdateAction,
    /// What it became of.
    pub item: UpdateItem,
}

/// What became of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UpdateAction {
    /// It is new.
    Created,
    /// It changed.
    Updated,
    /// It was done.
    Completed,
    /// It went to the trash, or is gone.
    Deleted,
}

/// A thing on a user's screens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateItem {
    /// A task, as it is now.
    Task(Box<Task>),
    /// A notification, as it is now.
    Notification(Box<Notification>),
    /// Many notifications, now read.
    NotificationsRead {
        /// All those stored up to this moment.
        through: Timestamp,
    },
    /// The whole account.
    AccountDeleted {
        /// When it was deleted.
        deleted_at: Timestamp,
    },
}

impl EventDraft {
    /// The event in its place.
    pub fn sequenced(self, sequence: i64) -> Event {
        Event {
            id: self.id,
            occurred_at: self.occurred_at,
            user_id: self.user_id,
            correlation_id: self.correlation_id,
            sequence,
            source: self.source,
            actor: self.actor,
            payload: self.payload,
        }
    }
}

impl Actor {
    /// A user, with the id of the access token that was used.
    pub fn user(user: &UserId, token_id: Option<String>) -> Self {
        Self {
            kind: ActorKind::User,
            id: String::from(user.as_str()),
            token_id,
        }
    }

    /// A service that acts by itself.
    pub fn service(app: AppId) -> Self {
        Self {
            kind: ActorKind::Service,
            id: String::from(app.as_str()),
            token_id: None,
        }
    }
}

impl ActorKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::User, Self::Service];

    /// The kind's name in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Service => "service",
        }
    }

    /// The kind of a name; `None` for a text that is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl Payload {
    /// The topic on which it is published.
    pub fn topic(&self) -> Topic {
        match self {
            Self::TaskCreated { .. } => Topic::TaskCreated,
            Self::TaskUpdated { .. } => Topic::TaskUpdated,
            Self::TaskCompleted { .. } => Topic::TaskCompleted,
            Self::TaskDeleted { .. } => Topic::TaskDeleted,
            Self::ReminderDue { .. } => Topic::ReminderDue,
            Self::Updates(_) => Topic::TaskUpdates,
        }
    }

    /// The task as it is after the event; `None` where it is not about one task.
    pub fn task(&self) -> Option<&Task> {
        match self {
            Self::TaskCreated { task }
            | Self::TaskUpdated { after: task, .. }
            | Self::TaskCompleted { task }
            | Self::TaskDeleted { task }
            | Self::ReminderDue { task, .. }
            | Self::Updates(Update {
                item: UpdateItem::Task(task),
                ..
            }) => Some(task),
            Self::Updates(_) => None,
        }
    }
}
