use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::{AppId, Task, TaskId, Topic, UserId};
use futures::FutureExt;
use rustix::process::{Resource, getrlimit, setrlimit};
use sqlx::{Connection, Executor, SqliteConnection};
use store::{Outage, Store, StoreConfig, StoreError};
use tokio::task::JoinSet;

use crate::harness::{Kind, TestDatabase, pgbouncer_url, run, with_database};
use crate::samples::{entry, now, reminding_task, task, user};

const SHARDS: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Creates a task as a service does: its rows and its event in one transaction.
async fn create(store: &Store, task: &Task) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    tx.task_insert(task).await?;
    let mut event = entry(&task.user_id, Topic::TaskCreated);
    event.data = task.id.to_string();
    tx.outbox_append(&[event]).await?;
    tx.commit().await
}

fn outage(error: &StoreError) -> Option<Outage> {
    match error {
        StoreError::Unavailable { outage, .. } => Some(*outage),
        _ => None,
    }
}

/// Every task has its event and every event its task; numbers have no gap. Gives the tasks' ids.
async fn whole(database: &TestDatabase) -> HashSet<String> {
    let sql = match database.kind {
        Kind::Sqlite => "SELECT lower(hex(id)) FROM tasks",
        _ => "SELECT replace(id::text, '-', '') FROM tasks",
    };
    let tasks: HashSet<_> = database.texts(sql).await.into_iter().collect();
    let read = database.store.read().await.unwrap();
    let rows = read
        .outbox_fetch(AppId::BackendApi, &SHARDS, 100_000)
        .await
        .unwrap();
    let events: HashSet<_> = rows
        .iter()
        .map(|row| row.entry.data.replace('-', ""))
        .collect();
    assert_eq!(tasks, events);
    assert_eq!(rows.len(), events.len());
    for owner in rows
        .iter()
        .map(|row| &row.entry.user_id)
        .collect::<HashSet<_>>()
    {
        let sequences: Vec<_> = rows
            .iter()
            .filter(|row| row.entry.user_id == *owner)
            .map(|row| row.sequence)
            .collect();
        let expected: Vec<_> = (1..=i64::try_from(sequences.len()).unwrap()).collect();
        assert_eq!(sequences, expected);
    }
    tasks
}

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
fn who_waits_too_long_for_a_row_is_told_to_come_back() {
    run(Kind::Postgres, async |database| {
        let stored = task(&user("alice"), "x");
        create(&database.store, &stored).await.unwrap();
        let mut config = database.config.clone();
        config.statement_timeout = Duration::from_millis(200);
        let hasty = Store::connect(&config).await.unwrap();
        let holder = database.store.begin().await.unwrap();
        holder
            .task_get_for_update(&stored.user_id, stored.id)
            .await
            .unwrap();
        let tx = hasty.begin().await.unwrap();
        let error = tx
            .task_get_for_update(&stored.user_id, stored.id)
            .await
            .unwrap_err();
        assert_eq!(outage(&error), Some(Outage::TimedOut), "{error:?}");
        drop(tx);
        hasty.close().await;
    });
}

#[test]
fn of_two_transactions_in_a_deadlock_one_is_told_to_come_back() {
    run(Kind::Postgres, async |database| {
        let alice = user("alice");
        let tasks = [task(&alice, "one"), task(&alice, "two")];
        for task in &tasks {
            create(&database.store, task).await.unwrap();
        }
        let lock = async |first: TaskId, second: TaskId, both: &tokio::sync::Barrier| {
            let tx = database.store.begin().await?;
            tx.task_get_for_update(&alice, first).await?;
            both.wait().await;
            tx.task_get_for_update(&alice, second).await?;
            tx.commit().await
        };
        let both = tokio::sync::Barrier::new(2);
        let results = tokio::join!(
            lock(tasks[0].id, tasks[1].id, &both),
            lock(tasks[1].id, tasks[0].id, &both),
        );
        let error = match results {
            (Ok(()), Err(error)) | (Err(error), Ok(())) => error,
            other => panic!("one of them: {other:?}"),
        };
        assert_eq!(outage(&error), Some(Outage::Deadlock), "{error:?}");
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

#[test]
fn a_sqlite_file_that_another_process_writes_to_is_locked() {
    run(Kind::Sqlite, async |database| {
        let mut config = database.config.clone();
        config.acquire_timeout = Duration::from_millis(200);
        let store = Store::connect(&config).await.unwrap();
        let mut other = SqliteConnection::connect(&database.direct_url)
            .await
            .unwrap();
        other.execute("BEGIN IMMEDIATE").await.unwrap();
        let error = store.begin().await.unwrap_err();
        assert_eq!(outage(&error), Some(Outage::Locked), "{error:?}");
        let read = store.read().await.unwrap();
        assert_eq!(
            read.account_get(&user("alice")).await.unwrap(),
            None,
            "readers go on"
        );
        other.execute("ROLLBACK").await.unwrap();
        create(&store, &task(&user("alice"), "after"))
            .await
            .unwrap();
        drop(read);
        store.close().await;
    });
}

#[test]
fn a_sqlite_store_that_would_lose_a_commit_does_not_open() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let error = Store::connect(&StoreConfig::new("sqlite::memory:"))
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::NotDurable), "{error:?}");
        let folder = tempfile::tempdir().unwrap();
        let missing = format!("sqlite://{}", folder.path().join("missing.db").display());
        let error = Store::connect(&StoreConfig::new(missing))
            .await
            .unwrap_err();
        assert!(error.is_transient(), "{error:?}");
        assert!(
            !folder.path().join("missing.db").exists(),
            "a store makes no file"
        );
    });
}

