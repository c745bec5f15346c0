//! The tables of the topics, and every statement on them.
//!
//! An event's row id is its partition's id and its offset in one number, so that a partition is one
//! run of rows, written at its end and read in order, without an index.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Fetched, Message, Partition, Record, Topic};
use crate::engine::database::Schema;

pub(super) const SCHEMA: Schema = Schema(&[
    "
    CREATE TABLE topics (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE partitions (
        id INTEGER PRIMARY KEY,
        topic INTEGER NOT NULL REFERENCES topics (id),
        number INTEGER NOT NULL,
        first_offset INTEGER NOT NULL DEFAULT 0,
        next_offset INTEGER NOT NULL DEFAULT 0,
        UNIQUE (topic, number)
    ) STRICT;
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        timestamp INTEGER NOT NULL,
        key TEXT,
        headers TEXT NOT NULL,
        value BLOB NOT NULL
    ) STRICT;
    CREATE TABLE groups (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE positions (
        group_id INTEGER NOT NULL REFERENCES groups (id),
        partition_id INTEGER NOT NULL REFERENCES partitions (id),
        next_offset INTEGER NOT NULL,
        PRIMARY KEY (group_id, partition_id)
    ) STRICT, WITHOUT ROWID;
    ",
    // When the group last had a member, in milliseconds since the epoch.
    "ALTER TABLE positions ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;",
]);

/// Bits of a row id that hold the offset.
const OFFSET_BITS: u32 = 40;

/// A partition as its row says.
pub(super) struct PartitionRow {
    pub(super) topic: i64,
    pub(super) id: i64,
    pub(super) number: u32,
    pub(super) first: u64,
    pub(super) next: u64,
}

/// An event that has no offset yet.
pub(super) struct NewMessage {
    record: Record,
    headers: String,
}

impl NewMessage {
    /// Prepares the row outside the writer's thread.
    pub(super) fn new(record: Record) -> Self {
        let headers = serde_json::to_string(&record.headers).expect("a map of strings is JSON");
        Self { record, headers }
    }

    pub(super) fn stored(self, offset: u64, timestamp: i64) -> Message {
        let Record {
            key,
            headers,
            value,
            ..
        } = self.record;
        Message {
            offset,
            timestamp,
            key,
            headers,
            value,
        }
    }
}

pub(super) fn row_id(partition: i64, offset: u64) -> i64 {
    (partition << OFFSET_BITS) | i64::try_from(offset).expect("offsets stay below 2^40")
}

pub(super) fn offset_of(row_id: i64) -> u64 {
    (row_id & ((1 << OFFSET_BITS) - 1)).cast_unsigned()
}

pub(super) fn read_topics(
    connection: &Connection,
) -> rusqlite::Result<HashMap<String, Arc<Topic>>> {
    let mut names = connection.prepare("SELECT id, name FROM topics")?;
    let names: Vec<(i64, String)> = names
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    names
        .into_iter()
        .map(|(id, name)| {
            let rows = read_partitions(connection, id)?;
            let topic = Arc::new(Topic::new(&name, rows));
            Ok((name, topic))
        })
        .collect()
}

fn read_partitions(connection: &Connection, topic: i64) -> rusqlite::Result<Vec<PartitionRow>> {
    let mut partitions = connection.prepare_cached(
        "SELECT id, number, first_offset, next_offset FROM partitions WHERE topic = ?1 ORDER BY number",
    )?;
    let mut rows: Vec<PartitionRow> = partitions
        .query_map([topic], |row| {
            Ok(PartitionRow {
                topic,
                id: row.get(0)?,
                number: row.get(1)?,
                first: row.get::<_, i64>(2)?.cast_unsigned(),
                next: row.get::<_, i64>(3)?.cast_unsigned(),
            })
        })?
        .collect::<Result<_, _>>()?;
    // The row's next offset is only written when events are purged; the last event knows better.
    let mut last =
        connection.prepare_cached("SELECT max(id) FROM messages WHERE id >= ?1 AND id < ?2")?;
    for row in &mut rows {
        let bounds = params![row_id(row.id, 0), row_id(row.id + 1, 0)];
        if let Some(last) = last.query_row(bounds, |found| found.get::<_, Option<i64>>(0))? {
            row.next = row.next.max(offset_of(last) + 1);
        }
    }
    Ok(rows)
}

/// Makes the topic, or the partitions it lacks.
pub(super) fn ensure_topic(
    connection: &Connection,
    name: &str,
    partitions: u32,
) -> rusqlite::Result<Vec<PartitionRow>> {
    connection.execute(
        "INSERT INTO topics (name) VALUES (?1) ON CONFLICT DO NOTHING",
        [name],
    )?;
    let topic: i64 =
        connection.query_row("SELECT id FROM topics WHERE name = ?1", [name], |row| {
            row.get(0)
        })?;
    for number in 0..partitions {
        connection.execute(
            "INSERT INTO partitions (topic, number) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![topic, number],
        )?;
    }
    read_partitions(connection, topic)
}

pub(super) fn insert_message(
    connection: &Connection,
    partition: i64,
    offset: u64,
    timestamp: i64,
    message: &NewMessage,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO messages (id, timestamp, key, headers, value) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            row_id(partition, offset),
            timestamp,
            message.record.key,
            message.headers,
            &message.record.value[..],
        ])?;
    Ok(())
}

