//! Every statement on consumer groups and their positions.

use std::collections::HashMap;

use rusqlite::{Connection, params};

/// A group that is forgotten in a topic.
#[derive(Debug)]
pub(super) struct Forgotten {
    pub(super) group: String,
    pub(super) topic: String,
    /// The group's and the partition's rows.
    pub(super) at: (i64, i64),
}

pub(super) fn read_positions(
    connection: &Connection,
) -> rusqlite::Result<HashMap<(i64, i64), u64>> {
    let mut statement =
        connection.prepare("SELECT group_id, partition_id, next_offset FROM positions")?;
    statement
        .query_map([], |row| {
            Ok((
                (row.get(0)?, row.get(1)?),
                row.get::<_, i64>(2)?.cast_unsigned(),
            ))
        })?
        .collect()
}

/// The group of that name and its positions in the partitions, made where they are not there. It has
/// a member now.
pub(super) fn ensure_group(
    connection: &Connection,
    name: &str,
    starts: &[(i64, u64)],
    now: i64,
) -> rusqlite::Result<(i64, Vec<(i64, u64)>)> {
    connection.execute(
        "INSERT INTO groups (name) VALUES (?1) ON CONFLICT DO NOTHING",
        [name],
    )?;
    let group: i64 =
        connection.query_row("SELECT id FROM groups WHERE name = ?1", [name], |row| {
            row.get(0)
        })?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO positions (group_id, partition_id, next_offset, seen_at)
         VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at RETURNING next_offset",
    )?;
    let positions = starts
        .iter()
        .map(|&(partition, first)| {
            let next: i64 = insert
                .query_row(params![group, partition, first.cast_signed(), now], |row| {
                    row.get(0)
                })?;
            Ok((partition, next.cast_unsigned()))
        })
        .collect::<rusqlite::Result<_>>()?;
    Ok((group, positions))
}

pub(super) fn write_positions(
    connection: &Connection,
    positions: &[((i64, i64), u64)],
) -> rusqlite::Result<()> {
    if positions.is_empty() {
        return Ok(());
    }
    let mut update = connection.prepare_cached(
        "UPDATE positions SET next_offset = ?3 WHERE group_id = ?1 AND partition_id = ?2",
    )?;
    for &((group, partition), next) in positions {
        update.execute(params![group, partition, next.cast_signed()])?;
    }
    Ok(())
}

/// Notes that these groups have a member in these topics now.
pub(super) fn see_members(
    connection: &Connection,
    seats: &[(i64, i64)],
    now: i64,
) -> rusqlite::Result<()> {
    let mut update = connection.prepare_cached(
        "UPDATE positions SET seen_at = ?3 WHERE group_id = ?1
         AND partition_id IN (SELECT id FROM partitions WHERE topic = ?2)",
    )?;
    for (group, topic) in seats {
        update.execute(params![group, topic, now])?;
    }
    Ok(())
}

/// Forgets where groups stood that have had no member in a topic since `before`.
pub(super) fn forget_absent(
    connection: &Connection,
    before: i64,
) -> rusqlite::Result<Vec<Forgotten>> {
    let mut absent = connection.prepare_cached(
        "SELECT groups.name, topics.name, group_id, partition_id FROM positions
         JOIN groups ON groups.id = group_id
         JOIN partitions ON partitions.id = partition_id
         JOIN topics ON topics.id = partitions.topic
         WHERE seen_at < ?1",
    )?;
    let forgotten: Vec<Forgotten> = absent
        .query_map([before], |row| {
            Ok(Forgotten {
                group: row.get(0)?,
                topic: row.get(1)?,
                at: (row.get(2)?, row.get(3)?),
            })
        })?
        .collect::<Result<_, _>>()?;
    if !forgotten.is_empty() {
        connection.execute("DELETE FROM positions WHERE seen_at < ?1", [before])?;
    }
    Ok(forgotten)
}
