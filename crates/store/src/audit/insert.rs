use sea_orm::Value;

use super::{AuditEntry, TASK};
use crate::bind::rows_of;
use crate::{Backend, StoreError, Tx, time};

/// The rows of one statement on SQLite, which binds at most 32 766 values.
const SQLITE_ROWS: usize = 2_000;

const COLUMNS: &str = "event_id, user_id, sequence, event_type, occurred_at, entity_type, \
    entity_id, actor_kind, actor_id, actor_token_id, correlation_id, source, data";

impl Tx {
    /// Stores entries, once an event: those whose event has one already are left out. Tells how
    /// many are new. Of a deleted account only ids and times are stored.
    #[tracing::instrument(level = "debug", skip_all, fields(entries = entries.len()))]
    pub async fn audit_insert_many(&self, entries: &[AuditEntry]) -> Result<u64, StoreError> {
        // In order, so that two who store the same events wait for each other, not in a circle.
        let mut entries: Vec<_> = entries.iter().collect();
        entries.sort_by_key(|entry| entry.event_id);
        if entries.is_empty() {
            return Ok(0);
        }
        match self.session.backend() {
            Backend::Postgres => self.insert_postgres(&entries).await,
            Backend::Sqlite => {
                let mut inserted = 0;
                for chunk in entries.chunks(SQLITE_ROWS) {
                    inserted += self.insert_sqlite(chunk).await?;
                }
                Ok(inserted)
            }
        }
    }

    async fn insert_postgres(&self, entries: &[&AuditEntry]) -> Result<u64, StoreError> {
        let texts = |text: fn(&AuditEntry) -> &str| -> Value {
            entries
                .iter()
                .map(|entry| text(entry).to_owned())
                .collect::<Vec<_>>()
                .into()
        };
        let sql = format!(
            "INSERT INTO audit_logs ({COLUMNS}) \
             SELECT e.event_id, e.user_id, e.sequence, e.event_type, e.occurred_at, '{TASK}', \
               e.entity_id, e.actor_kind, e.actor_id, \
               CASE WHEN a.user_id IS NULL THEN nullif(e.actor_token_id, '') END, \
               e.correlation_id, e.source, CASE WHEN a.user_id IS NULL THEN nullif(e.data, '') END \
             FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], \
               $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], \
               $12::text[]) WITH ORDINALITY AS e(event_id, user_id, sequence, event_type, \
               occurred_at, entity_id, actor_kind, actor_id, actor_token_id, correlation_id, \
               source, data, place) \
             LEFT JOIN accounts AS a \
               ON a.user_id = e.user_id COLLATE \"C\" AND a.deleted_at IS NOT NULL \
             ORDER BY e.place ON CONFLICT (event_id) DO NOTHING"
        );
        let values: [Value; 12] = [
            entries
                .iter()
                .map(|entry| entry.event_id.0)
                .collect::<Vec<_>>()
                .into(),
            texts(|entry| entry.user_id.as_str()),
            entries
                .iter()
                .map(|entry| entry.sequence)
                .collect::<Vec<_>>()
                .into(),
            texts(|entry| entry.topic.event_type()),
            entries
                .iter()
                .map(|entry| time::instant(entry.occurred_at))
                .collect::<Vec<_>>()
                .into(),
            entries
                .iter()
                .map(|entry| entry.task_id.0)
                .collect::<Vec<_>>()
                .into(),
            texts(|entry| entry.actor.kind.as_str()),
            texts(|entry| &entry.actor.id),
            texts(|entry| entry.actor.token_id.as_deref().unwrap_or_default()),
            texts(|entry| entry.correlation_id.as_str()),
            texts(|entry| entry.source.as_str()),
            texts(|entry| entry.data.as_deref().unwrap_or_default()),
        ];
        self.session.change(sql, values).await
    }

    async fn insert_sqlite(&self, entries: &[&AuditEntry]) -> Result<u64, StoreError> {
        let deleted =
            "EXISTS (SELECT 1 FROM accounts WHERE user_id = column2 AND deleted_at IS NOT NULL)";
        let sql = format!(
            "INSERT INTO audit_logs ({COLUMNS}) \
             SELECT column1, column2, column3, column4, column5, column6, column7, column8, \
               column9, CASE WHEN NOT {deleted} THEN column10 END, column11, column12, \
               CASE WHEN NOT {deleted} THEN column13 END \
             FROM (VALUES {}) WHERE true ON CONFLICT (event_id) DO NOTHING",
            rows_of(entries.len(), 13)
        );
        let values = entries.iter().flat_map(|entry| row_values(entry));
        self.session.change(sql, values).await
    }
}

fn row_values(entry: &AuditEntry) -> [Value; 13] {
    [
        entry.event_id.0.into(),
        entry.user_id.as_str().into(),
        entry.sequence.into(),
        entry.topic.event_type().into(),
        time::instant(entry.occurred_at).into(),
        TASK.into(),
        entry.task_id.0.into(),
        entry.actor.kind.as_str().into(),
        entry.actor.id.as_str().into(),
        entry.actor.token_id.clone().into(),
        entry.correlation_id.as_str().into(),
        entry.source.as_str().into(),
        entry.data.clone().into(),
    ]
}
