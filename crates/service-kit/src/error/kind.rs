//! The closed table of what can go wrong in a call.

use http::StatusCode;
use tonic::Code;

/// Why a call fails. Each kind has one gRPC code, one reason (the name in `errand.v1.ErrorReason` without its prefix)
/// and one HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorKind {
    /// A field is out of its bounds.
    InvalidField,
    /// The request id was used with another request.
    RequestIdReused,
    /// The page token is not one of ours, or belongs to another filter.
    InvalidPageToken,
    /// There is no token, or it is not valid.
    Unauthenticated,
    /// The token has expired.
    TokenExpired,
    /// The token may not do this.
    Forbidden,
    /// There is no such thing for this user.
    NotFound,
    /// The etag is not that of the present state.
    EtagMismatch,
    /// Another change came at the same moment.
    Conflict,
    /// The task is completed.
    TaskCompleted,
    /// The task is not completed.
    TaskPending,
    /// The task is in the trash.
    TaskDeleted,
    /// The task is not in the trash.
    TaskNotDeleted,
    /// The task does not recur.
    NotRecurring,
    /// The series has no further occurrence.
    SeriesEnded,
    /// The task no longer has the reminder.
    ReminderGone,
    /// The account is deleted.
    AccountDeleted,
    /// Too many requests or streams.
    RateLimited,
    /// Something that is needed is away.
    Unavailable,
    /// The client's deadline passed.
    DeadlineExceeded,
    /// Our fault; the log has it under the correlation id.
    Internal,
    /// There is no such method here.
    Unimplemented,
}

impl ErrorKind {
    /// Every kind, in the order of `errand.v1.ErrorReason`.
    pub const ALL: [Self; 22] = [
        Self::InvalidField,
        Self::RequestIdReused,
        Self::InvalidPageToken,
        Self::Unauthenticated,
        Self::TokenExpired,
        Self::Forbidden,
        Self::NotFound,
        Self::EtagMismatch,
        Self::Conflict,
        Self::TaskCompleted,
        Self::TaskPending,
        Self::TaskDeleted,
        Self::TaskNotDeleted,
        Self::NotRecurring,
        Self::SeriesEnded,
        Self::ReminderGone,
        Self::AccountDeleted,
        Self::RateLimited,
        Self::Unavailable,
        Self::DeadlineExceeded,
        Self::Internal,
        Self::Unimplemented,
    ];

    /// The status code of gRPC.
    pub fn code(self) -> Code {
        self.row().0
    }

    /// The reason in `google.rpc.ErrorInfo`.
    pub fn reason(self) -> &'static str {
        self.row().1
    }

    /// The status code of HTTP.
    pub fn http_status(self) -> StatusCode {
        self.row().2
    }

    /// What is said where nothing more precise is known, or where more would help an attacker.
    pub fn message(self) -> &'static str {
        self.row().3
    }

    /// Whether coming back later may help, so that the answer says when.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable)
    }

    const fn row(self) -> (Code, &'static str, StatusCode, &'static str) {
        use StatusCode as Http;
        match self {
            Self::InvalidField => (
                Code::InvalidArgument,
                "INVALID_FIELD",
                Http::UNPROCESSABLE_ENTITY,
                "the request has invalid fields",
            ),
            Self::RequestIdReused => (
                Code::InvalidArgument,
                "REQUEST_ID_REUSED",
                Http::UNPROCESSABLE_ENTITY,
                "the request id was used with another request",
            ),
            Self::InvalidPageToken => (
                Code::InvalidArgument,
                "INVALID_PAGE_TOKEN",
                Http::UNPROCESSABLE_ENTITY,
                "the page token does not belong to this request",
            ),
            Self::Unauthenticated => (
                Code::Unauthenticated,
                "UNAUTHENTICATED",
                Http::UNAUTHORIZED,
                "a valid access token is required",
            ),
            Self::TokenExpired => (
                Code::Unauthenticated,
                "TOKEN_EXPIRED",
                Http::UNAUTHORIZED,
                "the access token has expired",
            ),
            Self::Forbidden => (
                Code::PermissionDenied,
                "FORBIDDEN",
                Http::FORBIDDEN,
                "the access token does not allow this",
            ),
            Self::NotFound => (Code::NotFound, "NOT_FOUND", Http::NOT_FOUND, "not found"),
            Self::EtagMismatch => (
                Code::Aborted,
                "ETAG_MISMATCH",
                Http::CONFLICT,
                "the task has changed: read it again and repeat",
            ),
            Self::Conflict => (
                Code::Aborted,
                "CONFLICT",
                Http::CONFLICT,
                "another change came at the same moment: repeat",
            ),
            Self::TaskCompleted => (
                Code::FailedPrecondition,
                "TASK_COMPLETED",
                Http::CONFLICT,
                "the task is completed",
            ),
            Self::TaskPending => (
                Code::FailedPrecondition,
                "TASK_PENDING",
                Http::CONFLICT,
                "the task is not completed",
            ),
            Self::TaskDeleted => (
                Code::FailedPrecondition,
                "TASK_DELETED",
                Http::CONFLICT,
                "the task is in the trash",
            ),
            Self::TaskNotDeleted => (
                Code::AlreadyExists,
                "TASK_NOT_DELETED",
                Http::CONFLICT,
                "the task is not in the trash",
            ),
            Self::NotRecurring => (
                Code::FailedPrecondition,
                "NOT_RECURRING",
                Http::CONFLICT,
                "the task does not recur",
            ),
            Self::SeriesEnded => (
                Code::FailedPrecondition,
                "SERIES_ENDED",
                Http::CONFLICT,
                "the series has no further occurrence",
            ),
            Self::ReminderGone => (
                Code::FailedPrecondition,
                "REMINDER_GONE",
                Http::CONFLICT,
                "the task no longer has the reminder",
            ),
            Self::AccountDeleted => (
                Code::FailedPrecondition,
                "ACCOUNT_DELETED",
                Http::CONFLICT,
                "the account is deleted",
            ),
            Self::RateLimited => (
                Code::ResourceExhausted,
                "RATE_LIMITED",
                Http::TOO_MANY_REQUESTS,
                "too many requests",
            ),
            Self::Unavailable => (
                Code::Unavailable,
                "UNAVAILABLE",
                Http::SERVICE_UNAVAILABLE,
                "something this needs is away for the moment",
            ),
            Self::DeadlineExceeded => (
                Code::DeadlineExceeded,
                "DEADLINE_EXCEEDED",
                Http::GATEWAY_TIMEOUT,
                "the deadline passed",
            ),
            Self::Internal => (
                Code::Internal,
                "INTERNAL",
                Http::INTERNAL_SERVER_ERROR,
                "internal error",
            ),
            Self::Unimplemented => (
                Code::Unimplemented,
                "UNIMPLEMENTED",
                Http::NOT_IMPLEMENTED,
                "there is no such method here",
            ),
        }
    }
}
