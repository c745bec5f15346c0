//! Dead letters: what an app does not want goes to the topic that its subscription names.

use super::{Outcome, Worker, metadata};
use crate::engine::{InvalidPartitionNumber, Message, Record, StorageError};

/// Why an event could not be put on the dead letter topic.
#[derive(Debug, thiserror::Error)]
pub(super) enum BuryError {
    /// A dead letter is published in the app's name, and needs the app's right to publish.
    #[error("topic {topic} is not allowed for app id {app_id}")]
    NotAllowed { topic: String, app_id: String },
    #[error(transparent)]
    Partition(#[from] InvalidPartitionNumber),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl BuryError {
    /// What becomes of the event, as in daprd: where it publishes a dead letter without looking at
    /// the result, one that is refused is lost. It looks after the DROP of an event that was
    /// delivered alone (`pkg/runtime/subscription/subscription.go`), and does not in a batch
    /// (`postman/grpc/grpc.go`, `DeliverBulk`) or when an event has expired. Our own storage is no
    /// reason to lose anything.
    pub(super) fn outcome(&self, of: Outcome, in_bulk: bool) -> Outcome {
        let is_refused = !matches!(self, Self::Storage(_));
        match of {
            Outcome::Expired if is_refused => Outcome::Lost,
            Outcome::Dropped if is_refused && in_bulk => Outcome::Lost,
            _ => Outcome::Retry,
        }
    }
}

impl Worker {
    /// Publishes the event, as it is, to the dead letter topic; without one it is let go. Its
    /// metadata go with it, so that a partition that the publisher named is asked for there, too.
    pub(super) async fn bury(&self, message: &Message) -> Result<(), BuryError> {
        let Some(dead_letter_topic) = &self.subscription.dead_letter_topic else {
            tracing::warn!(
                app = self.runtime.app_id,
                topic = self.subscription.topic,
                offset = message.offset,
                "an event was dropped and has no dead letter topic"
            );
            return Ok(());
        };
        let component = self.runtime.pubsub_component(&self.subscription.pubsub);
        if !component.is_some_and(|component| component.may_publish(dead_letter_topic)) {
            return Err(BuryError::NotAllowed {
                topic: dead_letter_topic.clone(),
                app_id: self.runtime.app_id.clone(),
            });
        }
        let mut headers =
            metadata::of_message(&self.topic, &self.partition, message, &self.subscription);
        headers.remove("pubsubName");
        let record = Record::of_metadata(message.value.clone(), headers)?;
        self.runtime
            .engine
            .log()
            .append(dead_letter_topic, vec![record])
            .await?;
        Ok(())
    }
}
