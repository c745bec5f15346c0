//! A stored event as an app receives it.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use prost_types::{ListValue, Struct, value::Kind};
use serde_json::{Value, value::RawValue};

use super::content_type;
use crate::identifiers;

/// The parts of an event.
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) kind: String,
    pub(crate) spec_version: String,
    pub(crate) content_type: String,
    pub(crate) data: Vec<u8>,
    /// Every other attribute.
    pub(crate) extensions: Struct,
    /// When the event is no longer wanted.
    pub(crate) expiration: Option<DateTime<Utc>>,
}

impl Received {
    /// A text attribute among the extensions.
    pub(crate) fn extension(&self, name: &str) -> Option<&str> {
        match self.extensions.fields.get(name)?.kind.as_ref()? {
            Kind::StringValue(text) => Some(text),
            _ => None,
        }
    }
}

/// What is stored is not a CloudEvent in JSON, or its data does not fit its content type.
#[derive(Debug, thiserror::Error)]
#[error("the payload is not a CloudEvent in JSON")]
pub(crate) struct UnreadableEvent;

/// Reads a CloudEvent.
///
/// With `in_bulk` binary data stays empty: daprd's bulk path never reads `data_base64`
/// (`pkg/runtime/pubsub/subscriptions.go`, `extractCloudEvent`).
pub(crate) fn read(stored: &[u8], in_bulk: bool) -> Result<Received, UnreadableEvent> {
    let mut attributes: BTreeMap<String, &RawValue> =
        serde_json::from_slice(stored).map_err(|_| UnreadableEvent)?;
    let mut text = |name: &str| -> String {
        attributes
            .remove(name)
            .and_then(|value| serde_json::from_str::<String>(value.get()).ok())
            .unwrap_or_default()
    };
    let mut received = Received {
        id: text("id"),
        source: text("source"),
        kind: text("type"),
        spec_version: text("specversion"),
        content_type: text("datacontenttype"),
        ..Received::default()
    };
    let data = attributes.remove("data");
    let encoded = attributes.remove("data_base64");
    received.data = match (data, encoded) {
        (_, Some(encoded)) if !in_bulk && encoded.get() != "null" => decoded(encoded)?,
        (Some(data), _) if data.get() != "null" => carried(data, &received.content_type)?,
        _ => Vec::new(),
    };
    for (name, value) in attributes {
        let value: Value = serde_json::from_str(value.get()).map_err(|_| UnreadableEvent)?;
        received
            .extensions
            .fields
            .insert(name, protobuf_value(value));
    }
    received.expiration = received
        .extension("expiration")
        .and_then(|time| DateTime::parse_from_rfc3339(time).ok())
        .map(|time| time.to_utc());
    Ok(received)
}

/// A payload delivered as it is. Its id is a new one at each delivery, as in daprd.
pub(crate) fn raw(stored: &[u8]) -> Received {
    Received {
        id: identifiers::random().to_string(),
        source: "Dapr".to_owned(),
        kind: "com.dapr.event.sent".to_owned(),
        spec_version: "1.0".to_owned(),
        content_type: content_type::BINARY.to_owned(),
        data: stored.to_vec(),
        ..Received::default()
    }
}

fn decoded(encoded: &RawValue) -> Result<Vec<u8>, UnreadableEvent> {
    let text: String = serde_json::from_str(encoded.get()).map_err(|_| UnreadableEvent)?;
    STANDARD.decode(text).map_err(|_| UnreadableEvent)
}

/// Data of a content type that is neither JSON nor text arrives empty, as in daprd.
fn carried(data: &RawValue, content_type: &str) -> Result<Vec<u8>, UnreadableEvent> {
    if content_type::is_text(content_type) {
        let text: String = serde_json::from_str(data.get()).map_err(|_| UnreadableEvent)?;
        return Ok(text.into_bytes());
    }
    if content_type::is_json(content_type) || content_type::is_cloud_event(content_type) {
        return Ok(data.get().as_bytes().to_vec());
    }
    Ok(Vec::new())
}

fn protobuf_value(value: Value) -> prost_types::Value {
    let kind = match value {
        Value::Null => Kind::NullValue(0),
        Value::Bool(value) => Kind::BoolValue(value),
        Value::Number(number) => Kind::NumberValue(number.as_f64().unwrap_or_default()),
        Value::String(text) => Kind::StringValue(text),
        Value::Array(items) => Kind::ListValue(ListValue {
            values: items.into_iter().map(protobuf_value).collect(),
        }),
        Value::Object(members) => Kind::StructValue(Struct {
            fields: members
                .into_iter()
                .map(|(name, value)| (name, protobuf_value(value)))
                .collect(),
        }),
    };
    prost_types::Value { kind: Some(kind) }
}
