//! The fast path: state keys of events that were handled before.
//!
//! The key is read first and written after the commit. It saves work and decides nothing: the
//! effect's natural unique key in the database does. A state store that is away is a miss.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::EventId;
use tokio::time::Instant;

use crate::{
    kit::Kit,
    sidecar_client::{SidecarError, StateEntry},
};

/// How long a state store that failed is not asked again, so that an event does not wait for its
/// time-out each time.
const AWAY: Duration = Duration::from_secs(5);

/// The keys of one service.
#[derive(Debug)]
pub(super) struct ProcessedKeys {
    kit: Kit,
    away_until: Mutex<Option<Instant>>,
}

impl ProcessedKeys {
    pub(super) fn new(kit: &Kit) -> Self {
        Self {
            kit: kit.clone(),
            away_until: Mutex::new(None),
        }
    }

    /// Whether the event was handled before, as far as the state store knows.
    pub(super) async fn contains(&self, event: EventId) -> bool {
        if self.is_away() {
            return false;
        }
        let config = &self.kit.config().sidecar;
        let answer = self
            .kit
            .sidecar()
            .state_exists(&config.state_store, &self.key(event), config.state_timeout)
            .await;
        self.note(answer).unwrap_or(false)
    }

    /// Those of the events that were handled before, as far as the state store knows.
    pub(super) async fn contained(
        &self,
        events: impl Iterator<Item = EventId>,
    ) -> HashSet<EventId> {
        let events: Vec<EventId> = events.collect();
        if events.is_empty() || self.is_away() {
            return HashSet::new();
        }
        let config = &self.kit.config().sidecar;
        let keys = events.iter().map(|event| self.key(*event)).collect();
        let answer = self
            .kit
            .sidecar()
            .state_existing(&config.state_store, keys, config.state_timeout)
            .await;
        let existing = self.note(answer).unwrap_or_default();
        events
            .into_iter()
            .filter(|event| existing.contains(&self.key(*event)))
            .collect()
    }

    /// Remembers events that have been handled.
    pub(super) async fn remember(&self, events: &[EventId]) {
        if events.is_empty() || self.is_away() {
            return;
        }
        let value = format!(r#"{{"processed_at":"{}"}}"#, self.kit.now());
        let lifetime = self.kit.config().delivery.processed_ttl;
        let entries = events
            .iter()
            .map(|event| StateEntry {
                key: self.key(*event),
                value: value.clone().into_bytes(),
                lifetime,
            })
            .collect();
        let config = &self.kit.config().sidecar;
        let answer = self
            .kit
            .sidecar()
            .state_save(&config.state_store, entries, config.state_timeout)
            .await;
        self.note(answer);
    }

    fn key(&self, event: EventId) -> String {
        format!("processed-{event}-{}", self.kit.app())
    }

    fn is_away(&self) -> bool {
        let away_until = *self
            .away_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        away_until.is_some_and(|until| Instant::now() < until)
    }

    fn note<T>(&self, answer: Result<T, SidecarError>) -> Option<T> {
        match answer {
            Ok(value) => Some(value),
            Err(error) => {
                metrics::counter!("errand_state_misses_total", "service" => self.kit.app().as_str()).increment(1);
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "the state store is away: a miss"
                );
                let until = Instant::now() + AWAY;
                *self
                    .away_until
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = Some(until);
                None
            }
        }
    }
}
