//! Opening a SQLite file so that what is committed stays.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OptionalExtension as _};

use super::EngineError;

/// What a file holds: the steps that bring it from one version to the next, the first from nothing.
/// How many it has had is kept in `user_version`.
pub(super) struct Schema(pub(super) &'static [&'static str]);

/// Opens the connection that writes, and makes the tables of a new file.
pub(super) fn open_writer(file: &Path, schema: &Schema) -> Result<Connection, EngineError> {
    let mut connection = open(file)?;
    prepare(&mut connection, file, schema)?;
    Ok(connection)
}

/// Opens a connection that only reads. The file must have been opened for writing before.
pub(super) fn open_reader(file: &Path) -> Result<Connection, EngineError> {
    let connection = open(file)?;
    connection
        .pragma_update(None, "query_only", true)
        .map_err(|source| failed(file, source))?;
    Ok(connection)
}

fn open(file: &Path) -> Result<Connection, EngineError> {
    let connection = Connection::open(file).map_err(|source| failed(file, source))?;
    configure(&connection).map_err(|source| failed(file, source))?;
    check(&connection, file, "journal_mode", "wal")?;
    check(&connection, file, "synchronous", "2")?;
    Ok(connection)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // On macOS a plain fsync does not reach the disk.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -4096)?;
    connection.pragma_update(None, "journal_size_limit", 16 << 20)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn check(
    connection: &Connection,
    file: &Path,
    pragma: &'static str,
    needed: &'static str,
) -> Result<(), EngineError> {
    let found = connection
        .pragma_query_value(None, pragma, |row| {
            row.get::<_, rusqlite::types::Value>(0)
                .map(|value| match value {
                    rusqlite::types::Value::Text(text) => text,
                    rusqlite::types::Value::Integer(number) => number.to_string(),
                    other => format!("{other:?}"),
                })
        })
        .map_err(|source| failed(file, source))?;
    if found == needed {
        return Ok(());
    }
    Err(EngineError::NotDurable {
        file: file.to_path_buf(),
        pragma,
        found,
        needed,
    })
}

fn prepare(connection: &mut Connection, file: &Path, schema: &Schema) -> Result<(), EngineError> {
    let found: i64 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .optional()
        .map_err(|source| failed(file, source))?
        .unwrap_or_default();
    let known = i64::try_from(schema.0.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(EngineError::Newer {
            file: file.to_path_buf(),
            found,
            known,
        });
    }
    let had = usize::try_from(found).unwrap_or_default();
    let missing = &schema.0[had..];
    if missing.is_empty() {
        return Ok(());
    }
    let bring_up = |connection: &mut Connection| {
        let transaction = connection.transaction()?;
        for step in missing {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "user_version", known)?;
        transaction.commit()
    };
    bring_up(connection).map_err(|source| failed(file, source))
}

fn failed(file: &Path, source: rusqlite::Error) -> EngineError {
    EngineError::Open {
        file: file.to_path_buf(),
        source,
    }
}
