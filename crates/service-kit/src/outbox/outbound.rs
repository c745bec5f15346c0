//! An outbox row as Dapr takes it.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use proto::event::{EventHeader, envelope_json};
use store::OutboxRow;

use crate::sidecar_client::OutboundEvent;

/// What a header can carry as it is: visible ASCII, without the sign that introduces an escape.
/// Everything outside ASCII is always escaped. (A header with other bytes makes an event that daprd
/// can never deliver.)
const ESCAPED: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

/// What an entry takes besides its data and user id, in bytes, at most.
const OVERHEAD: usize = 768;

/// The whole message of a row, with the metadata that makes it a `CloudEvent` of our making: its id
/// is our event's, and its partition the user's.
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
        (
            "cloudevent.type".to_owned(),
            entry.topic.event_type().to_owned(),
        ),
        ("cloudevent.source".to_owned(), entry.source.to_string()),
        ("partitionKey".to_owned(), partition_key(row)),
    ]);
    if let Some(traceparent) = &entry.traceparent {
        metadata.insert("cloudevent.traceparent".to_owned(), traceparent.clone());
    }
    OutboundEvent {
        entry_id: row.position.to_string(),
        data: envelope_json(&header, &entry.data),
        metadata,
    }
}

/// The user's id, in ASCII.
pub(super) fn partition_key(row: &OutboxRow) -> String {
    utf8_percent_encode(row.entry.user_id.as_str(), ESCAPED).to_string()
}

/// What a row takes in a call, in bytes, at most.
pub(super) fn size(row: &OutboxRow) -> usize {
    // A user id stands in the message, and in the key with every byte escaped.
    OVERHEAD
        + row.entry.data.len()
        + row.entry.actor_json.len()
        + 4 * row.entry.user_id.as_str().len()
}
