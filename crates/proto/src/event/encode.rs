use domain::{Actor, AppId, CorrelationId, Event, EventId, Payload, Task, Topic, UserId};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::SCHEMA_VERSION;
use crate::{v1, wkt};

/// What a message has beside its data: the columns of an outbox row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventHeader<'a> {
    /// Names the event.
    pub event_id: EventId,
    /// When it happened.
    pub timestamp: Timestamp,
    /// On which topic it is published, and thereby its type.
    pub topic: Topic,
    /// Whose it is.
    pub user_id: &'a UserId,
    /// Ties it to the request that caused it.
    pub correlation_id: &'a CorrelationId,
    /// Its place among the user's events, from 1.
    pub sequence: i64,
    /// The service in which it happened.
    pub source: AppId,
    /// Who did it, as [`actor_json`] wrote it.
    pub actor: &'a str,
}

/// The header's members as proto3 JSON has them, in the order of the proto file.
#[derive(Serialize)]
struct Members<'a> {
    event_id: Uuid,
    timestamp: wkt::Timestamp,
    event_type: &'a str,
    user_id: &'a str,
    correlation_id: &'a str,
    #[serde(serialize_with = "serialize_int64")]
    sequence: i64,
    schema_version: i32,
    source: &'a str,
}

/// What the proof that a message can be written rests on.
const WRITABLE: &str = "the times of the domain lie between the years 1 and 9999";

/// The member `data` of the message that tells of `payload`.
pub fn data_json(payload: &Payload) -> String {
    let task = |task: &Task| Some(v1::Task::from(task));
    let json = match payload {
        Payload::TaskCreated { task: created } => serde_json::to_string(&v1::TaskCreatedData {
            task: task(created),
        }),
        Payload::TaskUpdated {
            before,
            after,
            changed_fields,
        } => serde_json::to_string(&v1::TaskUpdatedData {
            before: task(before),
            after: task(after),
            changed_fields: changed_fields.clone(),
        }),
        Payload::TaskCompleted { task: completed } => {
            serde_json::to_string(&v1::TaskCompletedData {
                task: task(completed),
            })
        }
        Payload::TaskDeleted { task: deleted } => serde_json::to_string(&v1::TaskDeletedData {
            task: task(deleted),
        }),
        Payload::ReminderDue {
            reminder_id,
            remind_at,
            task: due,
        } => serde_json::to_string(&v1::ReminderDueData {
            reminder_id: reminder_id.to_string(),
            remind_at: Some((*remind_at).into()),
            task: task(due),
        }),
        Payload::Updates(update) => serde_json::to_string(&v1::UpdateData::from(update)),
    };
    json.expect(WRITABLE)
}

/// The member `actor` of a message.
pub fn actor_json(actor: &Actor) -> String {
    serde_json::to_string(&v1::Actor::from(actor)).expect("texts can always be written")
}

/// The whole message: `data` is what [`data_json`] wrote.
pub fn envelope_json(header: &EventHeader<'_>, data: &str) -> Vec<u8> {
    let members = Members {
        event_id: header.event_id.0,
        timestamp: header.timestamp.into(),
        event_type: header.topic.event_type(),
        user_id: header.user_id.as_str(),
        correlation_id: header.correlation_id.as_str(),
        sequence: header.sequence,
        schema_version: SCHEMA_VERSION,
        source: header.source.as_str(),
    };
    let mut json = Vec::with_capacity(512 + header.actor.len() + data.len());
    serde_json::to_writer(&mut json, &members).expect(WRITABLE);
    // Actor and data are JSON already: they go in as they are, before the closing brace.
    json.pop();
    json.extend_from_slice(br#","actor":"#);
    json.extend_from_slice(header.actor.as_bytes());
    json.extend_from_slice(br#","data":"#);
    json.extend_from_slice(data.as_bytes());
    json.push(b'}');
    json
}

/// The message of a whole event.
pub fn event_json(event: &Event) -> Vec<u8> {
    let header = EventHeader {
        event_id: event.id,
        timestamp: event.occurred_at,
        topic: event.payload.topic(),
        user_id: &event.user_id,
        correlation_id: &event.correlation_id,
        sequence: event.sequence,
        source: event.source,
        actor: &actor_json(&event.actor),
    };
    envelope_json(&header, &data_json(&event.payload))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
fn serialize_int64<S: serde::Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}
