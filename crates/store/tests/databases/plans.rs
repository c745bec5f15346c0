//! The queries that matter run along their index, measured on the statements that the store itself
//! sends: on PostgreSQL by the server's counters of each index, on SQLite by the query plan.

use std::sync::{Arc, Mutex};

use domain::{
    AppId, DueFilter, DueRange, NotificationId, OrderField, SearchText, StatusKind, TaskFilter,
    TaskId, TaskOrder, TrashFilter, UserId,
};
use futures::future::BoxFuture;
use sqlx::{Connection, SqliteConnection};
use store::{AuditFilter, Store, Tx};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;
use uuid::Uuid;

use crate::harness::{Kind, TestDatabase, run};
use crate::samples::{now, time, user};

mod emptied;
mod rows;

use rows::fill;

/// A query, the index it must run along, and how many of its entries it may read.
struct Query {
    name: &'static str,
    index: &'static str,
    most_entries: i64,
    run: for<'a> fn(&'a Tx) -> BoxFuture<'a, ()>,
}

macro_rules! query {
    ($name:literal, $index:literal, $most:expr, |$tx:ident| $query:expr) => {
        Query {
            name: $name,
            index: $index,
            most_entries: $most,
            run: |$tx| {
                Box::pin(async move {
                    let _answer = $query.await.unwrap();
                })
            },
        }
    };
}

fn owner() -> UserId {
    user("user-3")
}

fn order(by: OrderField, descending: bool) -> TaskOrder {
    TaskOrder { by, descending }
}

/// The 500th of a user's tasks, as [`fill`] makes them.
fn middle(order: TaskOrder) -> domain::PagePosition {
    let mut task = crate::samples::task(&owner(), "task 500 ");
    task.created_at = time("2026-01-01T00:08:20Z");
    task.updated_at = time("2026-01-01T00:08:20Z");
    task.due = Some(domain::Due::At {
        time: time("2026-01-01T00:08:20Z"),
        zone: domain::recurrence::TimeZoneName::utc(),
    });
    order.position(&task)
}

async fn list(tx: &Tx, filter: TaskFilter, order: TaskOrder, paged: bool) -> Result<(), ()> {
    let after = paged.then(|| middle(order));
    let tasks = tx
        .task_list(&owner(), &filter, order, after.as_ref(), 100)
        .await
        .unwrap();
    assert!(!tasks.is_empty());
    Ok(())
}

fn filter() -> TaskFilter {
    TaskFilter::default()
}

fn due_on_new_year() -> TaskFilter {
    let day = "2026-01-01".parse().unwrap();
    TaskFilter {
        statuses: vec![StatusKind::Pending],
        due: Some(DueFilter::Dated(DueRange {
            first_date: Some(day),
            last_date: Some(day),
            zone: domain::recurrence::TimeZoneName::utc(),
            overdue_at: None,
        })),
        ..filter()
    }
}

fn undated() -> TaskFilter {
    TaskFilter {
        due: Some(DueFilter::Undated),
        ..filter()
    }
}

fn searching(words: &str) -> TaskFilter {
    TaskFilter {
        search: SearchText::parse(words).unwrap(),
        ..filter()
    }
}

fn queries() -> Vec<Query> {
    use OrderField::{CreatedAt, Due, Priority, Title, UpdatedAt};
    vec![
        query!("newest", "tasks_created", 110, |tx| list(
            tx,
            filter(),
            order(CreatedAt, true),
            false
        )),
        query!("newest, next page", "tasks_created", 110, |tx| {
            list(tx, filter(), order(CreatedAt, true), true)
        }),
        query!("oldest, next page", "tasks_created", 110, |tx| {
            list(tx, filter(), order(CreatedAt, false), true)
        }),
        query!("updated", "tasks_updated", 110, |tx| {
            list(tx, filter(), order(UpdatedAt, true), true)
        }),
        query!("due", "tasks_due", 110, |tx| list(
            tx,
            filter(),
            order(Due, false),
            true
        )),
        query!("due, latest first", "tasks_due", 110, |tx| {
            list(tx, filter(), order(Due, true), true)
        }),
        query!("undated", "tasks_undated", 200, |tx| {
            list(tx, undated(), order(Due, false), false)
        }),
        query!("priority", "tasks_priority", 110, |tx| {
            list(tx, filter(), order(Priority, true), true)
        }),
        query!("title", "tasks_title", 110, |tx| list(
            tx,
            filter(),
            order(Title, false),
            true
        )),
        query!("due on a day", "tasks_due", 300, |tx| {
            list(tx, due_on_new_year(), order(Due, false), false)
        }),
        query!("a rare word", "tasks_search", 1_000, |tx| {
            list(tx, searching("NEEDLE"), order(CreatedAt, true), false)
        }),
        query!("trash", "tasks_trash", 100, |tx| {
            let trash = TaskFilter {
                trash: TrashFilter::Only,
                ..filter()
            };
            list(tx, trash, order(CreatedAt, true), false)
        }),
        query!("get", "tasks_pkey", 1, |tx| async {
            tx.task_get(&owner(), TaskId(Uuid::nil())).await
        }),
        query!("reminders of a task", "reminders_pkey", 2, |tx| async {
            let filter = searching("needle");
            let found = tx
                .task_list(&owner(), &filter, TaskOrder::default(), None, 1)
                .await;
            tx.task_get_for_update(&owner(), found.unwrap()[0].id).await
        }),
        query!("tick", "reminders_due", 60, |tx| tx
            .reminder_claim_due(now(), 50)),
        query!("relay", "outbox_waiting", 110, |tx| {
            tx.outbox_fetch(
                AppId::BackendApi,
                &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
                100,
            )
        }),
        query!("audit", "audit_logs_user", 110, |tx| async {
            tx.audit_list(&owner(), &AuditFilter::default(), None, 100)
                .await
        }),
        query!("audit of a task", "audit_logs_entity", 110, |tx| async {
            let of_one = AuditFilter {
                task_id: Some(TaskId(Uuid::nil())),
                ..AuditFilter::default()
            };
            tx.audit_list(&owner(), &of_one, None, 100).await
        }),
        query!("bell", "notifications_created", 60, |tx| async {
            tx.notification_list(&owner(), false, None, 50).await
        }),
        query!("unread", "notifications_unread", 60, |tx| async {
            tx.notification_list(&owner(), true, None, 50).await
        }),
        query!("unread count", "notifications_unread", 160, |tx| async {
            tx.notification_unread_count(&owner()).await
        }),
        query!("notification", "notifications_pkey", 1, |tx| async {
            tx.notification_get(&owner(), NotificationId(Uuid::nil()))
                .await
        }),
        query!("purge trash", "tasks_purge", 60, |tx| tx
            .task_purge(now(), 50)),
        query!("purge requests", "request_ids_purge", 60, |tx| tx
            .request_purge(now(), 50)),
    ]
}

