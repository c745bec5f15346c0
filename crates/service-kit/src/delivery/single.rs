//! Events that come one at a time.

use std::{error::Error, time::Duration};

use domain::{Event, Topic};
use store::DeadLetter;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::{Consumer, Message, Verdict, dead_letters::reason};
use crate::{
    handler::{Delivery, HandleError, Received},
    service::{Consume, HandleAny},
    telemetry::adopt_traceparent,
};

/// Why a dead letter could not be replayed. It stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The service has no handler for the topic it came from.
    #[error("{consumer} does not handle events of {topic}")]
    NoHandler {
        /// The service.
        consumer: domain::AppId,
        /// The topic.
        topic: String,
    },
    /// Live streams cannot be replayed to: who is connected now was not then.
    #[error("events of {topic} go to live streams, which cannot be replayed to")]
    Live {
        /// The topic.
        topic: String,
    },
    /// It still cannot be decoded.
    #[error("the event cannot be decoded")]
    Undecodable(#[from] proto::event::DecodeError),
    /// The handler failed again.
    #[error(transparent)]
    Failed(#[from] HandleError),
}

impl Consumer {
    /// Handles one event of a topic.
    pub(crate) async fn deliver(
        &self,
        topic: Topic,
        handler: &dyn HandleAny,
        message: &Message,
    ) -> Verdict {
        if message.is_canary() {
            return Verdict::Success;
        }
        let started = Instant::now();
        let event = match proto::event::decode(topic, &message.data) {
            Ok(event) => event,
            Err(error) => return self.give_up_undecodable(topic, message, &error).await,
        };
        let span = self.event_span(&event, message);
        let delivering = async {
            let verdict = self.deliver_decoded(handler, &event, message).await;
            tracing::debug!(outcome = verdict.label(), "delivered");
            verdict
        };
        let verdict = delivering.instrument(span).await;
        self.count_event(topic, verdict, started);
        verdict
    }

    /// Hands a dead letter to its handler once more. What was handled before is not handled again;
    /// after success the caller deletes it.
    pub async fn replay(&self, letter: &DeadLetter) -> Result<(), ReplayError> {
        let topic = letter.topic.clone();
        let route = self.route(&letter.topic);
        let route = route.ok_or_else(|| ReplayError::NoHandler {
            consumer: self.kit.app(),
            topic: topic.clone(),
        })?;
        let event = proto::event::decode(route.topic, &letter.payload)?;
        let delivery = Delivery {
            topic: topic.clone(),
            position: None,
            traceparent: None,
        };
        let received = Received {
            event: &event,
            delivery: &delivery,
        };
        let outcome = match &route.consume {
            Consume::Single(handler) => self.run(handler.as_ref(), &received).await,
            Consume::Bulk(handler, _) => self.run_batch(handler.as_ref(), &[received]).await,
            Consume::FanOut(_) => return Err(ReplayError::Live { topic }),
        };
        match outcome {
            Ok(()) | Err(HandleError::AccountDeleted) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn deliver_decoded(
        &self,
        handler: &dyn HandleAny,
        event: &Event,
        message: &Message,
    ) -> Verdict {
        if self.processed.contains(event.id).await {
            tracing::debug!("handled before");
            return Verdict::Success;
        }
        let received = Received {
            event,
            delivery: &message.delivery,
        };
        let outcome = self.run(handler, &received).await;
        let verdict = self.judge(message, &event.id.to_string(), outcome).await;
        if verdict == Verdict::Success {
            self.record_age(event);
            self.processed.remember(&[event.id]).await;
        }
        verdict
    }

    /// What an outcome means for the event.
    pub(super) async fn judge(
        &self,
        message: &Message,
        event_id: &str,
        outcome: Result<(), HandleError>,
    ) -> Verdict {
        match outcome {
            Ok(()) => {
                self.attempts.forget(event_id);
                Verdict::Success
            }
            Err(HandleError::AccountDeleted) => {
                tracing::debug!("the account is deleted: no effect");
                self.attempts.forget(event_id);
                Verdict::Success
            }
            Err(error @ HandleError::Transient(_)) => {
                tracing::warn!(error = &error as &dyn Error, "the event comes again");
                Verdict::Retry
            }
            Err(error @ HandleError::Permanent(_)) => {
                self.attempts.count(event_id);
                self.give_up(message, event_id, &reason(&error)).await
            }
            Err(error @ HandleError::Unexpected(_)) => {
                let attempts = self.attempts.count(event_id);
                tracing::error!(attempts, error = &error as &dyn Error, "handling failed");
                if attempts < self.config().delivery.max_attempts {
                    return Verdict::Retry;
                }
                self.give_up(message, event_id, &reason(&error)).await
            }
        }
    }

    /// An event that cannot be read is given up at once: the same bytes never read better.
    pub(super) async fn give_up_undecodable(
        &self,
        topic: Topic,
        message: &Message,
        error: &proto::event::DecodeError,
    ) -> Verdict {
        let error = HandleError::Permanent(chain(error));
        let verdict = self
            .give_up(message, &message.name(), &reason(&error))
            .await;
        self.count_event(topic, verdict, Instant::now());
        verdict
    }

    pub(super) fn event_span(&self, event: &Event, message: &Message) -> tracing::Span {
        let span = tracing::info_span!(
            "event",
            service = self.kit.app().as_str(),
            topic = message.delivery.topic,
            event_id = %event.id,
            correlation_id = %event.correlation_id,
        );
        if let Some(traceparent) = &message.delivery.traceparent {
            adopt_traceparent(&span, traceparent);
        }
        span
    }

    /// How old an event was when it had been handled: what a user waits for it, and what grows when
    /// a topic is behind.
    pub(super) fn record_age(&self, event: &Event) {
        let age = Duration::try_from(self.kit.now().duration_since(event.occurred_at));
        let labels = [
            ("service", self.kit.app().as_str()),
            ("topic", event.payload.topic().name()),
        ];
        // A clock that runs behind the writer's makes it less than nothing.
        metrics::histogram!("errand_event_age_seconds", &labels).record(age.unwrap_or_default());
    }

    pub(super) fn count_event(&self, topic: Topic, verdict: Verdict, started: Instant) {
        let labels = [
            ("service", self.kit.app().as_str()),
            ("topic", topic.name()),
            ("outcome", verdict.label()),
        ];
        metrics::counter!("errand_events_total", &labels).increment(1);
        metrics::histogram!("errand_event_seconds", &labels[..2]).record(started.elapsed());
    }
}

/// An error with every cause.
pub(super) fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |error: &&dyn Error| (*error).source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
