use std::collections::{BTreeMap, HashMap};

use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::{OutboxEntry, shard_of};
use crate::bind::rows_of;
use crate::row::Table;
use crate::{Backend, StoreError, Tx, time};

const ACCOUNTS: Table = Table("accounts");
const OUTBOX: Table = Table("outbox");

/// The rows of one statement on SQLite, which binds at most 32 766 values.
const SQLITE_ROWS: usize = 2_000;

/// How many numbers each user of a batch draws.
#[derive(Clone, Copy, Default)]
struct Drawn {
    events: i64,
    updates: i64,
}

/// Takes each user's lock, in the order of their ids, and draws the numbers; then inserts the rows
/// counted back from the last number drawn. The position comes from the row's default, which is
/// evaluated when the lock is held, in the order of the entries.
const POSTGRES: &str = "\
WITH drawn AS (
  INSERT INTO accounts AS a (user_id, event_sequence, update_sequence)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
  ON CONFLICT (user_id) DO UPDATE SET
    event_sequence = a.event_sequence + excluded.event_sequence,
    update_sequence = a.update_sequence + excluded.update_sequence
  WHERE a.deleted_at IS NULL
  RETURNING a.user_id, a.event_sequence, a.update_sequence
)
INSERT INTO outbox (event_id, source, shard, topic, event_type, user_id, sequence, occurred_at,
  correlation_id, actor, traceparent, data)
SELECT e.event_id, e.source, e.shard, e.topic, e.event_type, e.user_id,
  CASE WHEN e.audited THEN d.event_sequence ELSE d.update_sequence END - e.behind,
  e.occurred_at, e.correlation_id, e.actor, nullif(e.traceparent, ''), e.data
FROM unnest($4::uuid[], $5::text[], $6::smallint[], $7::text[], $8::text[], $9::text[],
    $10::bigint[], $11::boolean[], $12::timestamptz[], $13::text[], $14::text[], $15::text[],
    $16::text[])
  WITH ORDINALITY AS e(event_id, source, shard, topic, event_type, user_id, behind, audited,
    occurred_at, correlation_id, actor, traceparent, data, place)
JOIN drawn d ON d.user_id = e.user_id COLLATE \"C\"
ORDER BY e.place
RETURNING event_id, sequence";

