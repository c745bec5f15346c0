//! How many statements a request costs. Each is a round trip, and the lock of the user is held in
//! the last one of a change.

use std::{cell::RefCell, fmt, mem, sync::Once};

use serde_json::{Value, json};
use service_kit::testing::Database;
use tracing::{Event, Metadata, Subscriber, field::Visit};
use tracing_subscriber::{
    Layer,
    filter::filter_fn,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
};

use crate::served::Api;

service_kit::on_every_database!(a_request_costs_few_statements);

thread_local! {
    /// The statements that requests on this thread have sent. A test and its server share one.
    static SENT: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Notes the statements of requests, not those of the relay beside them.
struct Statements;

/// Reads the text of a statement.
struct Sql(String);

impl Visit for Sql {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        if field.name() == "sql" {
            self.0 = format!("{value:?}").replace('"', "");
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut scope = context.event_scope(event).into_iter().flatten();
        if scope.any(|span| span.name() == REQUEST) {
            let mut sql = Sql(String::new());
            event.record(&mut sql);
            SENT.with_borrow_mut(|sent| sent.push(sql.0));
        }
    }
}

/// The span of a request, as the server names it.
const REQUEST: &str = "request";

/// Listens from now on. Once for all threads: while several subscribers come and go, each thread
/// with its own, events get lost whose place in the code another thread has come to first.
fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let is_wanted = |metadata: &Metadata<'_>| {
            metadata.target() == "store::statement" || metadata.name() == REQUEST
        };
        let statements = Statements.with_filter(filter_fn(is_wanted));
        let subscriber = tracing_subscriber::registry().with(statements);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// The statements since the last time, each by its verb and the first table it names.
fn sent() -> Vec<String> {
    let statements = SENT.with_borrow_mut(mem::take);
    statements.iter().map(|sql| outline(sql)).collect()
}

fn outline(sql: &str) -> String {
    let words: Vec<String> = sql
        .split_whitespace()
        .map(|word| word.trim_matches(['\\', ',', '(']).to_owned())
        .collect();
    let tables = [
        "tasks",
        "reminders",
        "accounts",
        "outbox",
        "profiles",
        "request_ids",
    ];
    let table = words.iter().find(|word| tables.contains(&word.as_str()));
    format!("{} {}", words[0], table.map_or("", String::as_str))
}

/// What draws the numbers of events and writes them into the outbox: one statement where the
/// database can, else two.
fn telling(database: Database) -> Vec<&'static str> {
    match database {
        Database::Sqlite => vec!["INSERT accounts", "INSERT outbox"],
        Database::Postgres | Database::PgBouncer => vec!["WITH accounts"],
    }
}

async fn a_request_costs_few_statements(database: Database) {
    listen();
    let api = Api::start(database).await;
    let check = async |method: &str, request: Value, before: &[&str], tells: bool| -> Value {
        sent();
        let answer = api.ok(method, request).await;
        let mut expected = before.to_vec();
        if tells {
            expected.extend(telling(database));
        }
        assert_eq!(sent(), expected, "{method}");
        answer
    };
    let task = json!({ "title": "Buy milk" });
    let created = check(
        "CreateTask",
        json!({ "task": task }),
        &["INSERT tasks"],
        true,
    )
    .await;
    let id = &created["task"]["id"];
    let named = || json!({ "id": id });
    let task = json!({
        "title": "Buy bread",
        "due": { "time": "2026-03-10T09:00:00Z", "time_zone": "UTC" },
        "reminders": [{ "before_due": "0s" }],
    });
    let create = json!({ "task": task });
    check(
        "CreateTask",
        create,
        &["INSERT tasks", "INSERT reminders"],
        true,
    )
    .await;
    let repeatable = json!({
        "task": { "title": "Buy eggs" },
        "request_id": "7f3b1c52-0c1f-4a57-8a53-2f6f6e1b9a01",
    });
    let remembered = ["SELECT request_ids", "INSERT tasks", "INSERT request_ids"];
    check("CreateTask", repeatable, &remembered, true).await;
    let changed = ["SELECT tasks", "SELECT reminders", "UPDATE tasks"];
    let retitled = json!({ "task": { "id": id, "title": "Buy oat milk" } });
    check("UpdateTask", retitled, &changed, true).await;
    check("CompleteTask", named(), &changed, true).await;
    check("ReopenTask", named(), &changed, true).await;
    check("DeleteTask", named(), &changed, true).await;
    check("UndeleteTask", named(), &changed, true).await;
    let same = json!({ "task": { "id": id, "title": "Buy oat milk" } });
    check("UpdateTask", same, &changed[..2], false).await;
    check("GetTask", named(), &changed[..2], false).await;
    check("ListTasks", json!({}), &changed[..2], false).await;
    let stats = json!({ "time_zone": "UTC" });
    check("GetTaskStats", stats, &["SELECT tasks"], false).await;
    check("GetProfile", json!({}), &["SELECT profiles"], false).await;
}
