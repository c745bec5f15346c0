//! The table of the state store, and every statement on it. A value whose time has come is as good
//! as gone, also before it is purged.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::StateRow;
use crate::engine::database::Schema;

pub(super) const SCHEMA: Schema = Schema(&["
    CREATE TABLE state (
        key TEXT PRIMARY KEY,
        value BLOB NOT NULL,
        etag TEXT NOT NULL,
        expires_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX state_expires_at ON state (expires_at) WHERE expires_at IS NOT NULL;
"]);

pub(super) fn read(
    connection: &Connection,
    key: &str,
    now: i64,
) -> rusqlite::Result<Option<StateRow>> {
    connection
        .prepare_cached(
            "SELECT value, etag, expires_at FROM state
             WHERE key = ?1 AND (expires_at IS NULL OR expires_at > ?2)",
        )?
        .query_row(params![key, now], |row| {
            Ok(StateRow {
                value: row.get(0)?,
                etag: row.get(1)?,
                expires_at: row.get(2)?,
            })
        })
        .optional()
}

/// Writes whatever was there before.
pub(super) fn upsert(connection: &Connection, key: &str, row: &StateRow) -> rusqlite::Result<bool> {
    let written = connection
        .prepare_cached(
            "INSERT INTO state (key, value, etag, expires_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (key) DO UPDATE
             SET value = excluded.value, etag = excluded.etag, expires_at = excluded.expires_at",
        )?
        .execute(params![key, row.value, row.etag, row.expires_at])?;
    Ok(written == 1)
}

/// Writes only where nothing is.
pub(super) fn insert(
    connection: &Connection,
    key: &str,
    row: &StateRow,
    now: i64,
) -> rusqlite::Result<bool> {
    let written = connection
        .prepare_cached(
            "INSERT INTO state (key, value, etag, expires_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (key) DO UPDATE
             SET value = excluded.value, etag = excluded.etag, expires_at = excluded.expires_at
             WHERE state.expires_at <= ?5",
        )?
        .execute(params![key, row.value, row.etag, row.expires_at, now])?;
    Ok(written == 1)
}

/// Writes only over the value with that etag.
pub(super) fn update(
    connection: &Connection,
    key: &str,
    row: &StateRow,
    etag: &str,
    now: i64,
) -> rusqlite::Result<bool> {
    let written = connection
        .prepare_cached(
            "UPDATE state SET value = ?2, etag = ?3, expires_at = ?4
             WHERE key = ?1 AND etag = ?5 AND (expires_at IS NULL OR expires_at > ?6)",
        )?
        .execute(params![key, row.value, row.etag, row.expires_at, etag, now])?;
    Ok(written == 1)
}

pub(super) fn delete(connection: &Connection, key: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM state WHERE key = ?1")?
        .execute([key])?;
    Ok(())
}

/// Deletes only the value with that etag.
pub(super) fn delete_if(
    connection: &Connection,
    key: &str,
    etag: &str,
    now: i64,
) -> rusqlite::Result<bool> {
    let deleted = connection
        .prepare_cached(
            "DELETE FROM state
             WHERE key = ?1 AND etag = ?2 AND (expires_at IS NULL OR expires_at > ?3)",
        )?
        .execute(params![key, etag, now])?;
    Ok(deleted == 1)
}

pub(super) fn purge(connection: &Connection, now: i64, limit: usize) -> rusqlite::Result<usize> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "DELETE FROM state WHERE key IN
             (SELECT key FROM state WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
        )?
        .execute(params![now, limit])
}
