//! Dead letters: what an app does not want goes to the topic that its subscription names.

use super::{Worker, metadata};
use crate::engine::{InvalidPartitionNumber, Message, Record, StorageError};

/// Why an event could not be put on the dead letter topic.
#[derive(Debug, thiserror::Error)]
pub(super) enum BuryError {
    #[error(transparent)]
    Partition(#[from] InvalidPartitionNumber),
    #[error(transparent)]
    Storage(#[from] StorageError),
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
