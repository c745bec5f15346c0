use domain::{Topic, Violations};

/// Why a message is not an event of its topic. None of these gets better by trying again.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It is not JSON at all.
    #[error("the message is not JSON")]
    Syntax(#[source] serde_json::Error),
    /// A member has another type than its field, or names an enum value that is not known.
    #[error("the member {path} cannot be read")]
    Unreadable {
        /// The member's path, such as `data.task.priority`; `.` for the message itself.
        path: String,
        /// What is wrong with it.
        #[source]
        problem: serde_json::Error,
    },
    /// It is an event of another topic.
    #[error("event_type is `{found}`, not `{}`", .topic.event_type())]
    WrongType {
        /// The topic on which it arrived.
        topic: Topic,
        /// The event type it has.
        found: String,
    },
    /// Its meaning is of another version.
    #[error(
        "schema_version is {found}, and {} is what is known",
        super::SCHEMA_VERSION
    )]
    UnknownSchema {
        /// The version it has; 0 if it has none.
        found: i32,
    },
    /// Fields are missing or out of their bounds. The violations name them by their paths in the
    /// message.
    #[error("the message has invalid fields")]
    Fields(#[source] Violations),
}

impl From<Violations> for DecodeError {
    fn from(violations: Violations) -> Self {
        Self::Fields(violations)
    }
}
