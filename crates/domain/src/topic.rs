use std::fmt;
use std::str::FromStr;

/// A topic on which Errand publishes. Each carries one kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// `task-created`
    TaskCreated,
    /// `task-updated`
    TaskUpdated,
    /// `task-completed`
    TaskCompleted,
    /// `task-deleted`
    TaskDeleted,
    /// `reminder-due`
    ReminderDue,
    /// `task-updates`: what open screens need, of everything above and of notifications.
    TaskUpdates,
}

/// A text that is no topic of Errand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a topic")]
pub struct UnknownTopic;

impl Topic {
    /// All topics.
    pub const ALL: [Self; 6] = [
        Self::TaskCreated,
        Self::TaskUpdated,
        Self::TaskCompleted,
        Self::TaskDeleted,
        Self::ReminderDue,
        Self::TaskUpdates,
    ];

    /// The topic's name: `task-created`.
    pub fn name(self) -> &'static str {
        match self {
            Self::TaskCreated => "task-created",
            Self::TaskUpdated => "task-updated",
            Self::TaskCompleted => "task-completed",
            Self::TaskDeleted => "task-deleted",
            Self::ReminderDue => "reminder-due",
            Self::TaskUpdates => "task-updates",
        }
    }

    /// The type of its events: `task.created`.
    pub fn event_type(self) -> &'static str {
        match self {
            Self::TaskCreated => "task.created",
            Self::TaskUpdated => "task.updated",
            Self::TaskCompleted => "task.completed",
            Self::TaskDeleted => "task.deleted",
            Self::ReminderDue => "reminder.due",
            Self::TaskUpdates => "task.updates",
        }
    }

    /// The topic of an event type; `None` for a text that is none.
    pub fn from_event_type(event_type: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|topic| topic.event_type() == event_type)
    }

    /// Whether its events are kept in the audit trail. They are numbered apart from the others.
    pub fn is_audited(self) -> bool {
        self != Self::TaskUpdates
    }
}

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|topic| topic.name() == text)
            .ok_or(UnknownTopic)
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_types_lead_back_to_the_topic() {
        for topic in Topic::ALL {
            assert_eq!(topic.name().parse(), Ok(topic));
            assert_eq!(Topic::from_event_type(topic.event_type()), Some(topic));
        }
        assert_eq!("task.created".parse::<Topic>(), Err(UnknownTopic));
        assert_eq!(Topic::from_event_type("task-created"), None);
        let audited = Topic::ALL
            .into_iter()
            .filter(|topic| topic.is_audited())
            .count();
        assert_eq!(audited, 5);
    }
}
