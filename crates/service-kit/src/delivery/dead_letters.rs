//! Events that are given up, and those that arrive on the service's own dead letter topic.

use std::error::Error;

use domain::UserId;
use serde::Deserialize;
use store::{DeadLetter, StoreError};

use super::{
    Consumer, Message, ReplayError, Verdict,
    envelope::{Opened, open},
    message::storable,
    single::chain,
};
use crate::{handler::HandleError, work::WorkError};

/// The longest reason that is kept, in bytes.
const LONGEST_REASON: usize = 2000;

/// What can be read of an event even when the rest cannot.
#[derive(Deserialize)]
struct Owner {
    user_id: String,
}

impl Consumer {
    /// Keeps an event that can never succeed, and lets go of it. If it cannot be kept it comes
    /// again.
    pub(super) async fn give_up(&self, message: &Message, event_id: &str, reason: &str) -> Verdict {
        let attempts = self.attempts.so_far(event_id).max(1);
        tracing::error!(
            event_id,
            topic = message.delivery.topic,
            attempts,
            reason,
            "the event is a dead letter"
        );
        let kept = self.keep(message, event_id, reason, attempts);
        match self.in_time(kept).await {
            Ok(()) => {
                self.attempts.forget(event_id);
                self.count_dead_letter(&message.delivery.topic);
                Verdict::Drop
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn Error,
                    "the dead letter could not be stored; it comes again"
                );
                Verdict::Retry
            }
        }
    }

    /// Keeps what the sidecar moved to our dead letter topic. What we gave up ourselves comes this
    /// way, too: it is there already, with its reason.
    pub(crate) async fn keep_dead_letter(
        &self,
        message: &Message,
        origin: Option<String>,
    ) -> Verdict {
        let mut message = message.clone();
        if let Some(topic) = origin {
            message.delivery.topic = topic;
        }
        let Opened { message, is_event } = open(message);
        let event_id = self.event_id(&message);
        let reason = if is_event {
            "the sidecar could not deliver it"
        } else {
            "the sidecar could not read it: it is no CloudEvent in JSON"
        };
        let kept = self.keep_unless_kept(&message, &event_id, reason);
        match self.in_time(kept).await {
            Ok(is_new) => {
                if is_new {
                    tracing::error!(
                        event_id,
                        topic = message.delivery.topic,
                        reason,
                        "the sidecar gave an event up"
                    );
                    self.count_dead_letter(&message.delivery.topic);
                }
                Verdict::Success
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn Error,
                    "the dead letter could not be stored; it comes again"
                );
                Verdict::Retry
            }
        }
    }

    /// A database that does not answer must not hold the partition.
    async fn in_time<T>(
        &self,
        keeping: impl Future<Output = Result<T, WorkError>>,
    ) -> Result<T, WorkError> {
        let longest = self.config().delivery.handler_timeout;
        let kept = tokio::time::timeout(longest, keeping).await;
        kept.unwrap_or_else(|_| Err(StoreError::timed_out().into()))
    }

    /// Counts a replay that was tried and failed, with its reason. A dead letter that somebody has
    /// settled meanwhile stays settled.
    pub async fn replay_failed(
        &self,
        letter: &DeadLetter,
        error: &ReplayError,
    ) -> Result<(), WorkError> {
        if matches!(
            error,
            ReplayError::NoHandler { .. } | ReplayError::Live { .. }
        ) {
            return Ok(());
        }
        let tx = self.kit.store()?.begin().await?;
        let (consumer, event_id) = (letter.consumer, &letter.event_id);
        if tx.dead_letter_get(consumer, event_id).await?.is_none() {
            return Ok(());
        }
        tx.dead_letter_put(&DeadLetter {
            attempts: 1,
            reason: storable(&chain(error), LONGEST_REASON),
            last_at: self.kit.now(),
            ..letter.clone()
        })
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The id under which an event is a dead letter: that in its data if it can be decoded, as for
    /// its handler.
    fn event_id(&self, message: &Message) -> String {
        let decoded = self
            .route(&message.delivery.topic)
            .map(|route| proto::event::decode(route.topic, &message.data));
        match decoded {
            Some(Ok(event)) => event.id.to_string(),
            _ => message.name(),
        }
    }

    async fn keep_unless_kept(
        &self,
        message: &Message,
        event_id: &str,
        reason: &str,
    ) -> Result<bool, WorkError> {
        let tx = self.kit.store()?.begin().await?;
        if tx
            .dead_letter_get(self.kit.app(), event_id)
            .await?
            .is_some()
        {
            return Ok(false);
        }
        tx.dead_letter_put(&self.dead_letter(message, event_id, reason, 1))
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn keep(
        &self,
        message: &Message,
        event_id: &str,
        reason: &str,
        attempts: u32,
    ) -> Result<(), WorkError> {
        let tx = self.kit.store()?.begin().await?;
        tx.dead_letter_put(&self.dead_letter(message, event_id, reason, attempts))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    fn dead_letter(
        &self,
        message: &Message,
        event_id: &str,
        reason: &str,
        attempts: u32,
    ) -> DeadLetter {
        let owner: Option<Owner> = serde_json::from_slice(&message.data).ok();
        let now = self.kit.now();
        DeadLetter {
            consumer: self.kit.app(),
            event_id: storable(event_id, 255),
            topic: storable(&message.delivery.topic, 255),
            user_id: owner
                .and_then(|owner| UserId::parse(&owner.user_id).ok())
                .map(|user| user.to_string()),
            reason: storable(reason, LONGEST_REASON),
            attempts,
            content_type: storable(&message.content_type, 255),
            payload: message.data.clone(),
            first_at: now,
            last_at: now,
        }
    }

    fn count_dead_letter(&self, topic: &str) {
        let topic = self
            .route(topic)
            .map_or("other", |route| route.topic.name());
        metrics::counter!("errand_dead_letters_total", "service" => self.kit.app().as_str(), "topic" => topic)
            .increment(1);
    }
}

/// Why handling failed, with every cause.
pub(super) fn reason(error: &HandleError) -> String {
    let mut text = match error {
        HandleError::Permanent(reason) => reason.clone(),
        other => other.to_string(),
    };
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_tells_every_cause() {
        let error = HandleError::unexpected(std::io::Error::other("disk on fire"));
        assert_eq!(reason(&error), "handling failed: disk on fire");
        assert_eq!(
            reason(&HandleError::permanent("no such task")),
            "no such task"
        );
    }
}
