use crate::harness::{Kind, TestDatabase};

const USERS: usize = 5;
const ROWS_EACH: usize = 8_000;

/// The same rows on both databases: `USERS` users with `ROWS_EACH` tasks, notifications, audit
/// entries and request ids each, of which few are in the trash, unread or hold the rare word.
pub async fn fill(database: &TestDatabase) {
    let postgres = database.kind != Kind::Sqlite;
    let (series, uuid, json, bytes) = if postgres {
        (
            format!(
                "generate_series(0, {}) AS u(u), generate_series(0, {}) AS n(n)",
                USERS - 1,
                ROWS_EACH - 1
            ),
            "gen_random_uuid()",
            "'[]'::jsonb",
            "''::bytea",
        )
    } else {
        (
            format!(
                "(WITH RECURSIVE c(u) AS (SELECT 0 UNION ALL SELECT u + 1 FROM c WHERE u < {}) SELECT u FROM c), \
                 (WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {}) SELECT n FROM c)",
                USERS - 1,
                ROWS_EACH - 1
            ),
            "randomblob(16)",
            "'[]'",
            "x''",
        )
    };
    let moment = if postgres {
        "timestamptz '2026-01-01T00:00:00Z' + n * interval '1 second'"
    } else {
        "strftime('%Y-%m-%dT%H:%M:%S+00:00', '2026-01-01', n || ' seconds')"
    };
    let some = |every: u32, value: &str| format!("CASE WHEN n % {every} = 0 THEN {value} END");
    let undated = |value: &str| format!("CASE WHEN n % 5 <> 4 THEN {value} END");
    let statements = [
        format!(
            "INSERT INTO tasks (user_id, id, title, description, priority, category, tags, due_at, \
             due_zone, due_starts_at, created_at, updated_at, deleted_at, version, title_key, \
             search_text) SELECT 'user-' || u, {uuid}, 'task', '', 1 + n % 3, 'work', {json}, {due}, \
             {zone}, {due}, {moment}, {moment}, {deleted}, 1, 'task ' || n, \
             'task ' || n || CASE WHEN n = 321 THEN ' needle' ELSE ' haystack' END FROM {series}",
            due = undated(moment),
            zone = undated("'UTC'"),
            deleted = some(50, moment),
        ),
        format!(
            "INSERT INTO reminders (user_id, id, task_id, place, remind_at, fire_at, state) \
             SELECT user_id, {uuid}, id, 0, created_at, created_at, \
             CASE WHEN deleted_at IS NULL THEN 'sent' ELSE 'scheduled' END FROM tasks"
        ),
        format!(
            "INSERT INTO notifications (id, user_id, kind, task_id, task_title, reminder_id, \
             remind_at, read_at, created_at, version) SELECT {uuid}, 'user-' || u, 'reminder', \
             {uuid}, 'x', {uuid}, {moment}, CASE WHEN n % 50 <> 0 THEN {moment} END, {moment}, 1 \
             FROM {series}"
        ),
        format!(
            "INSERT INTO audit_logs (event_id, user_id, sequence, event_type, occurred_at, \
             entity_type, entity_id, actor_kind, actor_id, correlation_id, source) \
             SELECT {uuid}, 'user-' || u, n + 1, 'task.created', {moment}, 'task', {uuid}, 'user', \
             'x', 'x', 'backend-api' FROM {series}"
        ),
        format!(
            "INSERT INTO request_ids (user_id, method, request_id, request_hash, task_id, \
             expires_at) SELECT 'user-' || u, 'CreateTask', {uuid}, {bytes}, {uuid}, {moment} \
             FROM {series}"
        ),
        format!(
            "INSERT INTO outbox (event_id, source, shard, topic, event_type, user_id, sequence, \
             occurred_at, correlation_id, actor, data) SELECT {uuid}, \
             CASE WHEN n % 20 = 0 THEN 'backend-api' ELSE 'audit-service' END, u % 16, \
             'task-created', 'task.created', 'user-' || u, n + 1, {moment}, 'x', '{{}}', '{{}}' \
             FROM {series}"
        ),
    ];
    for statement in statements {
        database.raw(&statement).await;
    }
}
