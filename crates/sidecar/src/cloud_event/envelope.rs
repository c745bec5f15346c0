//! The CloudEvent that is put around published data.

use std::collections::{BTreeMap, HashMap};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use super::{content_type, is_raw, json, metadata_value};
use crate::identifiers;

/// What is published, and by whom.
#[derive(Debug)]
pub(crate) struct Publication<'p> {
    pub(crate) app_id: &'p str,
    pub(crate) pubsub: &'p str,
    pub(crate) topic: &'p str,
    pub(crate) data: &'p [u8],
    pub(crate) content_type: &'p str,
    /// The trace of the publishing call, if it has one.
    pub(crate) trace_parent: Option<&'p str>,
    pub(crate) trace_state: Option<&'p str>,
    pub(crate) time: DateTime<Utc>,
}

/// The data says that it is a CloudEvent, and is none.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the data as a CloudEvent")]
pub(crate) struct InvalidCloudEvent;

/// What is stored for a publication: the data itself when it is to be raw, else a CloudEvent.
///
/// `metadata` may override id, source, type, subject and trace (`cloudevent.*`), and may set a time
/// of expiry (`ttlInSeconds`).
pub(crate) fn envelope(
    publication: &Publication<'_>,
    metadata: &HashMap<String, String>,
) -> Result<Bytes, InvalidCloudEvent> {
    if is_raw(metadata) {
        return Ok(Bytes::copy_from_slice(publication.data));
    }
    let mut attributes = if content_type::is_cloud_event(publication.content_type) {
        complete(publication)?
    } else {
        wrap(publication, metadata)
    };
    let ttl = metadata_value(metadata, "ttlInSeconds").and_then(|ttl| ttl.parse::<i64>().ok());
    if let Some(expiration) = ttl
        .filter(|ttl| *ttl > 0)
        .and_then(TimeDelta::try_seconds)
        .map(|ttl| publication.time + ttl)
    {
        attributes.insert("expiration".to_owned(), json::quoted(&rfc_3339(expiration)));
    }
    Ok(written(&attributes))
}

fn wrap(
    publication: &Publication<'_>,
    metadata: &HashMap<String, String>,
) -> BTreeMap<String, String> {
    let text = |name: &str| metadata_value(metadata, name).map(str::to_owned);
    let trace_parent = text("cloudevent.traceparent")
        .or_else(|| text("cloudevent.traceid"))
        .or_else(|| publication.trace_parent.map(str::to_owned))
        .unwrap_or_else(identifiers::random_trace_parent);
    let trace_state = text("cloudevent.tracestate")
        .or_else(|| publication.trace_state.map(str::to_owned))
        .unwrap_or_default();
    let content_type = match publication.content_type {
        "" => content_type::TEXT,
        given => given,
    };

    let mut attributes = BTreeMap::new();
    let mut set = |name: &str, value: &str| {
        attributes.insert(name.to_owned(), json::quoted(value));
    };
    set(
        "id",
        &text("cloudevent.id").unwrap_or_else(|| identifiers::random().to_string()),
    );
    set(
        "source",
        &text("cloudevent.source").unwrap_or_else(|| publication.app_id.to_owned()),
    );
    set(
        "type",
        &text("cloudevent.type").unwrap_or_else(|| DEFAULT_TYPE.to_owned()),
    );
    set("specversion", "1.0");
    set("datacontenttype", content_type);
    set("topic", publication.topic);
    set("pubsubname", publication.pubsub);
    set("time", &rfc_3339(publication.time));
    set("traceid", &trace_parent);
    set("traceparent", &trace_parent);
    set("tracestate", &trace_state);
    if let Some(subject) = text("cloudevent.subject") {
        set("subject", &subject);
    }
    let (name, data) = data_attribute(publication.data, content_type);
    attributes.insert(name.to_owned(), data);
    attributes
}

fn data_attribute(data: &[u8], content_type: &str) -> (&'static str, String) {
    if content_type::is_binary(content_type) {
        return ("data_base64", json::quoted(&STANDARD.encode(data)));
    }
    let value = if content_type::is_json(content_type) {
        // What is not JSON although it says so is carried as text.
        serde_json::from_slice::<Value>(data).ok()
    } else {
        None
    };
    let data = match value {
        Some(value) => json::normalized(&value),
        None => json::quoted(&String::from_utf8_lossy(data)),
    };
    ("data", data)
}

/// A CloudEvent of the publisher's own keeps its attributes and gets what it lacks.
fn complete(publication: &Publication<'_>) -> Result<BTreeMap<String, String>, InvalidCloudEvent> {
    let Ok(Value::Object(members)) = serde_json::from_slice(publication.data) else {
        return Err(InvalidCloudEvent);
    };
    let mut attributes: BTreeMap<_, _> = members
        .iter()
        .map(|(name, value)| (name.clone(), json::normalized(value)))
        .collect();
    let trace_parent = publication
        .trace_parent
        .map_or_else(identifiers::random_trace_parent, str::to_owned);
    let trace_parent = json::quoted(&trace_parent);
    if !attributes.contains_key("traceid") {
        attributes.insert("traceid".to_owned(), trace_parent.clone());
        attributes.insert("traceparent".to_owned(), trace_parent);
    }
    attributes.insert("topic".to_owned(), json::quoted(publication.topic));
    attributes.insert("pubsubname".to_owned(), json::quoted(publication.pubsub));
    for (name, default) in [
        ("source", "Dapr"),
        ("type", DEFAULT_TYPE),
        ("specversion", "1.0"),
        ("time", &rfc_3339(publication.time)),
        ("tracestate", publication.trace_state.unwrap_or_default()),
    ] {
        attributes
            .entry(name.to_owned())
            .or_insert_with(|| json::quoted(default));
    }
    Ok(attributes)
}

fn written(attributes: &BTreeMap<String, String>) -> Bytes {
    let length: usize = attributes
        .iter()
        .map(|(name, value)| name.len() + value.len() + 4)
        .sum();
    let mut text = String::with_capacity(length + 2);
    for (name, value) in attributes {
        text.push(if text.is_empty() { '{' } else { ',' });
        text.push_str(&json::quoted(name));
        text.push(':');
        text.push_str(value);
    }
    text.push('}');
    Bytes::from(text)
}

fn rfc_3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

const DEFAULT_TYPE: &str = "com.dapr.event.sent";