pub(super) fn read_messages(
    connection: &Connection,
    partition: i64,
    from: u64,
    end: u64,
    limit: usize,
    bytes: usize,
) -> rusqlite::Result<Fetched> {
    let mut statement = connection.prepare_cached(
        "SELECT id, timestamp, key, headers, value FROM messages
         WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![
        row_id(partition, from),
        row_id(partition, end),
        limit
    ])?;
    let mut messages = Vec::new();
    let mut taken = 0;
    while let Some(row) = rows.next()? {
        let headers: String = row.get(3)?;
        let headers: BTreeMap<String, String> =
            serde_json::from_str(&headers).map_err(|source| {
                rusqlite::Error::FromSqlConversionFailure(
                    3,
                    rusqlite::types::Type::Text,
                    Box::new(source),
                )
            })?;
        let value: Vec<u8> = row.get(4)?;
        taken += value.len();
        messages.push(Arc::new(Message {
            offset: offset_of(row.get(0)?),
            timestamp: row.get(1)?,
            key: row.get(2)?,
            headers,
            value: Bytes::from(value),
        }));
        if taken >= bytes {
            break;
        }
    }
    let next = messages.last().map_or(end, |last| last.offset + 1);
    Ok(Fetched { messages, next })
}

/// The offsets of the oldest events of a partition, up to `limit`, that are older than `before`
/// and lie below `below`: the next offset to keep, and how many go.
pub(super) fn purge_messages(
    connection: &Connection,
    partition: &Partition,
    before: i64,
    below: u64,
    limit: usize,
) -> rusqlite::Result<Option<(u64, usize)>> {
    let mut oldest = connection.prepare_cached(
        "SELECT id, timestamp FROM messages WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let bounds = params![row_id(partition.id, 0), row_id(partition.id, below), limit];
    let mut rows = oldest.query(bounds)?;
    let mut last = None;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(1)? >= before {
            break;
        }
        last = Some(row.get::<_, i64>(0)?);
        count += 1;
    }
    let Some(last) = last else { return Ok(None) };
    connection
        .prepare_cached("DELETE FROM messages WHERE id >= ?1 AND id <= ?2")?
        .execute(params![row_id(partition.id, 0), last])?;
    let first = offset_of(last) + 1;
    connection
        .prepare_cached(
            "UPDATE partitions SET first_offset = ?2, next_offset = max(next_offset, ?3) WHERE id = ?1",
        )?
        .execute(params![partition.id, first.cast_signed(), partition.end().cast_signed()])?;
    Ok(Some((first, count)))
}

/// When the oldest event of a partition was appended.
pub(super) fn oldest_timestamp(
    connection: &Connection,
    partition: &Partition,
) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT timestamp FROM messages WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 1",
        )?
        .query_row(
            params![row_id(partition.id, 0), row_id(partition.id + 1, 0)],
            |row| row.get(0),
        )
        .optional()
}
