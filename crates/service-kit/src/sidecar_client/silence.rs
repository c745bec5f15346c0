//! How long the sidecar has answered nothing.

use std::{
    error::Error as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use tonic::Status;

/// Since when the sidecar has answered nothing. What it refuses it has answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Silence(Arc<Mutex<Option<Instant>>>);

impl Silence {
    /// How long it has lasted; zero if the last call was answered.
    pub(super) fn length(&self) -> Duration {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// A call was answered.
    pub(super) fn ends(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A call that was made then got no answer.
    pub(super) fn goes_on(&self, asked_at: Instant) {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.get_or_insert(asked_at);
    }
}

/// Whether a status came over the wire. One that the channel made up for a connection that broke, or
/// for a time that ran out, has that as its source.
pub(super) fn is_answer(status: &Status) -> bool {
    status.source().is_none()
}