/// Set in the process that may write only small files.
const SMALL_FILES: &str = "ERRAND_TEST_SMALL_FILES";

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test tells itself where it is"
)]
fn a_full_disk_fails_the_request_and_loses_nothing() {
    if std::env::var_os(SMALL_FILES).is_some() {
        run(Kind::Sqlite, async |database| {
            fills_the_disk(database).await;
        });
        return;
    }
    // To SQLite a file that may not grow is a disk without room. The limit is the process's, so
    // this test runs again in one of its own; blocks are of 512 bytes.
    let output = std::process::Command::new("sh")
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -S -f 8192; exec \"$0\" --exact \"$1\" --nocapture")
        .arg(std::env::current_exe().unwrap())
        .arg("faults::a_full_disk_fails_the_request_and_loses_nothing")
        .env(SMALL_FILES, "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("1 passed"),
        "{output:?}"
    );
}

async fn fills_the_disk(database: &TestDatabase) {
    let alice = user("alice");
    let mut acknowledged = Vec::new();
    let error = loop {
        let task = large(&alice);
        match create(&database.store, &task).await {
            Ok(()) => acknowledged.push(task.id.0.simple().to_string()),
            Err(error) => break error,
        }
        assert!(acknowledged.len() < 10_000, "the disk is never full");
    };
    assert_eq!(outage(&error), Some(Outage::Disk), "{error:?}");
    assert!(error.to_string().contains("disk is full"), "{error}");
    // As long as it is full, nothing else is said.
    for _ in 0..3 {
        let error = create(&database.store, &large(&alice)).await.unwrap_err();
        assert_eq!(outage(&error), Some(Outage::Disk), "{error:?}");
    }
    let stored = whole(database).await;
    assert_eq!(stored, acknowledged.iter().cloned().collect());

    // Once there is room the same store goes on.
    let mut limit = getrlimit(Resource::Fsize);
    limit.current = limit.maximum;
    setrlimit(Resource::Fsize, limit).unwrap();
    let after = large(&alice);
    create(&database.store, &after).await.unwrap();
    acknowledged.push(after.id.0.simple().to_string());
    let stored = whole(database).await;
    assert_eq!(stored, acknowledged.into_iter().collect());
}

/// A task that takes up room.
fn large(owner: &UserId) -> Task {
    Task {
        description: domain::Description::parse(&"x".repeat(10_000)).unwrap(),
        ..task(owner, "another")
    }
}

#[test]
fn a_reader_of_a_sqlite_file_holds_up_no_writer_and_sees_one_moment() {
    run(Kind::Sqlite, async |database| {
        let alice = user("alice");
        let reader = database.store.read().await.unwrap();
        assert_eq!(reader.account_get(&alice).await.unwrap(), None);
        create(&database.store, &task(&alice, "meanwhile"))
            .await
            .unwrap();
        assert_eq!(reader.account_get(&alice).await.unwrap(), None);
        drop(reader);
        let reader = database.store.read().await.unwrap();
        let account = reader.account_get(&alice).await.unwrap().unwrap();
        assert_eq!(account.event_sequence, 1);
    });
}

on_every_database! {
    async fn who_finds_no_connection_in_time_is_told_to_come_back(database: &TestDatabase) {
        let mut config = database.config.clone();
        config.max_connections = 1;
        config.acquire_timeout = Duration::from_millis(200);
        let store = Store::connect(&config).await.unwrap();
        let held = store.begin().await.unwrap();
        let error = store.begin().await.unwrap_err();
        assert_eq!(outage(&error), Some(Outage::Busy), "{error:?}");
        held.commit().await.unwrap();
        create(&store, &task(&user("alice"), "after")).await.unwrap();
        store.close().await;
    }

    async fn transactions_abandoned_anywhere_leave_nothing_half_done(database: &TestDatabase) {
        let alice = user("alice");
        let mut finished = HashSet::new();
        let mut abandoned = 0;
        for step in 0..150 {
            let task = reminding_task(&alice, "x", &[now()]);
            let limit = Duration::from_micros(step * 40);
            match tokio::time::timeout(limit, create(&database.store, &task)).await {
                Ok(result) => {
                    result.unwrap();
                    finished.insert(task.id.0.simple().to_string());
                }
                Err(_) => abandoned += 1,
            }
        }
        assert!(abandoned > 0);
        create(&database.store, &task(&alice, "last")).await.unwrap();
        assert!(whole(database).await.is_superset(&finished));
    }

    async fn a_statement_abandoned_half_way_cannot_be_committed(database: &TestDatabase) {
        let stored = task(&user("alice"), "x");
        create(&database.store, &stored).await.unwrap();
        let tx = database.store.begin().await.unwrap();
        // SQLite may answer at once: then it was not abandoned.
        let abandoned = (0..10_000).any(|_| {
            let statement = std::pin::pin!(tx.task_get(&stored.user_id, stored.id));
            statement.now_or_never().is_none()
        });
        assert!(abandoned);
        let error = tx.task_get(&stored.user_id, stored.id).await.unwrap_err();
        assert!(matches!(error, StoreError::TransactionFailed), "{error:?}");
        assert!(matches!(tx.commit().await, Err(StoreError::TransactionFailed)));
    }
}