impl Tx {
    /// Writes events to the outbox and gives the number of each, in the order of `entries`.
    ///
    /// The last thing before the commit: it takes the lock of each user, which others who write
    /// events for the user wait for. Under it the numbers are drawn, from 1 and without a gap, in
    /// the order of the commits: `task-updates` apart, all other topics together. If one of the
    /// accounts is deleted, this is [`StoreError::AccountDeleted`] and nothing can be committed.
    #[tracing::instrument(level = "debug", skip_all, fields(entries = entries.len()))]
    pub async fn outbox_append(&self, entries: &[OutboxEntry]) -> Result<Vec<i64>, StoreError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let (drawn, behind) = count(entries);
        let sequences = match self.session.backend() {
            Backend::Postgres => self.append_postgres(entries, &drawn, behind).await?,
            Backend::Sqlite => self.append_sqlite(entries, &drawn, &behind).await?,
        };
        let Some(sequences) = sequences else {
            self.session.fail();
            return Err(StoreError::AccountDeleted);
        };
        metrics::counter!("errand_outbox_appended_total", "service" => entries[0].source.as_str())
            .increment(entries.len() as u64);
        Ok(sequences)
    }

    async fn append_postgres(
        &self,
        entries: &[OutboxEntry],
        drawn: &BTreeMap<&str, Drawn>,
        behind: Vec<i64>,
    ) -> Result<Option<Vec<i64>>, StoreError> {
        let texts = |text: fn(&OutboxEntry) -> &str| -> Value {
            entries
                .iter()
                .map(|entry| text(entry).to_owned())
                .collect::<Vec<_>>()
                .into()
        };
        let values: [Value; 16] = [
            drawn
                .keys()
                .map(|user| (*user).to_owned())
                .collect::<Vec<_>>()
                .into(),
            drawn
                .values()
                .map(|drawn| drawn.events)
                .collect::<Vec<_>>()
                .into(),
            drawn
                .values()
                .map(|drawn| drawn.updates)
                .collect::<Vec<_>>()
                .into(),
            entries
                .iter()
                .map(|entry| entry.event_id.0)
                .collect::<Vec<_>>()
                .into(),
            texts(|entry| entry.source.as_str()),
            entries
                .iter()
                .map(|entry| i16::from(shard_of(&entry.user_id)))
                .collect::<Vec<_>>()
                .into(),
            texts(|entry| entry.topic.name()),
            texts(|entry| entry.topic.event_type()),
            texts(|entry| entry.user_id.as_str()),
            behind.into(),
            entries
                .iter()
                .map(|entry| entry.topic.is_audited())
                .collect::<Vec<_>>()
                .into(),
            entries
                .iter()
                .map(|entry| time::instant(entry.occurred_at))
                .collect::<Vec<_>>()
                .into(),
            texts(|entry| entry.correlation_id.as_str()),
            texts(|entry| &entry.actor_json),
            texts(|entry| entry.traceparent.as_deref().unwrap_or_default()),
            texts(|entry| &entry.data),
        ];
        let rows = self.session.rows(POSTGRES, values).await?;
        if rows.len() < entries.len() {
            return Ok(None);
        }
        let sequences = rows
            .iter()
            .map(|row| Ok((OUTBOX.get(row, "event_id")?, OUTBOX.get(row, "sequence")?)))
            .collect::<Result<HashMap<Uuid, i64>, StoreError>>()?;
        Ok(entries
            .iter()
            .map(|entry| sequences.get(&entry.event_id.0).copied())
            .collect())
    }

    /// The write lock is held since the transaction began, so two plain statements do.
    async fn append_sqlite(
        &self,
        entries: &[OutboxEntry],
        drawn: &BTreeMap<&str, Drawn>,
        behind: &[i64],
    ) -> Result<Option<Vec<i64>>, StoreError> {
        let mut totals: HashMap<String, Drawn> = HashMap::new();
        let users: Vec<_> = drawn.iter().collect();
        for chunk in users.chunks(SQLITE_ROWS) {
            let sql = format!(
                "INSERT INTO accounts (user_id, event_sequence, update_sequence) VALUES {} \
                 ON CONFLICT (user_id) DO UPDATE SET \
                 event_sequence = event_sequence + excluded.event_sequence, \
                 update_sequence = update_sequence + excluded.update_sequence \
                 WHERE deleted_at IS NULL RETURNING user_id, event_sequence, update_sequence",
                rows_of(chunk.len(), 3)
            );
            let values = chunk.iter().flat_map(|(user, drawn)| {
                [
                    Value::from(**user),
                    drawn.events.into(),
                    drawn.updates.into(),
                ]
            });
            let rows = self.session.rows(sql, values).await?;
            if rows.len() < chunk.len() {
                return Ok(None);
            }
            for row in &rows {
                let (user, total) = read_total(row)?;
                totals.insert(user, total);
            }
        }
        let mut sequences = Vec::with_capacity(entries.len());
        for (entry, behind) in entries.iter().zip(behind) {
            let Some(total) = totals.get(entry.user_id.as_str()) else {
                return Ok(None);
            };
            let last = if entry.topic.is_audited() {
                total.events
            } else {
                total.updates
            };
            sequences.push(last - behind);
        }
        let numbered: Vec<_> = entries.iter().zip(&sequences).collect();
        for chunk in numbered.chunks(SQLITE_ROWS) {
            let sql = format!(
                "INSERT INTO outbox (event_id, source, shard, topic, event_type, user_id, \
                 sequence, occurred_at, correlation_id, actor, traceparent, data) VALUES {}",
                rows_of(chunk.len(), 12)
            );
            let values = chunk
                .iter()
                .flat_map(|(entry, sequence)| row_values(entry, **sequence));
            self.session.change(sql, values).await?;
        }
        Ok(Some(sequences))
    }
}

/// How many numbers each user draws, and how far behind its user's last number each entry is.
fn count(entries: &[OutboxEntry]) -> (BTreeMap<&str, Drawn>, Vec<i64>) {
    let mut drawn: BTreeMap<&str, Drawn> = BTreeMap::new();
    let mut behind: Vec<i64> = entries
        .iter()
        .rev()
        .map(|entry| {
            let user = drawn.entry(entry.user_id.as_str()).or_default();
            let counter = if entry.topic.is_audited() {
                &mut user.events
            } else {
                &mut user.updates
            };
            let behind = *counter;
            *counter += 1;
            behind
        })
        .collect();
    behind.reverse();
    (drawn, behind)
}

fn read_total(row: &QueryResult) -> Result<(String, Drawn), StoreError> {
    let total = Drawn {
        events: ACCOUNTS.get(row, "event_sequence")?,
        updates: ACCOUNTS.get(row, "update_sequence")?,
    };
    Ok((ACCOUNTS.get(row, "user_id")?, total))
}

fn row_values(entry: &OutboxEntry, sequence: i64) -> [Value; 12] {
    [
        entry.event_id.0.into(),
        entry.source.as_str().into(),
        i16::from(shard_of(&entry.user_id)).into(),
        entry.topic.name().into(),
        entry.topic.event_type().into(),
        entry.user_id.as_str().into(),
        sequence.into(),
        time::instant(entry.occurred_at).into(),
        entry.correlation_id.as_str().into(),
        entry.actor_json.as_str().into(),
        entry.traceparent.clone().into(),
        entry.data.as_str().into(),
    ]
}
