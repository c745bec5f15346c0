//! Why a call to the sidecar failed.

use std::time::Duration;

use tonic::{Code, Status};

/// Why a call to the sidecar failed.
#[derive(Debug, thiserror::Error)]
pub enum SidecarError {
    /// The configured address is not one.
    #[error("the sidecar's address is not valid")]
    Address(#[source] tonic::transport::Error),
    /// The configured token cannot be sent in a header.
    #[error("the sidecar's API token has characters that a header cannot carry")]
    Token,
    /// The sidecar, or the connection to it, refused.
    #[error("the sidecar answered {}", .0.code())]
    Status(#[source] Box<Status>),
    /// The sidecar did not answer in time. Whether it did what was asked is not known.
    #[error("the sidecar did not answer within {timeout:?}")]
    TimedOut {
        /// How long it was waited for.
        timeout: Duration,
    },
    /// Some entries of a bulk call were not published.
    #[error("{failed} events were not published, the first because: {first}")]
    EntriesFailed {
        /// How many.
        failed: usize,
        /// What was said of the first.
        first: String,
    },
}

impl SidecarError {
    /// Whether the fault may lie in what was sent. If not, something is away or misconfigured, and
    /// the same call may succeed later.
    pub fn may_be_the_requests_fault(&self) -> bool {
        match self {
            Self::EntriesFailed { .. } => true,
            Self::Status(status) => matches!(
                status.code(),
                Code::InvalidArgument
                    | Code::OutOfRange
                    | Code::ResourceExhausted
                    | Code::Internal
                    | Code::Unknown
                    | Code::DataLoss
            ),
            Self::Address(_) | Self::Token | Self::TimedOut { .. } => false,
        }
    }
}
