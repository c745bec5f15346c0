//! What goes wrong beneath the store: it is told apart, and nothing that was acknowledged is lost.

mod abandoned;
mod connections;
mod disk;
mod locks;

use std::collections::HashSet;

use domain::{AppId, Task, Topic};
use store::{Outage, Store, StoreError};

use crate::harness::{Kind, TestDatabase};
use crate::samples::entry;

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
