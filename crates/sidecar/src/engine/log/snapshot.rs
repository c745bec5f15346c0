//! A copy of the topics, made while they are in use.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::Connection;

use super::{Log, tables};
use crate::engine::commit::StorageError;

/// Where the consumer groups stood when a backup began. Nothing is purged until it is dropped.
pub(in crate::engine) struct Standing {
    positions: Vec<((i64, i64), u64)>,
    purge_held: Arc<AtomicUsize>,
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.purge_held.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Log {
    /// Notes where the consumer groups stand.
    pub(in crate::engine) async fn standing(&self) -> Result<Standing, StorageError> {
        self.purge_held.fetch_add(1, Ordering::SeqCst);
        let mut standing = Standing {
            positions: Vec::new(),
            purge_held: Arc::clone(&self.purge_held),
        };
        // Whatever was being purged is done once an empty call has passed the writer.
        self.commit.call(|_ledger, _connection| Ok(())).await?;
        standing.positions = self.positions.snapshot();
        Ok(standing)
    }

    /// Copies every event there is now, with the consumer groups where they stood.
    pub(in crate::engine) async fn copy(
        &self,
        to: &Path,
        standing: &Standing,
    ) -> Result<(), StorageError> {
        let file = to.to_path_buf();
        let positions = standing.positions.clone();
        self.readers
            .call(move |connection| {
                connection.backup("main", &file, None)?;
                let copy = Connection::open(&file)?;
                tables::write_positions(&copy, &positions)
            })
            .await
    }
}
