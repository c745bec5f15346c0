//! How an outbox row goes out.

use std::collections::HashMap;

use domain::UserId;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proto::event::{EventHeader, envelope_json};
use store::OutboxRow;

use crate::sidecar_client::OutboundEvent;

/// The event as Dapr takes it. The overrides make the `CloudEvent` carry our id and type, so that a repetition is
/// known as one; the partition key keeps a user's events in order.
pub(super) fn outbound(row: &OutboxRow) -> OutboundEvent {
    let entry = &row.entry;
    let header = EventHeader {
        event_id: entry.event_id,
        timestamp: entry.occurred_at,
        topic: entry.topic,
        user_id: &entry.user_id,
        correlation_id: &entry.correlation_id,
        sequence: row.sequence,
        source: entry.source,
        actor: &entry.actor_json,
    };
    let mut metadata = HashMap::from([
        ("cloudevent.id".to_owned(), entry.event_id.to_string()),
        ("cloudevent.type".to_owned(), entry.topic.event_type().to_owned()),
        ("cloudevent.source".to_owned(), entry.source.to_string()),
        ("partitionKey".to_owned(), partition_key(&entry.user_id)),
    ]);
    if let Some(traceparent) = &entry.traceparent {
        metadata.insert("cloudevent.traceparent".to_owned(), traceparent.clone());
    }
    OutboundEvent { entry_id: row.position.to_string(), data: envelope_json(&header, &entry.data), metadata }
}

/// The user's id in ASCII: it travels as a header, and a header with anything else in it makes an event that nobody can
/// deliver.
pub(super) fn partition_key(user: &UserId) -> String {
    utf8_percent_encode(user.as_str(), NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use domain::Topic;

    use super::super::test_row::row;
    use super::*;

    #[test]
    fn metadata_is_ascii_whatever_the_user_is_called() {
        let mut row = row(7, Topic::TaskCreated, "zoë/ÄÖ 1", 0);
        row.entry.data = "{}".to_owned();
        row.entry.traceparent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
        let event = outbound(&row);
        assert_eq!(event.metadata["partitionKey"], "zo%C3%AB%2F%C3%84%C3%96%201");
        assert_eq!(event.metadata["cloudevent.type"], "task.created");
        assert_eq!(event.metadata["cloudevent.id"], row.entry.event_id.to_string());
        assert!(event.metadata.values().all(|value| value.bytes().all(|byte| (0x20..0x7f).contains(&byte))));
    }
}
