//! An event as it comes off the wire, not yet decoded.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use dapr::dapr::proto::runtime::v1::{
    TopicEventBulkRequestEntry, TopicEventCeRequest, TopicEventRequest,
    topic_event_bulk_request_entry::Event as Content,
};
use prost_types::{Struct, value::Kind};
use sha2::{Digest as _, Sha256};
use tonic::metadata::MetadataMap;

use crate::{
    canary::CANARY_TYPE,
    handler::{Delivery, Position},
};

/// The longest id that is kept, in bytes.
const LONGEST_ID: usize = 255;

/// An event as it comes off the wire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Message {
    /// The id of the `CloudEvent`; may be empty.
    pub(crate) id: String,
    /// The type of the `CloudEvent`; may be empty.
    pub(crate) event_type: String,
    /// The media type of the data.
    pub(crate) content_type: String,
    /// The data.
    pub(crate) data: Vec<u8>,
    /// How it came here.
    pub(crate) delivery: Delivery,
}

impl Message {
    /// What `OnTopicEvent` brings. The place in the topic is in the call's own metadata.
    pub(crate) fn single(request: TopicEventRequest, metadata: &MetadataMap) -> Self {
        let number = |name: &str| metadata.get(name).and_then(|value| value.to_str().ok());
        Self {
            delivery: Delivery {
                position: position(number("__partition"), number("__offset")),
                traceparent: extension(request.extensions.as_ref(), "traceparent"),
                topic: request.topic,
            },
            id: request.id,
            event_type: request.r#type,
            content_type: request.data_content_type,
            data: request.data,
        }
    }

    /// What an entry of `OnBulkTopicEvent` brings. The place in the topic is in the entry's
    /// metadata, and the entry's content type is empty: the event's counts.
    pub(crate) fn bulk(topic: &str, entry: TopicEventBulkRequestEntry) -> Self {
        let event = match entry.event {
            Some(Content::CloudEvent(event)) => event,
            Some(Content::Bytes(data)) => TopicEventCeRequest {
                data,
                data_content_type: entry.content_type,
                ..TopicEventCeRequest::default()
            },
            None => TopicEventCeRequest::default(),
        };
        let number = |name: &str| entry.metadata.get(name).map(String::as_str);
        Self {
            delivery: Delivery {
                topic: topic.to_owned(),
                position: position(number("__partition"), number("__offset")),
                traceparent: extension(event.extensions.as_ref(), "traceparent"),
            },
            id: event.id,
            event_type: event.r#type,
            content_type: event.data_content_type,
            data: event.data,
        }
    }

    /// Whether it only proves that its partition takes events. It tells nothing else.
    pub(crate) fn is_canary(&self) -> bool {
        self.event_type == CANARY_TYPE
    }

    /// What names the event where it cannot be decoded: the id it came with, or else a hash of what
    /// it carries, so that the same bytes are the same dead letter however often they come.
    pub(crate) fn name(&self) -> String {
        if self.id.is_empty() {
            format!(
                "sha256:{}",
                URL_SAFE_NO_PAD.encode(Sha256::digest(&self.data))
            )
        } else {
            storable(&self.id, LONGEST_ID)
        }
    }
}

/// The partition key of a bulk entry, under whichever of its names.
pub(crate) fn partition_key(metadata: &HashMap<String, String>) -> Option<String> {
    ["partitionKey", "__key", "partitionkey"]
        .iter()
        .find_map(|name| metadata.get(*name).cloned())
}

/// The topic that a dead letter was consumed from: it keeps that of the event, and the metadata that
/// it was consumed with.
pub(crate) fn origin(letter: &TopicEventRequest, metadata: &MetadataMap) -> Option<String> {
    let of_event = extension(letter.extensions.as_ref(), "topic");
    let of_event = of_event.filter(|topic| *topic != letter.topic);
    of_event.or_else(|| Some(metadata.get("__topic")?.to_str().ok()?.to_owned()))
}

/// A text among the other attributes of a `CloudEvent`.
fn extension(extensions: Option<&Struct>, name: &str) -> Option<String> {
    match &extensions?.fields.get(name)?.kind {
        Some(Kind::StringValue(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

fn position(partition: Option<&str>, offset: Option<&str>) -> Option<Position> {
    Some(Position {
        partition: partition?.parse().ok()?,
        offset: offset?.parse().ok()?,
    })
}

/// A text that any database takes, cut to a length in bytes.
pub(super) fn storable(text: &str, longest: usize) -> String {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters_and_lose_nul() {
        assert_eq!(storable("äöü", 3), "ä");
        assert_eq!(storable("a\0b", 10), "a\u{fffd}b");
    }
}
