//! Retention: events that are old and that every consumer group has passed are deleted.
//!
//! Kafka deletes by age alone. Here a group that is behind loses nothing: an event stays until
//! every named group has passed it, however long that takes. Only a group that is gone for good is
//! not waited for (`absence.rs`).

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use super::{Log, Partition, tables};
use crate::{clock::milliseconds, engine::commit::StorageError};

impl Log {
    /// Deletes what may go, some rows a transaction, so that publishers never wait long. Then looks
    /// after the groups: on a disk that is full, what frees room comes first.
    pub(in crate::engine) async fn purge(&self) -> Result<(), StorageError> {
        for (partition, before) in self.purgeable() {
            while self.purge_some(&partition, before).await? == ROWS_PER_TRANSACTION {}
        }
        self.forget_absent_groups().await
    }

    /// The size of the file in bytes, free pages not counted.
    pub(in crate::engine) async fn size(&self) -> Result<u64, StorageError> {
        self.readers
            .call(|connection| {
                connection.query_row(
                    "SELECT (page_count - freelist_count) * page_size
                     FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
                    [],
                    |row| row.get::<_, i64>(0).map(i64::cast_unsigned),
                )
            })
            .await
    }

    /// By how much the oldest event has outlived its retention, since a group has not passed it.
    pub(in crate::engine) async fn held_back(&self) -> Result<Duration, StorageError> {
        let purgeable = self.purgeable();
        self.readers
            .call(move |connection| {
                let mut longest = 0;
                for (partition, before) in purgeable {
                    let oldest = tables::oldest_timestamp(connection, &partition)?;
                    longest = longest.max(before - oldest.unwrap_or(before));
                }
                Ok(Duration::from_millis(longest.unsigned_abs()))
            })
            .await
    }

    fn purgeable(&self) -> Vec<(Arc<Partition>, i64)> {
        let now = self.clock.now_milliseconds();
        let defaults = self.defaults.read().unwrap_or_else(PoisonError::into_inner);
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        topics
            .values()
            .flat_map(|topic| {
                let before = now - milliseconds(defaults.retention_of(&topic.name));
                topic
                    .partitions
                    .iter()
                    .map(move |partition| (Arc::clone(partition), before))
            })
            .collect()
    }

    async fn purge_some(
        &self,
        partition: &Arc<Partition>,
        before: i64,
    ) -> Result<usize, StorageError> {
        let below = self
            .positions
            .least(partition.id)
            .unwrap_or_else(|| partition.end());
        let purged = Arc::clone(partition);
        let gone = self
            .commit
            .call(move |_ledger, connection| {
                tables::purge_messages(connection, &purged, before, below, ROWS_PER_TRANSACTION)
            })
            .await?;
        let Some((first, count)) = gone else {
            return Ok(0);
        };
        partition.purged(first);
        Ok(count)
    }
}

const ROWS_PER_TRANSACTION: usize = 1000;
