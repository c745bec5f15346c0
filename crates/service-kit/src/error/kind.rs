//! The closed table of what can go wrong in a call.

use http::StatusCode;
use tonic::Code;

/// Makes the enum and its table of one list, so that the table is total.
macro_rules! error_kinds {
    ($($(#[$meaning:meta])* $kind:ident: $code:ident, $reason:literal, $http:ident, $message:literal;)+) => {
        /// Why a call fails. Each kind has one gRPC code, one reason (the name in
        /// `errand.v1.ErrorReason` without its prefix) and one HTTP status.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ErrorKind {
            $($(#[$meaning])* $kind,)+
        }

        impl ErrorKind {
            /// Every kind, in the order of `errand.v1.ErrorReason`.
            pub const ALL: [Self; [$(Self::$kind),+].len()] = [$(Self::$kind),+];

            /// The status code of gRPC.
            pub fn code(self) -> Code {
                match self {
                    $(Self::$kind => Code::$code,)+
                }
            }

            /// The reason in `google.rpc.ErrorInfo`.
            pub fn reason(self) -> &'static str {
                match self {
                    $(Self::$kind => $reason,)+
                }
            }

            /// The status code of HTTP.
            pub fn http_status(self) -> StatusCode {
                match self {
                    $(Self::$kind => StatusCode::$http,)+
                }
            }

            /// What is said where nothing more precise is known, or where more would help an
            /// attacker.
            pub fn message(self) -> &'static str {
                match self {
                    $(Self::$kind => $message,)+
                }
            }
        }
    };
}

error_kinds! {
    /// A field is out of its bounds.
    InvalidField: InvalidArgument, "INVALID_FIELD", UNPROCESSABLE_ENTITY, "the request has invalid fields";
    /// The request id was used with another request.
    RequestIdReused: InvalidArgument, "REQUEST_ID_REUSED", UNPROCESSABLE_ENTITY, "the request id was used with another request";
    /// The page token is not one of ours, or belongs to another filter.
    InvalidPageToken: InvalidArgument, "INVALID_PAGE_TOKEN", UNPROCESSABLE_ENTITY, "the page token does not belong to this request";
    /// There is no token, or it is not valid.
    Unauthenticated: Unauthenticated, "UNAUTHENTICATED", UNAUTHORIZED, "a valid access token is required";
    /// The token has expired.
    TokenExpired: Unauthenticated, "TOKEN_EXPIRED", UNAUTHORIZED, "the access token has expired";
    /// The token may not do this.
    Forbidden: PermissionDenied, "FORBIDDEN", FORBIDDEN, "the access token does not allow this";
    /// There is no such thing for this user.
    NotFound: NotFound, "NOT_FOUND", NOT_FOUND, "not found";
    /// The etag is not that of the present state.
    EtagMismatch: Aborted, "ETAG_MISMATCH", CONFLICT, "the task has changed: read it again and repeat";
    /// Another change came at the same moment.
    Conflict: Aborted, "CONFLICT", CONFLICT, "another change came at the same moment: repeat";
    /// The task is completed.
    TaskCompleted: FailedPrecondition, "TASK_COMPLETED", CONFLICT, "the task is completed";
    /// The task is not completed.
    TaskPending: FailedPrecondition, "TASK_PENDING", CONFLICT, "the task is not completed";
    /// The task is in the trash.
    TaskDeleted: FailedPrecondition, "TASK_DELETED", CONFLICT, "the task is in the trash";
    /// The task is not in the trash.
    TaskNotDeleted: AlreadyExists, "TASK_NOT_DELETED", CONFLICT, "the task is not in the trash";
    /// The task does not recur.
    NotRecurring: FailedPrecondition, "NOT_RECURRING", CONFLICT, "the task does not recur";
    /// The series has no further occurrence.
    SeriesEnded: FailedPrecondition, "SERIES_ENDED", CONFLICT, "the series has no further occurrence";
    /// The task no longer has the reminder.
    ReminderGone: FailedPrecondition, "REMINDER_GONE", CONFLICT, "the task no longer has the reminder";
    /// The account is deleted.
    AccountDeleted: FailedPrecondition, "ACCOUNT_DELETED", CONFLICT, "the account is deleted";
    /// Too many requests or streams.
    RateLimited: ResourceExhausted, "RATE_LIMITED", TOO_MANY_REQUESTS, "too many requests";
    /// Something that is needed is away.
    Unavailable: Unavailable, "UNAVAILABLE", SERVICE_UNAVAILABLE, "something this needs is away for the moment";
    /// The client's deadline passed.
    DeadlineExceeded: DeadlineExceeded, "DEADLINE_EXCEEDED", GATEWAY_TIMEOUT, "the deadline passed";
    /// Our fault; the log has it under the correlation id.
    Internal: Internal, "INTERNAL", INTERNAL_SERVER_ERROR, "internal error";
    /// There is no such method here.
    Unimplemented: Unimplemented, "UNIMPLEMENTED", NOT_IMPLEMENTED, "there is no such method here";
}

impl ErrorKind {
    /// Whether coming back later may help, so that the answer says when.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable)
    }
}
