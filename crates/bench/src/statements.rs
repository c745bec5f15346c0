//! The statements that Errand was seen to send, as a script for pgbench.
//!
//! They are read where they arrive, in PostgreSQL's own log, with their values, `BEGIN` and `COMMIT`
//! among them. So the reference runs what Errand runs, whatever that has become.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};

/// The first of the users who take turns. No other value looks like one.
pub(crate) const FIRST_USER: usize = 900_001;

/// An id made by the server, in the order of time as Errand's own are.
const NEW_ID: &str = "(lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') \
                      || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid";

/// A transaction for pgbench.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    text: String,
}

/// A statement that has arrived, with `$1` … in it, and its values as the log writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    process: String,
    sql: String,
    values: BTreeMap<usize, String>,
}

impl Script {
    /// The last statements in a server's log that have these marks in them, one for each mark, with
    /// the same values each time.
    pub(crate) fn of_statements(log: &str, marks: &[&str]) -> anyhow::Result<Self> {
        let seen = seen(log)?;
        let statements = marks.iter().map(|mark| {
            let found = seen.iter().rfind(|statement| statement.sql.contains(mark));
            found.with_context(|| format!("no statement with {mark} is in the server's log"))
        });
        let statements: Vec<_> = statements.collect::<anyhow::Result<_>>()?;
        Self::new(statements, literal)
    }

    /// The last transaction in a server's log that has a statement with this mark in it, each time
    /// for one of so many users, instead of the first, and with ids of its own.
    pub(crate) fn of_transaction(log: &str, mark: &str, users: usize) -> anyhow::Result<Self> {
        let seen = seen(log)?;
        let at = seen
            .iter()
            .rposition(|statement| statement.sql.contains(mark));
        let at = at.with_context(|| format!("no statement with {mark} is in the server's log"))?;
        let is_own = |statement: &&Seen| statement.process == seen[at].process;
        let begun = seen[..at]
            .iter()
            .rposition(|statement| is_own(&statement) && statement.sql.starts_with("BEGIN"));
        let begun = begun.context("the statement is in no transaction")?;
        let mut is_over = false;
        let statements = seen[begun..].iter().filter(is_own).take_while(|statement| {
            let goes_on = !is_over;
            is_over = statement.sql.starts_with("COMMIT");
            goes_on
        });
        let script = Self::new(statements, varied)?;
        let text = script.text;
        ensure!(
            text.contains(":user") && text.contains(NEW_ID) && text.ends_with("COMMIT;\n"),
            "this is no transaction that can be varied:\n{text}"
        );
        let last = FIRST_USER + users - 1;
        let text = format!("\\set user random({FIRST_USER}, {last})\n{text}");
        Ok(Self { text })
    }

    /// The script itself.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn new<'a>(
        statements: impl IntoIterator<Item = &'a Seen>,
        written: fn(&str) -> String,
    ) -> anyhow::Result<Self> {
        let mut text = String::new();
        for statement in statements {
            text.push_str(&statement.with_values(written)?);
            text.push_str(";\n");
        }
        Ok(Self { text })
    }
}

impl Seen {
    /// The statement on one line, with its values in it.
    fn with_values(&self, written: fn(&str) -> String) -> anyhow::Result<String> {
        let mut text = String::new();
        let mut rest = self.sql.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, after) = after.split_at(digits);
            let number = number.parse().context("a dollar that is no value")?;
            let value = self.values.get(&number).context("a value is missing")?;
            text.push_str(before);
            text.push_str(&written(value));
            rest = after;
        }
        text.push_str(rest);
        Ok(text.replace(['\n', '\t'], " "))
    }
}

/// A value that is another in each transaction, if it is a user or an id or several of them.
fn varied(value: &str) -> String {
    let text = value.trim_matches('\'');
    let elements = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    match elements {
        None => variable(text).map_or_else(|| literal(value), str::to_owned),
        Some(elements) => {
            let elements: Option<Vec<_>> = elements.split(',').map(variable).collect();
            elements.map_or_else(
                || literal(value),
                |elements| format!("ARRAY[{}]", elements.join(", ")),
            )
        }
    }
}

fn variable(text: &str) -> Option<&'static str> {
    let is_id = text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if is_id {
        Some(NEW_ID)
    } else if text.parse() == Ok(FIRST_USER) {
        Some(":user")
    } else {
        None
    }
}

/// A value as it is. A colon before a letter would be a variable to pgbench.
fn literal(value: &str) -> String {
    if value.contains(':') {
        let escaped = value.replace('\\', "\\\\").replace(':', "\\x3a");
        format!("E{escaped}")
    } else {
        value.to_owned()
    }
}

