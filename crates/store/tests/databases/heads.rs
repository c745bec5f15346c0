use domain::{AppId, Topic, UserId};
use store::{OutboxRow, SHARDS};

use crate::harness::TestDatabase;
use crate::samples::{entry, later, now, user};

const SOURCE: AppId = AppId::BackendApi;

async fn append(database: &TestDatabase, owner: &UserId, topic: Topic, count: usize) {
    let entries: Vec<_> = (0..count).map(|_| entry(owner, topic)).collect();
    let tx = database.store.begin().await.unwrap();
    tx.outbox_append(&entries).await.unwrap();
    tx.commit().await.unwrap();
}

async fn heads(database: &TestDatabase) -> Vec<OutboxRow> {
    let shards: Vec<u8> = (0..SHARDS).collect();
    let tx = database.store.read().await.unwrap();
    tx.outbox_fetch_heads(SOURCE, &shards, 100).await.unwrap()
}

fn names(rows: &[OutboxRow]) -> Vec<(String, &'static str, i64)> {
    rows.iter()
        .map(|row| {
            (
                row.entry.user_id.to_string(),
                row.entry.topic.name(),
                row.sequence,
            )
        })
        .collect()
}

on_every_database! {
    async fn behind_a_user_with_many_events_the_others_are_found(database: &TestDatabase) {
        let (busy, quiet) = (user("busy"), user("quiet"));
        append(database, &busy, Topic::TaskCreated, 300).await;
        append(database, &quiet, Topic::TaskUpdates, 2).await;
        append(database, &busy, Topic::TaskUpdates, 2).await;
        let found = heads(database).await;
        assert_eq!(names(&found), [
            (String::from("busy"), "task-created", 1),
            (String::from("quiet"), "task-updates", 1),
            (String::from("busy"), "task-updates", 1),
        ]);
        let tx = database.store.begin().await.unwrap();
        let leases = tx.lease_acquire(SOURCE, &[found[0].shard], "relay", now(), later(10)).await.unwrap();
        let fences: Vec<_> = leases.iter().map(store::Lease::fence).collect();
        assert!(tx.outbox_park(SOURCE, found[0].position, &fences, "too large", now()).await.unwrap());
        tx.commit().await.unwrap();
        let found = heads(database).await;
        assert_eq!(names(&found), [
            (String::from("quiet"), "task-updates", 1),
            (String::from("busy"), "task-updates", 1),
        ], "behind a parked event everything waits");
    }
}
