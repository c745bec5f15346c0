//! The error that use cases return, and how it looks on the wire.

use std::{borrow::Cow, collections::HashMap, error::Error, sync::Arc, time::Duration};

use domain::{CorrelationId, FieldViolation, TaskError, Violations};
use store::{Outage, StoreError};
use tonic::Status;
use tonic_types::{ErrorDetails, StatusExt as _};

use super::ErrorKind;
use crate::work::WorkError;

/// The domain of every `google.rpc.ErrorInfo` that Errand sends.
pub const DOMAIN: &str = "errand.v1";

/// When to come back where nothing better is known.
const DEFAULT_RETRY: Duration = Duration::from_secs(1);

/// How many violations are told, and those beyond it as a number. A status is a header, which proxies
/// and clients take up to 16 KiB for all headers together.
const MOST_VIOLATIONS: usize = 20;

/// The longest path of a field in a status, in bytes: what it quotes is the caller's.
const LONGEST_FIELD: usize = 100;

/// The longest text in a status, in bytes.
const LONGEST_TEXT: usize = 256;

type Source = Arc<dyn Error + Send + Sync>;

/// Why a use case failed: a kind out of the closed table, and what the caller may know of it.
///
/// The source is for the log alone and never leaves the process.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    kind: ErrorKind,
    message: Cow<'static, str>,
    violations: Vec<FieldViolation>,
    retry_after: Option<Duration>,
    #[source]
    source: Option<Source>,
}

impl ApiError {
    /// An error with the usual message of its kind.
    pub fn new(kind: ErrorKind) -> Self {
        Self {
            kind,
            message: Cow::Borrowed(kind.message()),
            violations: Vec::new(),
            retry_after: kind.is_retryable().then_some(DEFAULT_RETRY),
            source: None,
        }
    }

    /// There is no such thing for this user.
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorKind::NotFound).with_message(format!("{what} not found"))
    }

    /// One field is out of its bounds. `field` is the path in the request, such as `task.title`.
    pub fn invalid_field(field: impl Into<String>, description: impl Into<String>) -> Self {
        let violation = FieldViolation {
            field: field.into(),
            description: description.into(),
        };
        Self {
            violations: vec![violation],
            ..Self::new(ErrorKind::InvalidField)
        }
    }

    /// Our own fault. The caller learns nothing but the correlation id; the log gets the whole
    /// chain.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Internal).with_source(source)
    }

    /// Something that is needed is away.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Unavailable).with_source(source)
    }

    /// Says more than the kind's own message. Whatever it says, the caller may read it.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// Names the field of the request that is at fault, for the reason that the message tells.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.violations.push(FieldViolation {
            field: field.into(),
            description: self.message.clone().into_owned(),
        });
        self
    }

    /// Says when coming back may help.
    #[must_use]
    pub fn with_retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// What went wrong, out of the closed table.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What the caller may read.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The fields that are out of their bounds.
    pub fn violations(&self) -> &[FieldViolation] {
        &self.violations
    }

    /// When coming back may help.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The error as a gRPC status with its details. `correlation_id` names the log lines that
    /// belong to it.
    pub fn to_status(&self, correlation_id: Option<&CorrelationId>) -> Status {
        let metadata = match correlation_id {
            Some(id) => HashMap::from([("correlation_id".to_owned(), id.to_string())]),
            None => HashMap::new(),
        };
        let mut details = ErrorDetails::with_error_info(self.kind.reason(), DOMAIN, metadata);
        for FieldViolation { field, description } in &self.violations {
            let (field, description) = (
                shortened(field, LONGEST_FIELD),
                shortened(description, LONGEST_TEXT),
            );
            details.add_bad_request_violation(field, description);
        }
        if self.retry_after.is_some() {
            details.set_retry_info(self.retry_after);
        }
        let message = shortened(&self.message, LONGEST_TEXT);
        let mut status = Status::with_error_details(self.kind.code(), message, details);
        // Whoever writes the answer finds the whole error here, to log what the caller does not
        // see.
        status.set_source(Arc::new(self.clone()));
        status
    }
}

impl ApiError {
    /// The store's error that this one comes from.
    pub fn store_error(&self) -> Option<&StoreError> {
        self.source.as_deref()?.downcast_ref()
    }

    /// Whether a transaction lost against another one, so that the same request may succeed if it
    /// is tried again.
    pub fn is_contention(&self) -> bool {
        let lost = [Outage::Deadlock, Outage::Serialization];
        matches!(self.store_error(), Some(StoreError::Unavailable { outage, .. }) if lost.contains(outage))
    }
}

impl From<ErrorKind> for ApiError {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl From<ApiError> for Status {
    fn from(error: ApiError) -> Self {
        error.to_status(None)
    }
}

impl From<Violations> for ApiError {
    fn from(violations: Violations) -> Self {
        Self {
            violations: violations.limited(MOST_VIOLATIONS).into_vec(),
            ..Self::new(ErrorKind::InvalidField)
        }
    }
}

impl From<TaskError> for ApiError {
    fn from(error: TaskError) -> Self {
        let kind = match error {
            TaskError::Violations(violations) => return violations.into(),
            TaskError::Completed => ErrorKind::TaskCompleted,
            TaskError::Pending => ErrorKind::TaskPending,
            TaskError::Deleted => ErrorKind::TaskDeleted,
            TaskError::NotDeleted => ErrorKind::TaskNotDeleted,
            TaskError::NotRecurring => ErrorKind::NotRecurring,
            TaskError::SeriesEnded(_) => ErrorKind::SeriesEnded,
            TaskError::ReminderGone => ErrorKind::ReminderGone,
            TaskError::EtagMismatch => ErrorKind::EtagMismatch,
        };
        Self::new(kind)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::Unavailable { .. }
            | StoreError::NewerSchema { .. }
            | StoreError::NotMigrated => ErrorKind::Unavailable,
            StoreError::Conflict(_) => ErrorKind::Conflict,
            StoreError::AccountDeleted => ErrorKind::AccountDeleted,
            _ => ErrorKind::Internal,
        };
        Self::new(kind).with_source(error)
    }
}

impl From<WorkError> for ApiError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Store(error) => error.into(),
            WorkError::NotReady => Self::unavailable(error),
            WorkError::EventTooLarge { .. } => Self::internal(error),
        }
    }
}

impl From<FieldViolation> for ApiError {
    fn from(violation: FieldViolation) -> Self {
        Self {
            violations: vec![violation],
            ..Self::new(ErrorKind::InvalidField)
        }
    }
}

/// The text, with an ellipsis for what is beyond so many bytes.
fn shortened(text: &str, bytes: usize) -> String {
    const ELLIPSIS: char = '…';
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(bytes - ELLIPSIS.len_utf8());
    let mut shortened = text[..end].to_owned();
    shortened.push(ELLIPSIS);
    shortened
}
