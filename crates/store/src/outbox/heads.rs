use domain::AppId;

use super::relay::readable;
use super::{OutboxRow, row};
use crate::{ReadTx, StoreError};

impl ReadTx {
    /// The first waiting event of each user and topic, of users in these shards: at most `limit`, in
    /// the order of their positions. However many events one user has waiting, those of the others
    /// are found behind them. A user and topic whose first event is parked has none.
    ///
    /// It reads the whole outbox of the service: it is for when [`ReadTx::outbox_fetch`] brings
    /// nothing that could be published.
    pub async fn outbox_fetch_heads(
        &self,
        source: AppId,
        shards: &[u8],
        limit: u32,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let backend = self.session.backend();
        let sql = format!(
            "SELECT {columns} FROM outbox WHERE parked_at IS NULL AND position IN ( \
               SELECT min(position) FROM outbox WHERE source = $1 AND {among} \
               GROUP BY topic, user_id) \
             ORDER BY position LIMIT $3",
            columns = row::COLUMNS,
            among = backend.is_one_of("shard", 2),
        );
        let shards = backend.numbers(shards.iter().map(|shard| i64::from(*shard)));
        let values = [source.as_str().into(), shards, i64::from(limit).into()];
        let rows = self.session.rows_planned_each_time(sql, values).await?;
        Ok(readable(&rows))
    }
}
