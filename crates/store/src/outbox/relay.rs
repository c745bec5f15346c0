use std::collections::HashSet;

use domain::AppId;
use jiff::Timestamp;
use sea_orm::QueryResult;

use super::{Fence, OutboxEntry, row};
use crate::row::Table;
use crate::{ReadTx, StoreError, Tx, metrics, time};

const OUTBOX: Table = Table("outbox");

/// An event that waits to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place in the outbox; of one user's events the order of their commits. Never used again.
    pub position: i64,
    /// The user's shard.
    pub shard: u8,
    /// Its number: see [`Tx::outbox_append`].
    pub sequence: i64,
    /// How often publishing it alone has failed.
    pub attempts: u32,
    /// The event.
    pub entry: OutboxEntry,
}

/// What waits in the outbox of one service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxDepth {
    /// Events that wait, those behind a parked one included.
    pub waiting: i64,
    /// When the oldest of them happened.
    pub oldest_at: Option<Timestamp>,
    /// Events that have been parked.
    pub parked: i64,
}

impl ReadTx {
    /// The events of a service that are to be published next, of users in these shards: at most
    /// `limit`, in the order of their positions. Neither parked ones nor those that come after a
    /// parked one of their user and topic. One that cannot be read, perhaps a later version's, is
    /// left out likewise.
    pub async fn outbox_fetch(
        &self,
        source: AppId,
        shards: &[u8],
        limit: u32,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let backend = self.session.backend();
        let sql = format!(
            "SELECT {columns} FROM outbox AS o \
             WHERE source = $1 AND parked_at IS NULL AND {among} AND NOT EXISTS ( \
               SELECT 1 FROM outbox AS p WHERE p.source = o.source AND p.topic = o.topic \
               AND p.user_id = o.user_id AND p.position < o.position \
               AND p.parked_at IS NOT NULL) \
             ORDER BY position LIMIT $3",
            columns = row::COLUMNS,
            among = backend.is_one_of("shard", 2),
        );
        let shards = backend.numbers(shards.iter().map(|shard| i64::from(*shard)));
        let values = [source.as_str().into(), shards, i64::from(limit).into()];
        let rows = self.session.rows_planned_each_time(sql, values).await?;
        Ok(readable(&rows))
    }

    /// How much waits for a service to publish it.
    pub async fn outbox_depth(&self, source: AppId) -> Result<OutboxDepth, StoreError> {
        let row = self
            .session
            .row(
                "SELECT count(CASE WHEN parked_at IS NULL THEN 1 END) AS waiting, \
                 min(CASE WHEN parked_at IS NULL THEN occurred_at END) AS oldest_at, \
                 count(CASE WHEN parked_at IS NOT NULL THEN 1 END) AS parked \
                 FROM outbox WHERE source = $1",
                [source.as_str().into()],
            )
            .await?;
        let Some(row) = row else {
            return Ok(OutboxDepth::default());
        };
        Ok(OutboxDepth {
            waiting: OUTBOX.get(&row, "waiting")?,
            oldest_at: OUTBOX.optional_instant(OUTBOX.get(&row, "oldest_at")?, "occurred_at")?,
            parked: OUTBOX.get(&row, "parked")?,
        })
    }
}

impl Tx {
    /// Deletes events that have been published, and tells how many. One whose shard is no longer
    /// held under one of the `fences` stays: fewer than asked for means that a lease was lost, and
    /// somebody else publishes it again.
    pub async fn outbox_delete(
        &self,
        source: AppId,
        positions: &[i64],
        fences: &[Fence],
    ) -> Result<u64, StoreError> {
        if positions.is_empty() {
            return Ok(0);
        }
        let backend = self.session.backend();
        let sql = format!(
            "DELETE FROM outbox WHERE source = $1 AND {positions} AND EXISTS ({held})",
            positions = backend.is_one_of("position", 2),
            held = held(backend, 3),
        );
        let values = [
            source.as_str().into(),
            backend.numbers(positions.iter().copied()),
            backend.texts(fences.iter().map(Fence::to_string)),
        ];
        self.session.change_planned_each_time(sql, values).await
    }

    /// Counts one more failure of each event that was published alone. 0 changed rows for one means
    /// that its lease was lost.
    pub async fn outbox_attempts(
        &self,
        source: AppId,
        positions: &[i64],
        fences: &[Fence],
    ) -> Result<u64, StoreError> {
        let backend = self.session.backend();
        let sql = format!(
            "UPDATE outbox SET attempts = attempts + 1 \
             WHERE source = $1 AND {positions} AND EXISTS ({held})",
            positions = backend.is_one_of("position", 2),
            held = held(backend, 3),
        );
        let values = [
            source.as_str().into(),
            backend.numbers(positions.iter().copied()),
            backend.texts(fences.iter().map(Fence::to_string)),
        ];
        self.session.change_planned_each_time(sql, values).await
    }

    /// Takes an event out of the way that cannot be published, and with it the later ones of its
    /// user and topic, until somebody decides about it. False if the lease was lost.
    pub async fn outbox_park(
        &self,
        source: AppId,
        position: i64,
        fences: &[Fence],
        reason: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let backend = self.session.backend();
        let sql = format!(
            "UPDATE outbox SET parked_at = $4, last_failure = $5 \
             WHERE source = $1 AND position = $2 AND parked_at IS NULL AND EXISTS ({held})",
            held = held(backend, 3),
        );
        let values = [
            source.as_str().into(),
            position.into(),
            backend.texts(fences.iter().map(Fence::to_string)),
            time::instant(now).into(),
            reason.into(),
        ];
        Ok(self.session.change_planned_each_time(sql, values).await? == 1)
    }
}

/// Those of the rows that can be read and that no unreadable one of their user and topic holds up.
pub(super) fn readable(rows: &[QueryResult]) -> Vec<OutboxRow> {
    let mut held_up = HashSet::new();
    let mut readable = Vec::with_capacity(rows.len());
    for row in rows {
        // What cannot be read by these two holds up the others that cannot be either.
        let lane = (
            row.try_get::<String>("", "user_id").ok(),
            row.try_get::<String>("", "topic").ok(),
        );
        if held_up.contains(&lane) {
            continue;
        }
        match row::read(row) {
            Ok(row) => readable.push(row),
            Err(error) => {
                metrics::failed(&error);
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    position = row.try_get::<i64>("", "position").ok(),
                    "an event in the outbox cannot be read, and waits with those behind it"
                );
                held_up.insert(lane);
            }
        }
    }
    readable
}

/// Whether the row's shard is held under one of the fences bound at `place`.
pub(super) fn held(backend: crate::Backend, place: usize) -> String {
    format!(
        "SELECT 1 FROM outbox_leases AS l WHERE l.source = outbox.source \
         AND l.shard = outbox.shard AND {}",
        backend.is_one_of(
            "(CAST(l.shard AS text) || ':' || CAST(l.fence AS text))",
            place
        )
    )
}
