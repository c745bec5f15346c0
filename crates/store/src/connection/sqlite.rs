use std::str::FromStr;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use super::Pools;
use crate::StoreError;
use crate::config::StoreConfig;

/// More readers than this gain nothing from one file.
const MAX_READERS: u32 = 8;

/// How many rows the thread that reads a file hands over at once: more than a page has, so that one
/// is not read in turns.
const ROWS_AT_ONCE: usize = 1_024;

/// What `PRAGMA synchronous` answers for FULL.
const FULL: i64 = 2;

pub(super) async fn connect(config: &StoreConfig) -> Result<Pools, StoreError> {
    let options = SqliteConnectOptions::from_str(config.url.expose())
        .map_err(|error| StoreError::InvalidUrl {
            reason: error.to_string(),
        })?
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(config.acquire_timeout)
        .row_buffer_size(ROWS_AT_ONCE)
        .disable_statement_logging();
    // A pool would try again and again, and tell only that it took too long.
    let mut first = SqliteConnection::connect_with(&options).await?;
    assert_durable(&mut first).await.map_err(refused)?;
    first.close().await?;
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(config.acquire_timeout)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(assert_durable(connection)))
        .after_release(|connection, _| Box::pin(has_ended(connection)))
        .connect_with(options.clone())
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(config.max_connections.clamp(1, MAX_READERS))
        .acquire_timeout(config.acquire_timeout)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(assert_durable(connection)))
        .after_release(|connection, _| Box::pin(has_ended(connection)))
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    Ok(Pools::Sqlite { writer, readers })
}

/// Reads back what was asked for: a pragma that SQLite does not honour is no error to it, and an
/// acknowledged commit that a power cut takes back is the one thing that may not be.
async fn assert_durable(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(&mut *connection)
        .await?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(connection)
        .await?;
    if synchronous == FULL && journal == "wal" {
        Ok(())
    } else {
        Err(sqlx::Error::Configuration(Box::new(StoreError::NotDurable)))
    }
}

/// Whether a connection that comes back is out of its transaction. A disk that is full or fails makes
/// SQLite end a transaction by itself; then there is nothing to roll back, the driver takes that for
/// a failed rollback, and would refuse every later transaction of the connection.
async fn has_ended(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // The rollback of one that was dropped is under way, and this comes after it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

fn refused(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Configuration(source) if source.is::<StoreError>() => StoreError::NotDurable,
        other => other.into(),
    }
}
