//! Dead letters: what an app does not want goes to the topic that its subscription names.

use super::{Worker, metadata};
use crate::engine::{Message, Record, StorageError};

impl Worker {
    /// Publishes the event, as it is, to the dead letter topic; without one it is let go.
    pub(super) async fn bury(&self, message: &Message) -> Result<(), StorageError> {
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
        let key = message.key.clone();
        let record = Record {
            key,
            partition: None,
            headers,
            value: message.value.clone(),
        };
        self.runtime
            .engine
            .log()
            .append(dead_letter_topic, vec![record])
            .await
    }
}
