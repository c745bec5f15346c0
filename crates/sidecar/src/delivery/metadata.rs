//! What travels beside an event: where it stands in its topic, and the publisher's metadata.

use std::collections::BTreeMap;

use tonic::metadata::{Ascii, MetadataKey, MetadataMap, MetadataValue};

use super::Subscription;
use crate::engine::{Message, Partition, Topic};

/// The metadata of an event. What the event brings along wins over where it stands: a dead letter
/// still bears the place it was consumed from, as in daprd.
pub(super) fn of_message(
    topic: &Topic,
    partition: &Partition,
    message: &Message,
    subscription: &Subscription,
) -> BTreeMap<String, String> {
    let mut metadata = BTreeMap::from([
        ("__offset".to_owned(), message.offset.to_string()),
        ("__partition".to_owned(), partition.number.to_string()),
        ("__timestamp".to_owned(), message.timestamp.to_string()),
        ("__topic".to_owned(), topic.name.to_string()),
    ]);
    if let Some(key) = &message.key {
        metadata.insert("__key".to_owned(), key.clone());
    }
    metadata.extend(
        message
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    metadata.insert("pubsubName".to_owned(), subscription.pubsub.clone());
    metadata
}

/// Adds the metadata to a call, its names in lower case. The name of what cannot travel is the error.
pub(super) fn as_grpc<'m>(
    metadata: &'m BTreeMap<String, String>,
    grpc: &mut MetadataMap,
) -> Result<(), &'m str> {
    for (name, value) in metadata {
        let key = MetadataKey::<Ascii>::from_bytes(name.to_ascii_lowercase().as_bytes())
            .map_err(|_| name.as_str())?;
        // grpc-go allows no more than this.
        if !value.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
            return Err(name.as_str());
        }
        let value = value
            .parse::<MetadataValue<Ascii>>()
            .map_err(|_| name.as_str())?;
        grpc.insert(key, value);
    }
    Ok(())
}
