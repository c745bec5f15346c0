use std::fmt;

use domain::AppId;
use jiff::Timestamp;
use sea_orm::{QueryResult, Value};

use crate::row::Table;
use crate::{ReadTx, StoreError, Tx, time};

const LEASES: Table = Table("outbox_leases");

/// The right of one relay to publish the events of one service and shard, for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The shard, 0 to 15.
    pub shard: u8,
    /// Who holds it: the relay's own name.
    pub owner: String,
    /// Grows with every new owner.
    pub fence: i64,
    /// When it ends, unless it is renewed.
    pub expires_at: Timestamp,
}

/// Under which fence a relay believes to hold a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fence {
    /// The shard.
    pub shard: u8,
    /// The fence of its lease.
    pub fence: i64,
}

impl Lease {
    /// What proves that the shard is still held.
    pub fn fence(&self) -> Fence {
        Fence {
            shard: self.shard,
            fence: self.fence,
        }
    }
}

impl fmt::Display for Fence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.shard, self.fence)
    }
}

impl ReadTx {
    /// All leases of a service, those that have ended included, by shard: from them a relay sees
    /// how many others there are, and takes its fair share.
    pub async fn lease_list(&self, source: AppId) -> Result<Vec<Lease>, StoreError> {
        let rows = self
            .session
            .rows(
                "SELECT shard, owner, fence, expires_at FROM outbox_leases \
                 WHERE source = $1 ORDER BY shard",
                [source.as_str().into()],
            )
            .await?;
        rows.iter().map(read).collect()
    }
}

impl Tx {
    /// Takes those of the shards that nobody holds, until `expires_at`, and gives their leases.
    pub async fn lease_acquire(
        &self,
        source: AppId,
        shards: &[u8],
        owner: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Vec<Lease>, StoreError> {
        // In order, so that two who take the same shards wait for each other, not in a circle.
        let mut shards = shards.to_vec();
        shards.sort_unstable();
        shards.dedup();
        if shards.is_empty() {
            return Ok(Vec::new());
        }
        let mut values: Vec<Value> = vec![
            source.as_str().into(),
            owner.into(),
            time::instant(expires_at).into(),
            time::instant(now).into(),
        ];
        let mut rows = Vec::new();
        for shard in shards {
            values.push(i16::from(shard).into());
            rows.push(format!("($1, ${}, $2, 1, $3)", values.len()));
        }
        let sql = format!(
            "INSERT INTO outbox_leases AS l (source, shard, owner, fence, expires_at) VALUES {} \
             ON CONFLICT (source, shard) DO UPDATE SET owner = excluded.owner, \
             fence = l.fence + 1, expires_at = excluded.expires_at \
             WHERE l.expires_at <= $4 RETURNING shard, owner, fence, expires_at",
            rows.join(", ")
        );
        self.session
            .rows(sql, values)
            .await?
            .iter()
            .map(read)
            .collect()
    }

    /// Extends leases until `expires_at` and gives those that were still held; the others are lost.
    pub async fn lease_renew(
        &self,
        source: AppId,
        fences: &[Fence],
        expires_at: Timestamp,
    ) -> Result<Vec<Lease>, StoreError> {
        let sql = format!(
            "UPDATE outbox_leases SET expires_at = $2 WHERE source = $1 AND {} \
             RETURNING shard, owner, fence, expires_at",
            self.is_held(3)
        );
        let values = [
            source.as_str().into(),
            time::instant(expires_at).into(),
            self.held(fences),
        ];
        self.session
            .rows(sql, values)
            .await?
            .iter()
            .map(read)
            .collect()
    }

    /// Gives leases back, so that others need not wait for their end.
    pub async fn lease_release(
        &self,
        source: AppId,
        fences: &[Fence],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE outbox_leases SET expires_at = $2 WHERE source = $1 AND {}",
            self.is_held(3)
        );
        let values = [
            source.as_str().into(),
            time::instant(now).into(),
            self.held(fences),
        ];
        self.session.change(sql, values).await?;
        Ok(())
    }

    fn is_held(&self, place: usize) -> String {
        let fence = "(CAST(shard AS text) || ':' || CAST(fence AS text))";
        self.session.backend().is_one_of(fence, place)
    }

    fn held(&self, fences: &[Fence]) -> Value {
        self.session
            .backend()
            .texts(fences.iter().map(Fence::to_string))
    }
}

fn read(row: &QueryResult) -> Result<Lease, StoreError> {
    Ok(Lease {
        shard: u8::try_from(LEASES.get::<i16>(row, "shard")?)
            .map_err(|_| LEASES.corrupt("shard"))?,
        owner: LEASES.get(row, "owner")?,
        fence: LEASES.get(row, "fence")?,
        expires_at: LEASES.timestamp(row, "expires_at")?,
    })
}
