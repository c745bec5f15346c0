//! Connections that are killed, and a server that is away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::{Connection, Executor};
use store::{Store, StoreConfig};
use tokio::task::JoinSet;

use super::{create, whole};
use crate::harness::{Kind, TestDatabase, pgbouncer_url, run, with_database};
use crate::samples::{now, reminding_task, task, user};

/// Eight users work while the server's connections are killed, until enough of them noticed.
async fn survives_killed_connections(database: &TestDatabase) {
    let failures = Arc::new(AtomicUsize::new(0));
    let done = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for number in 0..8 {
        let store = database.store.clone();
        let (failures, done) = (Arc::clone(&failures), Arc::clone(&done));
        workers.spawn(async move {
            let owner = user(&format!("user {}", number % 4));
            let mut acknowledged = Vec::new();
            while failures.load(Ordering::Relaxed) < 40 || acknowledged.len() < 50 {
                let task = reminding_task(&owner, "work", &[now()]);
                match create(&store, &task).await {
                    Ok(()) => {
                        acknowledged.push(task.id);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(error) => {
                        assert!(error.is_transient(), "{error:?}");
                        failures.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
            acknowledged
        });
    }
    let mut killer = database.direct().await;
    while failures.load(Ordering::Relaxed) < 40 {
        killer
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await
            .unwrap();
        // Some work gets done between two blows.
        let acknowledged = done.load(Ordering::Relaxed);
        while done.load(Ordering::Relaxed) < acknowledged + 10 {
            tokio::task::yield_now().await;
        }
    }
    let acknowledged = workers.join_all().await.concat();
    let stored = whole(database).await;
    for id in &acknowledged {
        assert!(
            stored.contains(&id.0.simple().to_string()),
            "{id} was acknowledged"
        );
    }
    assert!(acknowledged.len() >= 400);
}

#[test]
fn nothing_acknowledged_is_lost_when_a_poolers_server_connections_are_killed() {
    run(Kind::PgBouncer, async |database| {
        survives_killed_connections(database).await;
    });
}

#[test]
fn nothing_acknowledged_is_lost_when_connections_are_killed() {
    run(Kind::Postgres, async |database| {
        survives_killed_connections(database).await;
    });
}

#[test]
fn dead_connections_in_the_pool_are_replaced_unseen() {
    run(Kind::Postgres, async |database| {
        let mut held = Vec::new();
        for _ in 0..5 {
            held.push(database.store.begin().await.unwrap());
        }
        for tx in held {
            tx.rollback().await.unwrap();
        }
        database
            .raw(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await;
        for number in 0..10 {
            let task = task(&user("alice"), &format!("task {number}"));
            create(&database.store, &task).await.unwrap();
        }
    });
}

#[test]
fn behind_a_pooler_nothing_stays_in_the_servers_session() {
    run(Kind::PgBouncer, async |database| {
        let mut working = JoinSet::new();
        for number in 0..10 {
            let store = database.store.clone();
            working.spawn(async move {
                let owner = user(&format!("user {number}"));
                for _ in 0..5 {
                    create(&store, &reminding_task(&owner, "x", &[now()]))
                        .await
                        .unwrap();
                    let read = store.read().await.unwrap();
                    let filter = domain::TaskFilter::default();
                    let order = domain::TaskOrder::default();
                    read.task_list(&owner, &filter, order, None, 10)
                        .await
                        .unwrap();
                }
            });
        }
        working.join_all().await;
        migrations::status(database.config.url.expose())
            .await
            .unwrap();
        // As many at once as there are server connections, each looks into one of them.
        let name = database.direct_url.rsplit('/').next().unwrap();
        let mut clients = Vec::new();
        for _ in 0..10 {
            let options: sqlx::postgres::PgConnectOptions =
                with_database(&pgbouncer_url(), name).parse().unwrap();
            let options = options.extra_float_digits(None);
            let mut client = sqlx::PgConnection::connect_with(&options).await.unwrap();
            client.execute("BEGIN").await.unwrap();
            clients.push(client);
        }
        for client in &mut clients {
            let row = client
                .fetch_one(
                    "SELECT (SELECT count(*) FROM pg_prepared_statements)::text || ' ' || \
                     current_setting('search_path')",
                )
                .await
                .unwrap();
            let seen: String = sqlx::Row::get(&row, 0);
            assert_eq!(seen, "0 \"$user\", public");
        }
    });
}

#[test]
fn a_server_that_is_away_is_an_outage() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mut config = StoreConfig::new(format!("postgres://u:hunter2@127.0.0.1:{port}/x"));
        config.acquire_timeout = Duration::from_millis(200);
        let error = Store::connect(&config).await.unwrap_err();
        assert!(error.is_transient(), "{error:?}");
        assert!(!format!("{error:?}").contains("hunter2"));
    });
}
