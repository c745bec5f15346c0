//! SQLite's own library with the statements of Errand, in a loop on one thread: SQLite has one
//! writer, however many callers there are.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};
use uuid::Uuid;

use crate::{load::Outcome, statements::FIRST_USER};

/// The tasks on a page.
pub(crate) const PAGE: i32 = 100;

/// The statements of one create, with the values that Errand stored for its one task.
#[derive(Clone, Debug)]
pub(crate) struct Create {
    inserts: Vec<Insert>,
}

/// The statements of one page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    sql: Vec<String>,
}

/// A statement `INSERT INTO table (column, …) VALUES (…), …`.
#[derive(Clone, Debug)]
struct Insert {
    sql: String,
    columns: Vec<String>,
    values: Vec<Value>,
}

impl Create {
    /// Reads the statements from the log of an Errand that was asked for `store::statement=trace`,
    /// and their values from the file in which it has created nothing else.
    pub(crate) fn seen(log: &str, file: &Path) -> anyhow::Result<Self> {
        let marks = ["INTO \"tasks\"", "INTO accounts", "INTO outbox"];
        let connection = open(file)?;
        let inserts = seen(log, &marks)?;
        let inserts = inserts.iter().map(|sql| Insert::new(&connection, sql));
        Ok(Self {
            inserts: inserts.collect::<anyhow::Result<_>>()?,
        })
    }

    /// Creates tasks until the time is up.
    pub(crate) fn repeat(
        &self,
        file: &Path,
        users: usize,
        lasting: Duration,
    ) -> anyhow::Result<Outcome> {
        let connection = open(file)?;
        let mut outcome = Outcome::default();
        let began = Instant::now();
        while began.elapsed() < lasting {
            let sent = Instant::now();
            let user = (FIRST_USER + outcome.latencies.len() % users).to_string();
            connection.execute_batch("BEGIN IMMEDIATE")?;
            for insert in &self.inserts {
                let mut statement = connection.prepare_cached(&insert.sql)?;
                let mut rows = statement.query(params_from_iter(insert.values(&user)))?;
                while rows.next()?.is_some() {}
            }
            connection.execute_batch("COMMIT")?;
            outcome.latencies.push(sent.elapsed());
        }
        outcome.took = began.elapsed();
        Ok(outcome)
    }

    /// For a reader.
    pub(crate) fn text(&self) -> String {
        let statements = self
            .inserts
            .iter()
            .map(|insert| format!("{};\n", insert.sql));
        format!(
            "BEGIN IMMEDIATE;\n{}COMMIT;\n",
            statements.collect::<String>()
        )
    }
}

impl Page {
    /// Reads the statements from the log of an Errand that was asked for `store::statement=trace`.
    pub(crate) fn seen(log: &str) -> anyhow::Result<Self> {
        Ok(Self {
            sql: seen(log, &["FROM \"tasks\"", "FROM \"reminders\""])?,
        })
    }

    /// Lists pages until the time is up, on so many threads.
    pub(crate) fn repeat(
        &self,
        file: &Path,
        users: usize,
        threads: usize,
        lasting: Duration,
    ) -> anyhow::Result<Outcome> {
        let began = Instant::now();
        let latencies = thread::scope(|scope| {
            let threads = (0..threads).map(|_| scope.spawn(|| self.read(file, users, lasting)));
            let threads: Vec<_> = threads.collect();
            let read = threads.into_iter().map(|thread| {
                let read = thread.join();
                read.map_err(|_| anyhow::anyhow!("a thread has panicked"))?
            });
            read.collect::<anyhow::Result<Vec<_>>>()
        });
        Ok(Outcome {
            latencies: latencies?.concat(),
            took: began.elapsed(),
        })
    }

