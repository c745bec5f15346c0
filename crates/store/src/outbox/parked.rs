use domain::AppId;
use jiff::Timestamp;

use super::{OutboxRow, row};
use crate::row::Table;
use crate::{ReadTx, StoreError, Tx};

const OUTBOX: Table = Table("outbox");

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
    /// The parked events of a service after a position, by position, at most `limit`.
    pub async fn outbox_parked(
        &self,
        source: AppId,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<ParkedRow>, StoreError> {
        let sql = format!(
            "SELECT {}, parked_at, parked_reason FROM outbox \
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
                Ok(ParkedRow {
                    row: row::read(columns)?,
                    parked_at: OUTBOX.timestamp(columns, "parked_at")?,
                    reason: OUTBOX
                        .get::<Option<String>>(columns, "parked_reason")?
                        .unwrap_or_default(),
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
                "UPDATE outbox SET parked_at = NULL, parked_reason = NULL, attempts = 0 \
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
