//! Why an event was not handled, and what that means for it.

use std::error::Error;

use store::StoreError;

use crate::{error::ApiError, work::WorkError};

/// Why an event was not handled. The variant decides what becomes of the event.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// The world is down for the moment: the event comes again, without end.
    #[error("temporarily unable to handle the event")]
    Transient(#[source] Box<dyn Error + Send + Sync>),
    /// This very event can never succeed, whoever tries and whenever: it becomes a dead letter at
    /// once. The reason is for the operator.
    #[error("the event can never succeed: {0}")]
    Permanent(String),
    /// Something that nobody foresaw, which may be the event's fault or ours: the event comes again
    /// a few times (`delivery.max_attempts`), then it becomes a dead letter.
    #[error("handling failed")]
    Unexpected(#[source] Box<dyn Error + Send + Sync>),
    /// The account is deleted: the event succeeds without effect.
    #[error("the account is deleted")]
    AccountDeleted,
}

impl HandleError {
    /// The world is down for the moment.
    pub fn transient(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Transient(source.into())
    }

    /// This very event can never succeed.
    pub fn permanent(reason: impl Into<String>) -> Self {
        Self::Permanent(reason.into())
    }

    /// Something that nobody foresaw.
    pub fn unexpected(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unexpected(source.into())
    }
}

impl From<StoreError> for HandleError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::AccountDeleted => Self::AccountDeleted,
            // Migrations that are still to come are the world being down, not a fault of the event.
            StoreError::NotMigrated | StoreError::NewerSchema { .. } => Self::transient(error),
            error if error.is_transient() => Self::transient(error),
            error => Self::unexpected(error),
        }
    }
}

impl From<WorkError> for HandleError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Store(error) => error.into(),
            WorkError::NotReady => Self::transient(error),
            WorkError::EventTooLarge { .. } => Self::unexpected(error),
        }
    }
}

impl From<ApiError> for HandleError {
    fn from(error: ApiError) -> Self {
        use crate::error::ErrorKind;
        match error.kind() {
            ErrorKind::AccountDeleted => Self::AccountDeleted,
            ErrorKind::Unavailable | ErrorKind::Conflict | ErrorKind::RateLimited => {
                Self::transient(error)
            }
            _ => Self::unexpected(error),
        }
    }
}
