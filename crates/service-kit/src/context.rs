//! For whom, by whom and on account of what something is done.

use domain::{Actor, AppId, CorrelationId, Event, UserId};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::error::ApiError;

/// For whom, by whom and on account of what something is done. Made by the server from a verified
/// token, or by the delivery of an event; never from a field of a message.
#[derive(Debug, Clone)]
pub struct Context {
    /// The tenant: the `sub` of the verified token, or the owner of the event.
    pub user: UserId,
    /// Who acts.
    pub actor: Actor,
    /// Ties a request to everything that follows from it.
    pub correlation_id: CorrelationId,
    /// The W3C trace context that goes into the outbox row.
    pub traceparent: Option<String>,
    /// When the caller stops waiting.
    pub deadline: Option<Instant>,
    /// When the token that was used expires. A stream ends then.
    pub token_expires_at: Option<Timestamp>,
}

impl Context {
    /// The context of a request, as the server made it.
    ///
    /// Fails only if the method was mounted without authentication, which is a fault of ours.
    pub fn of<T>(request: &tonic::Request<T>) -> Result<Self, ApiError> {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .ok_or_else(|| ApiError::internal(NoContext))
    }

    /// The context in which a service handles an event.
    pub fn of_event(app: AppId, event: &Event, traceparent: Option<String>) -> Self {
        Self {
            user: event.user_id.clone(),
            actor: Actor::service(app),
            correlation_id: event.correlation_id.clone(),
            traceparent,
            deadline: None,
            token_expires_at: None,
        }
    }

    /// The context in which a service acts for a user by itself.
    pub fn of_service(app: AppId, user: UserId, correlation_id: CorrelationId) -> Self {
        Self {
            user,
            actor: Actor::service(app),
            correlation_id,
            traceparent: crate::telemetry::current_traceparent(),
            deadline: None,
            token_expires_at: None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the method is served without authentication")]
struct NoContext;