/// All statements in a log, in their order.
fn seen(log: &str) -> anyhow::Result<Vec<Seen>> {
    let mut seen: Vec<Seen> = Vec::new();
    for record in records(log) {
        let Some((process, record)) = record
            .split_once(" [")
            .and_then(|(_, record)| record.split_once("] "))
        else {
            continue;
        };
        if let Some(sql) = record.strip_prefix("LOG:  statement: ") {
            seen.push(Seen::new(process, sql));
        } else if let Some(execute) = record.strip_prefix("LOG:  execute ") {
            let (_, sql) = execute
                .split_once(": ")
                .context("a statement without a name")?;
            seen.push(Seen::new(process, sql));
        } else if let Some(detail) = record.strip_prefix("DETAIL:  ")
            && let Some(values) = detail.get("parameters: ".len()..)
            && detail.to_ascii_lowercase().starts_with("parameters: ")
            && let Some(last) = seen.last_mut().filter(|last| last.process == process)
        {
            last.values = parse_values(values)?;
        }
    }
    Ok(seen)
}

impl Seen {
    fn new(process: &str, sql: &str) -> Self {
        Self {
            process: process.to_owned(),
            sql: sql.trim().to_owned(),
            values: BTreeMap::new(),
        }
    }
}

/// The records of a log: lines that begin with a tab go on with the record before.
fn records(log: &str) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    for line in log.lines() {
        match (line.strip_prefix('\t'), records.last_mut()) {
            (Some(line), Some(record)) => {
                record.push('\n');
                record.push_str(line);
            }
            _ => records.push(line.to_owned()),
        }
    }
    records
}

/// `$1 = 'it''s', $2 = NULL`.
fn parse_values(text: &str) -> anyhow::Result<BTreeMap<usize, String>> {
    let mut values = BTreeMap::new();
    let mut rest = text;
    while let Some(after) = rest.strip_prefix('$') {
        let (number, after) = after
            .split_once(" = ")
            .context("a value without a number")?;
        let end = if after.starts_with('\'') {
            end_of_quoted(after).context("a value that does not end")?
        } else {
            after.find(',').unwrap_or(after.len())
        };
        let (value, after) = after.split_at(end);
        values.insert(number.parse()?, value.to_owned());
        rest = after.strip_prefix(", ").unwrap_or(after);
    }
    Ok(values)
}

/// Where a quoted text ends, its quotes included; two quotes in it are one.
fn end_of_quoted(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        let quote = at + bytes.get(at..)?.iter().position(|byte| *byte == b'\'')?;
        if bytes.get(quote + 1) != Some(&b'\'') {
            return Some(quote + 1);
        }
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
2026-11-21 17:00:00.000 UTC [7] LOG:  statement: BEGIN
2026-11-21 17:00:00.001 UTC [8] LOG:  statement: BEGIN
2026-11-21 17:00:00.002 UTC [7] LOG:  execute sqlx_s_1: INSERT INTO \"tasks\"
\t(user_id, id, note) VALUES ($1, $2, $3)
2026-11-21 17:00:00.002 UTC [7] DETAIL:  parameters: $1 = '900001', $2 = '01a1fee8-3f69-7096-8c5f-18880648b62a', $3 = 'it''s \\ {\"a\":true}'
2026-11-21 17:00:00.003 UTC [8] LOG:  execute <unnamed>: SELECT $1::bigint
2026-11-21 17:00:00.003 UTC [8] DETAIL:  Parameters: $1 = NULL
2026-11-21 17:00:00.004 UTC [7] LOG:  execute sqlx_s_2: SELECT unnest($1::text[]), unnest($2::bigint[])
2026-11-21 17:00:00.004 UTC [7] DETAIL:  parameters: $1 = '{900001,900001}', $2 = '{1,1}'
2026-11-21 17:00:00.005 UTC [7] LOG:  statement: COMMIT
2026-11-21 17:00:00.006 UTC [7] LOG:  statement: BEGIN
";

    #[test]
    fn a_transaction_is_varied() {
        let script = Script::of_transaction(LOG, "INTO \"tasks\"", 100).unwrap();
        let expected = format!(
            "\\set user random(900001, 900100)\nBEGIN;\n\
             INSERT INTO \"tasks\" (user_id, id, note) VALUES (:user, {NEW_ID}, \
             E'it''s \\\\ {{\"a\"\\x3atrue}}');\n\
             SELECT unnest(ARRAY[:user, :user]::text[]), unnest('{{1,1}}'::bigint[]);\nCOMMIT;\n"
        );
        assert_eq!(script.text(), expected);
    }

    #[test]
    fn statements_keep_their_values() {
        let script = Script::of_statements(LOG, &["::bigint", "unnest"]).unwrap();
        assert_eq!(
            script.text(),
            "SELECT unnest('{900001,900001}'::text[]), unnest('{1,1}'::bigint[]);\n\
             SELECT unnest('{900001,900001}'::text[]), unnest('{1,1}'::bigint[]);\n"
        );
    }

    #[test]
    fn what_is_not_there_is_said() {
        let error = Script::of_statements(LOG, &["DELETE"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no statement with DELETE is in the server's log"
        );
    }
}
