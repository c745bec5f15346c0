//! The state store: keys with values, etags and times of expiry.

mod tables;

use std::{path::Path, sync::Arc};

use rusqlite::Connection;
use tokio_util::sync::CancellationToken;

use super::{
    EngineError,
    commit::{GroupCommit, Ledger, StorageError},
    database,
    folder::FolderLock,
    readers::Readers,
};
use crate::{clock::Clock, identifiers};

/// The state of all apps. Clones are the same store.
#[derive(Clone)]
pub(crate) struct StateStore {
    inner: Arc<Inner>,
}

struct Inner {
    commit: GroupCommit<NoLedger>,
    readers: Readers,
    clock: Clock,
}

/// A value as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct StateRow {
    pub(crate) value: Vec<u8>,
    pub(crate) etag: String,
    /// Milliseconds since the epoch.
    pub(crate) expires_at: Option<i64>,
}

/// A change of one key.
#[derive(Clone, Debug)]
pub(crate) enum StateOperation {
    Upsert {
        key: String,
        value: Vec<u8>,
        etag: Option<String>,
        concurrency: Concurrency,
        /// Seconds until the value expires.
        ttl: Option<u32>,
    },
    Delete {
        key: String,
        etag: Option<String>,
    },
}

/// What happens to a value that is there already, when no etag is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Concurrency {
    FirstWrite,
    LastWrite,
}

/// Why a change was refused. Nothing of it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StateFailure {
    #[error("possible etag mismatch. error from state store: the stored value has another etag")]
    EtagMismatch,
    #[error("no item was updated")]
    NotUpdated,
}

impl StateStore {
    pub(super) fn open(
        file: &Path,
        clock: Clock,
        lock: &Arc<FolderLock>,
        failed: &CancellationToken,
    ) -> Result<Self, EngineError> {
        let connection = database::open_writer(file, &tables::SCHEMA)?;
        let readers = Readers::start("state-read", file, lock, failed)?;
        let commit = GroupCommit::start(
            "state-write",
            connection,
            NoLedger,
            Arc::clone(lock),
            failed.clone(),
        )
        .map_err(EngineError::Threads)?;
        Ok(Self {
            inner: Arc::new(Inner {
                commit,
                readers,
                clock,
            }),
        })
    }

    /// The values of the keys, in their order.
    pub(crate) async fn get(
        &self,
        keys: Vec<String>,
    ) -> Result<Vec<Option<StateRow>>, StorageError> {
        let now = self.inner.clock.now_milliseconds();
        self.inner
            .readers
            .call(move |connection| {
                keys.iter()
                    .map(|key| tables::read(connection, key, now))
                    .collect()
            })
            .await
    }

    /// Makes changes that stand each for itself: one that is refused does not hold up the others.
    pub(crate) async fn apply(
        &self,
        operations: Vec<StateOperation>,
    ) -> Result<Result<(), StateFailure>, StorageError> {
        let now = self.inner.clock.now_milliseconds();
        self.inner
            .commit
            .call(move |_ledger, connection| {
                let mut outcome = Ok(());
                for operation in &operations {
                    let applied = apply_one(connection, operation, now)?;
                    outcome = outcome.and(applied);
                }
                Ok(outcome)
            })
            .await
    }

    /// Makes all changes or none.
    pub(crate) async fn transact(
        &self,
        operations: Vec<StateOperation>,
    ) -> Result<Result<(), StateFailure>, StorageError> {
        let now = self.inner.clock.now_milliseconds();
        self.inner
            .commit
            .call(move |_ledger, connection| {
                connection.execute_batch("SAVEPOINT state_transaction")?;
                for operation in &operations {
                    if let Err(failure) = apply_one(connection, operation, now)? {
                        connection.execute_batch(
                            "ROLLBACK TO state_transaction; RELEASE state_transaction",
                        )?;
                        return Ok(Err(failure));
                    }
                }
                connection.execute_batch("RELEASE state_transaction")?;
                Ok(Ok(()))
            })
            .await
    }

    /// Deletes values that have expired, some a transaction.
    pub(super) async fn purge(&self) -> Result<(), StorageError> {
        let now = self.inner.clock.now_milliseconds();
        loop {
            let gone = self
                .inner
                .commit
                .call(move |_ledger, connection| {
                    tables::purge(connection, now, ROWS_PER_TRANSACTION)
                })
                .await?;
            if gone < ROWS_PER_TRANSACTION {
                return Ok(());
            }
        }
    }

    pub(super) async fn close(&self) {
        self.inner.commit.close().await;
        self.inner.readers.close().await;
    }
}

fn apply_one(
    connection: &Connection,
    operation: &StateOperation,
    now: i64,
) -> rusqlite::Result<Result<(), StateFailure>> {
    match operation {
        StateOperation::Upsert {
            key,
            value,
            etag,
            concurrency,
            ttl,
        } => {
            let row = StateRow {
                value: value.clone(),
                etag: identifiers::random().to_string(),
                expires_at: ttl.map(|seconds| now + i64::from(seconds) * 1000),
            };
            let (written, failure) = match (etag, concurrency) {
                (Some(etag), _) => (
                    tables::update(connection, key, &row, etag, now)?,
                    StateFailure::EtagMismatch,
                ),
                (None, Concurrency::FirstWrite) => (
                    tables::insert(connection, key, &row, now)?,
                    StateFailure::NotUpdated,
                ),
                (None, Concurrency::LastWrite) => (
                    tables::upsert(connection, key, &row)?,
                    StateFailure::NotUpdated,
                ),
            };
            Ok(if written { Ok(()) } else { Err(failure) })
        }
        StateOperation::Delete {
            key,
            etag: Some(etag),
        } => {
            let deleted = tables::delete_if(connection, key, etag, now)?;
            Ok(if deleted {
                Ok(())
            } else {
                Err(StateFailure::EtagMismatch)
            })
        }
        StateOperation::Delete { key, etag: None } => tables::delete(connection, key).map(Ok),
    }
}

/// The state store keeps nothing in memory.
struct NoLedger;

impl Ledger for NoLedger {
    fn before_commit(&mut self, _connection: &Connection) -> rusqlite::Result<()> {
        Ok(())
    }

    fn committed(&mut self) {}

    fn rolled_back(&mut self) {}
}

const ROWS_PER_TRANSACTION: usize = 1000;