#[test]
fn on_postgresql_each_query_reads_little_more_than_it_gives() {
    run(Kind::Postgres, async |database| {
        fill(database).await;
        // As autovacuum does: until then new words wait in a list that every search goes through.
        database.raw("VACUUM ANALYZE").await;
        database.store.close().await;
        for query in queries() {
            let before = counters(database, query.index).await;
            // A connection tells its counters when it ends.
            let store = Store::connect(&database.config).await.unwrap();
            let tx = store.begin().await.unwrap();
            (query.run)(&tx).await;
            tx.rollback().await.unwrap();
            store.close().await;
            while others(database).await > 0 {
                tokio::task::yield_now().await;
            }
            let after = counters(database, query.index).await;
            let [scans, entries, sequential] =
                [0, 1, 2].map(|number| after[number] - before[number]);
            assert!(scans > 0, "{}: {} is not used", query.name, query.index);
            assert!(
                entries <= query.most_entries,
                "{}: {entries} entries read",
                query.name
            );
            assert_eq!(sequential, 0, "{}: whole rows of a table read", query.name);
        }
    });
}

/// How many connections there are to the database. One that is gone has told its counters.
async fn others(database: &TestDatabase) -> i64 {
    let sql = "SELECT count(*)::text FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.texts(sql).await.remove(0).parse().unwrap()
}

/// Scans and entries read of an index, and rows read by going through whole tables.
async fn counters(database: &TestDatabase, index: &str) -> [i64; 3] {
    let sql = format!(
        "SELECT idx_scan || ' ' || idx_tup_read || ' ' || \
         (SELECT sum(seq_tup_read) FROM pg_stat_user_tables \
          WHERE schemaname = 'errand' AND relname NOT IN ('accounts', 'outbox_leases')) \
         FROM pg_stat_user_indexes WHERE schemaname = 'errand' AND indexrelname = '{index}'"
    );
    let line = database.texts(&sql).await.remove(0);
    let numbers: Vec<i64> = line
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    numbers.try_into().unwrap()
}

#[test]
fn on_sqlite_each_query_is_planned_along_its_index() {
    run(Kind::Sqlite, async |database| {
        fill(database).await;
        for query in queries() {
            let statements = Statements::default();
            let subscriber = tracing_subscriber::registry().with(statements.clone());
            let guard = tracing::subscriber::set_default(subscriber);
            let tx = database.store.begin().await.unwrap();
            (query.run)(&tx).await;
            tx.rollback().await.unwrap();
            drop(guard);
            let mut plan = Vec::new();
            let sent = std::mem::take(&mut *statements.0.lock().unwrap());
            for sql in sent {
                plan.extend(database.texts(&format!("EXPLAIN QUERY PLAN {sql}")).await);
            }
            let index = match query.index {
                // The table is its own primary key, or the index of a virtual table.
                "tasks_search" => "tasks_search VIRTUAL TABLE INDEX",
                "reminders_pkey" => "PRIMARY KEY (user_id=? AND task_id=?)",
                "notifications_pkey" => "sqlite_autoindex_notifications_1",
                other => other,
            };
            assert!(
                plan.iter().any(|step| step.contains(index)),
                "{}: {plan:#?}",
                query.name
            );
            for step in &plan {
                let whole = step.starts_with("SCAN ")
                    && !step.contains("INDEX")
                    && !step.contains("VALUES CLAUSE");
                assert!(!whole, "{}: {plan:#?}", query.name);
                // Rows that a search or the trash gives are few, and sorted after.
                let sorted = step.contains("TEMP B-TREE FOR ORDER BY");
                assert!(
                    !sorted || ["a rare word", "trash"].contains(&query.name),
                    "{}: {plan:#?}",
                    query.name
                );
            }
        }
    });
}

/// The statements that the store sends, as it traces them.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() == "store::statement" {
            event.record(&mut self.clone());
        }
    }
}

impl tracing::field::Visit for Statements {
    fn record_str(&mut self, _: &tracing::field::Field, value: &str) {
        self.0.lock().unwrap().push(value.to_owned());
    }

    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
}

/// What `.cargo/config.toml` asks for; a build that does not see that file is another SQLite.
#[tokio::test]
async fn sqlite_is_built_so_that_plans_do_not_hang_on_values() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let options: Vec<String> = sqlx::query_scalar("PRAGMA compile_options")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let has = |option: &str| options.iter().any(|has| has == option);
    assert!(has("ENABLE_QPSG"), "{options:?}");
    assert!(has("DEFAULT_MEMSTATUS=0"), "{options:?}");
    assert!(!has("ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
}