    fn read(&self, file: &Path, users: usize, lasting: Duration) -> anyhow::Result<Vec<Duration>> {
        let connection = open(file)?;
        let [tasks, reminders] = &self.sql[..] else {
            anyhow::bail!("a page is two statements");
        };
        let mut latencies = Vec::new();
        let began = Instant::now();
        while began.elapsed() < lasting {
            let sent = Instant::now();
            let user = Value::from((FIRST_USER + latencies.len() % users).to_string());
            connection.execute_batch("BEGIN")?;
            let mut ids = Vec::new();
            let mut statement = connection.prepare_cached(tasks)?;
            let id = statement.column_index("id")?;
            let mut rows = statement.query([user.clone(), Value::from(PAGE + 1)])?;
            while let Some(row) = rows.next()? {
                ids.push(Uuid::from_bytes(row.get(id)?).simple().to_string());
            }
            let mut statement = connection.prepare_cached(reminders)?;
            let ids = serde_json::Value::from(ids).to_string();
            let mut rows = statement.query([user, Value::from(ids)])?;
            while rows.next()?.is_some() {}
            connection.execute_batch("ROLLBACK")?;
            latencies.push(sent.elapsed());
        }
        Ok(latencies)
    }

    /// For a reader.
    pub(crate) fn text(&self) -> String {
        let statements = self.sql.iter().map(|sql| format!("{sql};\n"));
        format!("BEGIN;\n{}ROLLBACK;\n", statements.collect::<String>())
    }
}

impl Insert {
    fn new(connection: &Connection, sql: &str) -> anyhow::Result<Self> {
        let (table, columns) = sql
            .strip_prefix("INSERT INTO ")
            .and_then(|sql| sql.split_once('('))
            .and_then(|(table, rest)| Some((table, rest.split_once(')')?.0)))
            .with_context(|| format!("not an insert: {sql}"))?;
        let table = table.split_whitespace().next().context("no table")?;
        let rows = format!("SELECT {columns} FROM {table}");
        let mut statement = connection.prepare(&rows)?;
        let columns: Vec<_> = statement
            .column_names()
            .into_iter()
            .map(str::to_owned)
            .collect();
        let mut rows = statement.query([])?;
        let mut values = Vec::new();
        while let Some(row) = rows.next()? {
            for column in 0..columns.len() {
                values.push(row.get(column)?);
            }
        }
        let wanted = connection.prepare(sql)?.parameter_count();
        ensure!(
            values.len() == wanted,
            "{table} is not as one create leaves it"
        );
        Ok(Self {
            sql: sql.to_owned(),
            columns,
            values,
        })
    }

    /// The values of another task, of another user.
    fn values(&self, user: &str) -> impl Iterator<Item = Value> {
        let columns = self.columns.iter().cycle();
        columns
            .zip(&self.values)
            .map(|(column, value)| match column.as_str() {
                "user_id" => Value::from(user.to_owned()),
                "id" | "event_id" => Value::from(new_id()),
                _ => value.clone(),
            })
    }
}

/// Writes and reads as Errand does: WAL, and every commit on the disk.
fn open(file: &Path) -> anyhow::Result<Connection> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// How many rows of a table there are.
pub(crate) fn count(file: &Path, table: &str) -> anyhow::Result<u64> {
    let sql = format!("SELECT count(*) FROM {table}");
    let count: i64 = open(file)?.query_row(&sql, [], |row| row.get(0))?;
    Ok(u64::try_from(count)?)
}

/// Runs statements that answer nothing.
pub(crate) fn run(file: &Path, sql: &str) -> anyhow::Result<()> {
    Ok(open(file)?.execute_batch(sql)?)
}

/// The last statement with each of the marks in a log of JSON.
fn seen(log: &str, marks: &[&str]) -> anyhow::Result<Vec<String>> {
    let sent: Vec<String> = log
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|line| Some(line["sql"].as_str()?.to_owned()))
        .collect();
    let found = marks.iter().map(|mark| {
        let found = sent.iter().rfind(|sql| sql.contains(mark)).cloned();
        found.with_context(|| format!("no statement with {mark} is in Errand's log"))
    });
    found.collect()
}

/// An id in the order of time, as Errand's are.
#[expect(
    clippy::disallowed_methods,
    reason = "a reference makes its own ids, and nobody tests it by them"
)]
fn new_id() -> Vec<u8> {
    Uuid::now_v7().into_bytes().to_vec()
}
