//! Events in their envelope, as they stand on a topic.
//!
//! Dead letters are handed over so. What no sidecar can read is put on that topic, too, and one that
//! had to read it there would try for ever and hold up whatever is behind it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use super::Message;
use crate::handler::Delivery;

/// The media type of what a sidecar hands over as it stands.
const AS_IT_STANDS: &str = "application/octet-stream";

/// What came, out of its envelope.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Opened {
    /// The event; without an envelope all that came is its data, and it has no id.
    pub(super) message: Message,
    /// Whether there was an envelope, a `CloudEvent` in JSON.
    pub(super) is_event: bool,
}

/// Takes an event out of its envelope as daprd does (`pkg/runtime/pubsub/subscriptions.go`), so that
/// it is the same that a consumer was given. Events of a sidecar that was started for an Errand
/// before this one are out of it already.
pub(super) fn open(message: Message) -> Opened {
    if message.content_type != AS_IT_STANDS {
        return Opened {
            message,
            is_event: true,
        };
    }
    let text = String::from_utf8_lossy(&message.data);
    let Ok(attributes) = serde_json::from_str::<Option<Map<String, Value>>>(&text) else {
        return Opened {
            message: Message {
                // They are made up, and others each time that it comes.
                id: String::new(),
                event_type: String::new(),
                ..message
            },
            is_event: false,
        };
    };
    let attributes = attributes.unwrap_or_default();
    let text = |name: &str| attributes.get(name).and_then(Value::as_str);
    let owned = |name: &str| text(name).unwrap_or_default().to_owned();
    let content_type = owned("datacontenttype");
    let encoded = text("data_base64").and_then(|encoded| STANDARD.decode(encoded).ok());
    let data = encoded.unwrap_or_else(|| carried(attributes.get("data"), &content_type));
    Opened {
        message: Message {
            id: owned("id"),
            event_type: owned("type"),
            data,
            content_type,
            delivery: Delivery {
                topic: text("topic")
                    .map_or_else(|| message.delivery.topic.clone(), ToOwned::to_owned),
                ..message.delivery
            },
        },
        is_event: true,
    }
}

/// Data that is neither text nor JSON arrives empty.
fn carried(data: Option<&Value>, content_type: &str) -> Vec<u8> {
    let essence = content_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let is_text = essence.starts_with("text/") || essence == "application/xml";
    let is_json = essence == "application/json" || essence == "application/cloudevents+json";
    match data {
        Some(Value::String(text)) if is_text => text.clone().into_bytes(),
        Some(data) if is_json && !data.is_null() => data.to_string().into_bytes(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn came(data: &[u8]) -> Message {
        Message {
            id: "made up".to_owned(),
            event_type: "com.dapr.event.sent".to_owned(),
            content_type: AS_IT_STANDS.to_owned(),
            data: data.to_vec(),
            delivery: Delivery {
                topic: "task-completed".to_owned(),
                ..Delivery::default()
            },
        }
    }

    fn opened(envelope: &Value) -> Opened {
        open(came(envelope.to_string().as_bytes()))
    }

    #[test]
    fn an_event_is_what_its_consumer_was_given() {
        let mut envelope = json!({
            "specversion": "1.0", "id": "one", "type": "task.created", "topic": "task-created",
            "datacontenttype": "application/json; charset=utf-8", "data": {"b": 1, "a": [2]},
        });
        let event = opened(&envelope);
        assert!(event.is_event);
        assert_eq!(
            event.message,
            Message {
                id: "one".to_owned(),
                event_type: "task.created".to_owned(),
                content_type: "application/json; charset=utf-8".to_owned(),
                data: br#"{"a":[2],"b":1}"#.to_vec(),
                delivery: Delivery {
                    topic: "task-created".to_owned(),
                    ..Delivery::default()
                },
            }
        );
        for (content_type, data, carried) in [
            ("text/plain", json!("a text"), "a text"),
            ("application/json", json!("a text"), "\"a text\""),
            ("application/json", json!(null), ""),
            ("text/plain", json!({}), ""),
            ("image/png", json!("a text"), ""),
            ("", json!({}), ""),
        ] {
            envelope["datacontenttype"] = content_type.into();
            envelope["data"] = data;
            assert_eq!(opened(&envelope).message.data, carried.as_bytes());
        }
        envelope["data_base64"] = "AP8=".into();
        assert_eq!(opened(&envelope).message.data, [0, 0xff]);
    }

    #[test]
    fn what_says_nothing_of_itself_is_an_event_without_a_name() {
        for envelope in [
            json!({"a": 1}),
            json!({"id": 5, "topic": null}),
            json!(null),
        ] {
            let event = opened(&envelope);
            assert!(event.is_event, "{envelope}");
            assert_eq!(event.message.id, "");
            assert_eq!(event.message.delivery.topic, "task-completed");
            assert!(event.message.data.is_empty());
        }
    }

    #[test]
    fn what_is_no_event_is_kept_as_it_is_and_has_one_name() {
        for bytes in [&b"no event"[..], b"[]", b"{", b"", &[0xff, 0]] {
            let letter = open(came(bytes));
            assert!(!letter.is_event);
            assert_eq!(
                (letter.message.id.as_str(), &*letter.message.data),
                ("", bytes)
            );
        }
    }

    #[test]
    fn what_was_opened_before_stays_as_it_is() {
        let message = Message {
            content_type: "application/json".to_owned(),
            ..came(b"{}")
        };
        assert_eq!(open(message.clone()).message, message);
    }
}
