//! Why a caller is not let in.

use crate::error::{ApiError, ErrorKind};

/// Why a caller is not let in. It never says which of a token's faults it was: whoever holds a good
/// token does not need to know, and whoever forges one shall not.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// There is no `authorization` header.
    #[error("authorization header required")]
    Missing,
    /// The header is not `Bearer <token>`.
    #[error("invalid authorization header format")]
    Malformed,
    /// The token is not one of a configured issuer, for this audience, of this time.
    #[error("invalid token")]
    Invalid,
    /// The token was good once.
    #[error("token has expired")]
    Expired,
    /// The issuer's keys cannot be had, so that nothing can be said of the token.
    #[error("the keys to check the token with are away for the moment")]
    KeysAway(#[source] Option<Box<dyn std::error::Error + Send + Sync>>),
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        let message = rejection.to_string();
        let error = match rejection {
            Rejection::Missing | Rejection::Malformed | Rejection::Invalid => {
                Self::new(ErrorKind::Unauthenticated)
            }
            Rejection::Expired => Self::new(ErrorKind::TokenExpired),
            Rejection::KeysAway(Some(source)) => Self::unavailable(source),
            Rejection::KeysAway(None) => Self::new(ErrorKind::Unavailable),
        };
        error.with_message(message)
    }
}
