use domain::{AppId, EventId};
use jiff::Timestamp;
use sea_orm::QueryResult;

use super::{OutboxRow, row};
use crate::row::Table;
use crate::{ReadTx, StoreError, Tx};

const OUTBOX: Table = Table("outbox");

/// An event that could not be published: what can be said of it, whatever its row has become.
#[derive(Debug)]
pub struct Parked {
    /// The service that was to publish it.
    pub source: AppId,
    /// Its place in the outbox.
    pub position: i64,
    /// Its id, if that can be read.
    pub event_id: Option<EventId>,
    /// Where it was to go, as the row has it.
    pub topic: Option<String>,
    /// All of it, or why it cannot be read.
    pub row: Result<ParkedRow, StoreError>,
}

/// An event that could not be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedRow {
    /// The event and its place.
    pub row: OutboxRow,
    /// When it was taken out of the way.
    pub parked_at: Timestamp,
    /// Why.
    pub reason: String,
}

impl ReadTx {
    /// The parked events of a service after a position, by position, at most `limit`. One that
    /// cannot be read, perhaps a later version's, hides no other.
    pub async fn outbox_parked(
        &self,
        source: AppId,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Parked>, StoreError> {
        let sql = format!(
            "SELECT {}, parked_at, last_failure FROM outbox \
             WHERE source = $1 AND parked_at IS NOT NULL AND position > $2 \
             ORDER BY position LIMIT $3",
            row::COLUMNS
        );
        let values = [
            source.as_str().into(),
            after.unwrap_or(i64::MIN).into(),
            i64::from(limit).into(),
        ];
        let rows = self.session.rows(sql, values).await?;
        rows.iter()
            .map(|columns| {
                Ok(Parked {
                    source,
                    position: OUTBOX.get(columns, "position")?,
                    event_id: OUTBOX.get(columns, "event_id").ok().map(EventId),
                    topic: OUTBOX.get(columns, "topic").ok(),
                    row: read(columns),
                })
            })
            .collect()
    }
}

impl Tx {
    /// Lets a parked event be published again, and those behind it. False if none is parked there.
    pub async fn outbox_unpark(&self, source: AppId, position: i64) -> Result<bool, StoreError> {
        let changed = self
            .session
            .change(
                "UPDATE outbox SET parked_at = NULL, last_failure = NULL, attempts = 0 \
                 WHERE source = $1 AND position = $2 AND parked_at IS NOT NULL",
                [source.as_str().into(), position.into()],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Throws a parked event away; those behind it go on. False if none is parked there.
    pub async fn outbox_drop(&self, source: AppId, position: i64) -> Result<bool, StoreError> {
        let changed = self
            .session
            .change(
                "DELETE FROM outbox \
                 WHERE source = $1 AND position = $2 AND parked_at IS NOT NULL",
                [source.as_str().into(), position.into()],
            )
            .await?;
        Ok(changed == 1)
    }
}

fn read(columns: &QueryResult) -> Result<ParkedRow, StoreError> {
    Ok(ParkedRow {
        row: row::read(columns)?,
        parked_at: OUTBOX.timestamp(columns, "parked_at")?,
        reason: OUTBOX
            .get::<Option<String>>(columns, "last_failure")?
            .unwrap_or_default(),
    })
}
