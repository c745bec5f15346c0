use jiff::Timestamp;

use crate::{
    Due, EventId, NotificationId, Payload, ReminderId, Task, TaskId, Update, UpdateAction,
    UpdateItem, UserId,
};

/// Something the user has been told. Structure, not text: it is worded for its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The UUID of the event that caused it, so that one event makes one notification.
    pub id: NotificationId,
    /// Who was told.
    pub user_id: UserId,
    /// What it tells.
    pub kind: NotificationKind,
    /// The task it is about.
    pub task_id: TaskId,
    /// The title the task had.
    pub task_title: String,
    /// The due the task had.
    pub due: Option<Due>,
    /// The reminder that went off.
    pub reminder_id: ReminderId,
    /// The moment for which the reminder was set.
    pub remind_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// When it was stored.
    pub created_at: Timestamp,
    /// Until when its reminder was put off.
    pub snoozed_until: Option<Timestamp>,
    /// Counts its changes from 1.
    pub version: i64,
}

/// What a notification tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotificationKind {
    /// A reminder went off.
    Reminder,
}

impl Notification {
    /// What the user is told when the reminder of a `reminder-due` event went off.
    pub fn of_reminder(
        event: EventId,
        reminder: ReminderId,
        remind_at: Timestamp,
        task: &Task,
        now: Timestamp,
    ) -> Self {
        Self {
            id: NotificationId::from(event),
            user_id: task.user_id.clone(),
            kind: NotificationKind::Reminder,
            task_id: task.id,
            task_title: String::from(task.title.as_str()),
            due: task.due.clone(),
            reminder_id: reminder,
            remind_at,
            read_at: None,
            created_at: now,
            snoozed_until: None,
            version: 1,
        }
    }

    /// Marks it as read; `None` if it is already.
    pub fn mark_read(self, now: Timestamp) -> Option<Self> {
        if self.read_at.is_some() {
            return None;
        }
        Some(Self {
            read_at: Some(now),
            version: self.version + 1,
            ..self
        })
    }

    /// Notes that its reminder was put off; that counts as reading it.
    #[must_use]
    pub fn snooze(self, until: Timestamp, now: Timestamp) -> Self {
        Self {
            read_at: self.read_at.or(Some(now)),
            snoozed_until: Some(until),
            version: self.version + 1,
            ..self
        }
    }

    /// What open screens are told of it.
    pub fn update(self, action: UpdateAction) -> Payload {
        Payload::Updates(Update {
            action,
            item: UpdateItem::Notification(Box::new(self)),
        })
    }
}

impl NotificationKind {
    /// The kind's name in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
        }
    }

    /// The kind of a name; `None` for a text that is none.
    pub fn from_name(name: &str) -> Option<Self> {
        (name == Self::Reminder.as_str()).then_some(Self::Reminder)
    }
}
