use domain::{AppId, EventId};
use jiff::Timestamp;

use super::{Fence, relay::held};
use crate::row::Table;
use crate::{ReadTx, StoreError, Tx};

const OUTBOX: Table = Table("outbox");

/// An event that waits, and could not be published when that was tried last. Nothing is wrong with
/// the event: something is away, or it is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailingRow {
    /// The service that is to publish it.
    pub source: AppId,
    /// Its id.
    pub event_id: EventId,
    /// Where it is to go.
    pub topic: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Why it could not be published.
    pub reason: String,
}

impl ReadTx {
    /// The oldest event of a service that waits though it was tried to publish it. It reads all that
    /// wait: it is for people who ask.
    pub async fn outbox_failing(&self, source: AppId) -> Result<Option<FailingRow>, StoreError> {
        let row = self
            .session
            .row(
                "SELECT event_id, topic, occurred_at, last_failure FROM outbox \
                 WHERE source = $1 AND parked_at IS NULL AND last_failure IS NOT NULL \
                 ORDER BY position LIMIT 1",
                [source.as_str().into()],
            )
            .await?;
        row.map(|row| {
            Ok(FailingRow {
                source,
                event_id: EventId(OUTBOX.get(&row, "event_id")?),
                topic: OUTBOX.get(&row, "topic")?,
                occurred_at: OUTBOX.timestamp(&row, "occurred_at")?,
                reason: OUTBOX.get(&row, "last_failure")?,
            })
        })
        .transpose()
    }
}

impl Tx {
    /// Keeps why an event that waits could not be published. The reason goes with the row, or gives
    /// way to that of parking it. False if the lease was lost.
    pub async fn outbox_note_failure(
        &self,
        source: AppId,
        position: i64,
        fences: &[Fence],
        reason: &str,
    ) -> Result<bool, StoreError> {
        let backend = self.session.backend();
        let sql = format!(
            "UPDATE outbox SET last_failure = $4 \
             WHERE source = $1 AND position = $2 AND parked_at IS NULL AND EXISTS ({held})",
            held = held(backend, 3),
        );
        let values = [
            source.as_str().into(),
            position.into(),
            backend.texts(fences.iter().map(Fence::to_string)),
            reason.into(),
        ];
        Ok(self.session.change(sql, values).await? == 1)
    }
}
