use domain::{AppId, CorrelationId, EventId, Topic, UserId};
use sea_orm::QueryResult;

use super::{OutboxEntry, OutboxRow};
use crate::StoreError;
use crate::row::Table;

const OUTBOX: Table = Table("outbox");

/// The columns that [`read`] needs.
pub(super) const COLUMNS: &str = "position, event_id, source, shard, topic, user_id, sequence, \
    occurred_at, correlation_id, actor, traceparent, data, attempts";

pub(super) fn read(row: &QueryResult) -> Result<OutboxRow, StoreError> {
    Ok(OutboxRow {
        position: OUTBOX.get(row, "position")?,
        shard: u8::try_from(OUTBOX.get::<i16>(row, "shard")?)
            .map_err(|_| OUTBOX.corrupt("shard"))?,
        sequence: OUTBOX.get(row, "sequence")?,
        attempts: u32::try_from(OUTBOX.get::<i32>(row, "attempts")?)
            .map_err(|_| OUTBOX.corrupt("attempts"))?,
        entry: OutboxEntry {
            event_id: EventId(OUTBOX.get(row, "event_id")?),
            topic: OUTBOX.parse(row, "topic", str::parse::<Topic>)?,
            user_id: OUTBOX.parse(row, "user_id", UserId::parse)?,
            occurred_at: OUTBOX.timestamp(row, "occurred_at")?,
            correlation_id: OUTBOX.parse(row, "correlation_id", CorrelationId::parse)?,
            source: OUTBOX.parse(row, "source", str::parse::<AppId>)?,
            actor_json: OUTBOX.get(row, "actor")?,
            traceparent: OUTBOX.get(row, "traceparent")?,
            data: OUTBOX.get(row, "data")?,
        },
    })
}
