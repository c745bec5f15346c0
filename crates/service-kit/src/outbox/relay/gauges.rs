//! What the relay tells Prometheus.

use std::{error::Error, time::Duration};

use domain::{AppId, Topic};
use jiff::Timestamp;
use store::Store;
use tokio::time::Instant;

use crate::outbox::database::in_time;

/// The time between measurements of the whole outbox.
const INTERVAL: Duration = Duration::from_secs(10);

/// Counts what leaves and measures what waits.
#[derive(Debug)]
pub(super) struct Gauges {
    app: AppId,
    due_at: Instant,
}

impl Gauges {
    pub(super) fn new(app: AppId) -> Self {
        Self {
            app,
            due_at: Instant::now(),
        }
    }

    pub(super) fn due_at(&self) -> Instant {
        self.due_at
    }

    pub(super) fn published(&self, topic: Topic, events: usize) {
        let labels = [("service", self.app.as_str()), ("topic", topic.name())];
        metrics::counter!("errand_outbox_published_total", &labels).increment(events as u64);
    }

    pub(super) fn failed(&self, topic: Topic, why: &'static str) {
        let labels = [
            ("service", self.app.as_str()),
            ("topic", topic.name()),
            ("why", why),
        ];
        metrics::counter!("errand_outbox_failures_total", &labels).increment(1);
    }

    pub(super) fn parked(&self, topic: Topic) {
        let labels = [("service", self.app.as_str()), ("topic", topic.name())];
        metrics::counter!("errand_outbox_parkings_total", &labels).increment(1);
    }

    /// Measures depth and age, and says how many events wait.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a gauge need not be exact beyond 2^53"
    )]
    pub(super) async fn measure(&mut self, store: &Store, now: Timestamp) -> i64 {
        self.due_at = Instant::now() + INTERVAL;
        let measured = in_time(async { store.read().await?.outbox_depth(self.app).await });
        let depth = match measured.await {
            Ok(depth) => depth,
            Err(error) => {
                tracing::debug!(
                    error = &error as &dyn Error,
                    "the outbox could not be measured"
                );
                return 0;
            }
        };
        let labels = [("service", self.app.as_str())];
        metrics::gauge!("errand_outbox_waiting", &labels).set(depth.waiting as f64);
        metrics::gauge!("errand_outbox_parked", &labels).set(depth.parked as f64);
        let age = depth
            .oldest_at
            .map_or(0.0, |time| now.duration_since(time).as_secs_f64().max(0.0));
        metrics::gauge!("errand_outbox_oldest_age_seconds", &labels).set(age);
        depth.waiting
    }
}
