//! What grows old and goes, in batches that hold no lock for long. Each call is worth a transaction
//! of its own, and is repeated until it removes fewer than it might.

use jiff::Timestamp;

use crate::{Backend, StoreError, Tx, time};

impl Tx {
    /// Removes for good at most `limit` tasks that were put in the trash before `before`.
    pub async fn task_purge(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.purge(
            "DELETE FROM tasks WHERE deleted_at IS NOT NULL AND (user_id, id) IN ( \
             SELECT user_id, id FROM tasks WHERE deleted_at < $1 ORDER BY deleted_at LIMIT $2",
            before,
            limit,
        )
        .await
    }

    /// Forgets at most `limit` request ids whose time is over.
    pub async fn request_purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.purge(
            "DELETE FROM request_ids WHERE (user_id, method, request_id) IN ( \
             SELECT user_id, method, request_id FROM request_ids WHERE expires_at <= $1 \
             ORDER BY expires_at LIMIT $2",
            now,
            limit,
        )
        .await
    }

    /// Removes the rows of at most `limit` notifications that were deleted before `before`. Until
    /// then they keep a late delivery of their event from bringing them back, so `before` lies
    /// further back than any topic or dead letter is kept.
    pub async fn notification_purge(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        self.purge(
            "DELETE FROM notifications WHERE id IN ( \
             SELECT id FROM notifications WHERE deleted_at < $1 ORDER BY deleted_at LIMIT $2",
            before,
            limit,
        )
        .await
    }

    /// Takes the tombstone from at most `limit` accounts that were deleted before `before` and of
    /// which nothing is left: the user may come back. The counters go on where they were.
    pub async fn account_purge(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.purge(
            "UPDATE accounts SET deleted_at = NULL, erased_at = NULL WHERE user_id IN ( \
             SELECT user_id FROM accounts WHERE deleted_at < $1 AND erased_at IS NOT NULL \
             ORDER BY deleted_at LIMIT $2",
            before,
            limit,
        )
        .await
    }

    /// Completes a statement that ends in a subquery; rows that somebody holds are left for the
    /// next time.
    async fn purge(&self, sql: &str, time: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let end = match self.session.backend() {
            Backend::Postgres => " FOR UPDATE SKIP LOCKED)",
            Backend::Sqlite => ")",
        };
        let values = [time::instant(time).into(), i64::from(limit).into()];
        self.session.change(format!("{sql}{end}"), values).await
    }
}
