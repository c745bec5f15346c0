use crate::Violations;
use crate::recurrence::EndReason;

/// Why a task cannot change as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// A field is out of its bounds.
    #[error("invalid fields")]
    Violations(#[source] Violations),
    /// It is completed.
    #[error("the task is completed")]
    Completed,
    /// It is not completed.
    #[error("the task is not completed")]
    Pending,
    /// It is in the trash.
    #[error("the task is in the trash")]
    Deleted,
    /// It is not in the trash.
    #[error("the task is not in the trash")]
    NotDeleted,
    /// It does not recur.
    #[error("the task does not recur")]
    NotRecurring,
    /// Its series has no further occurrence.
    #[error("the series has no further occurrence")]
    SeriesEnded(EndReason),
    /// It no longer has the reminder.
    #[error("the task does not have the reminder")]
    ReminderGone,
    /// The sender has seen another state.
    #[error("the task has changed meanwhile")]
    EtagMismatch,
}

impl From<Violations> for TaskError {
    fn from(violations: Violations) -> Self {
        Self::Violations(violations)
    }
}
