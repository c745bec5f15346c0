//! Outbox rows for tests.

use domain::{AppId, CorrelationId, EventId, Topic, UserId};
use store::{OutboxEntry, OutboxRow};
use uuid::Uuid;

/// A row with data of about so many bytes.
pub(super) fn row(position: i64, topic: Topic, user: &str, size: usize) -> OutboxRow {
    let entry = OutboxEntry {
        event_id: EventId(Uuid::from_u128(position.unsigned_abs().into())),
        topic,
        user_id: UserId::parse(user).unwrap(),
        occurred_at: "2026-03-29T00:59:59Z".parse().unwrap(),
        correlation_id: CorrelationId::parse("test").unwrap(),
        source: AppId::BackendApi,
        actor_json: "{}".to_owned(),
        traceparent: None,
        data: "x".repeat(size),
    };
    OutboxRow { position, shard: 0, sequence: position, attempts: 0, entry }
}
