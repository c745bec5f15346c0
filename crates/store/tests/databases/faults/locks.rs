//! What waits for another transaction, or for a connection, and what need not.

use std::time::Duration;

use domain::TaskId;
use sqlx::{Connection, Executor, SqliteConnection};
use store::{Outage, Store};

use super::{create, outage};
use crate::harness::{Kind, run};
use crate::samples::{task, user};

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
}
