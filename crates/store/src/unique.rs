use std::fmt;

/// A key that a database keeps unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UniqueKey {
    /// A task's id.
    Task,
    /// The task that a task follows: each has one successor.
    TaskPredecessor,
    /// A reminder's id.
    Reminder,
    /// A notification's id, which is that of its event.
    Notification,
    /// An audit entry's id, which is that of its event.
    AuditLog,
    /// A request id of a user and method.
    Request,
    /// A user's profile.
    Profile,
    /// An event's id in the outbox.
    OutboxEvent,
    /// Another key of the schema.
    Other,
}

/// Each key, the name of its index on PostgreSQL, and its columns as SQLite tells them.
const KEYS: [(UniqueKey, &str, &str); 8] = [
    (UniqueKey::Task, "tasks_pkey", "tasks.user_id, tasks.id"),
    (
        UniqueKey::TaskPredecessor,
        "tasks_predecessor",
        "tasks.user_id, tasks.predecessor_task_id",
    ),
    (
        UniqueKey::Reminder,
        "reminders_pkey",
        "reminders.user_id, reminders.task_id, reminders.id",
    ),
    (
        UniqueKey::Notification,
        "notifications_pkey",
        "notifications.id",
    ),
    (
        UniqueKey::AuditLog,
        "audit_logs_pkey",
        "audit_logs.event_id",
    ),
    (
        UniqueKey::Request,
        "request_ids_pkey",
        "request_ids.user_id, request_ids.method, request_ids.request_id",
    ),
    (UniqueKey::Profile, "profiles_pkey", "profiles.user_id"),
    (
        UniqueKey::OutboxEvent,
        "outbox_event_id_key",
        "outbox.event_id",
    ),
];

impl UniqueKey {
    /// The key's name, the same on both databases.
    pub fn name(self) -> &'static str {
        KEYS.iter()
            .find(|(key, _, _)| *key == self)
            .map_or("another key", |(_, name, _)| name)
    }

    /// The key by the name of its index on PostgreSQL.
    pub(crate) fn from_index(name: &str) -> Self {
        KEYS.iter()
            .find(|(_, index, _)| *index == name)
            .map_or(Self::Other, |(key, _, _)| *key)
    }

    /// The key by SQLite's message, which names the columns.
    pub(crate) fn from_message(message: &str) -> Self {
        let columns = message.rsplit(": ").next().unwrap_or(message);
        KEYS.iter()
            .find(|(_, _, known)| *known == columns)
            .map_or(Self::Other, |(key, _, _)| *key)
    }
}

impl fmt::Display for UniqueKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
