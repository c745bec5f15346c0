//! Queues are empty most of the time, and PostgreSQL plans what it is asked again and again once for
//! each connection: in a table without pages reading all of it is the cheapest plan.

use domain::AppId;
use store::{Store, StoreConfig};

use super::{counters, others};
use crate::harness::{Kind, run};

const SOURCE: AppId = AppId::BackendApi;
const SHARDS: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// After so many times PostgreSQL stops planning for the values that it is given.
const OFTEN: usize = 10;

/// Far more than a relay takes in hand.
const BACKLOG: u32 = 20_000;

#[test]
fn a_backlog_is_read_along_its_index_by_a_relay_that_knew_the_outbox_empty() {
    run(Kind::Postgres, async |database| {
        database.store.close().await;
        // It gives the pages of an empty table back.
        database.raw("VACUUM outbox").await;
        let config = StoreConfig {
            max_connections: 1,
            ..database.config.clone()
        };
        let store = Store::connect(&config).await.unwrap();
        for _ in 0..OFTEN {
            assert_eq!(take(&store).await, 0);
        }
        let before = counters(database, "outbox_waiting").await;
        database.raw(&backlog()).await;
        assert_eq!(take(&store).await, 100);
        store.close().await;
        while others(database).await > 0 {
            tokio::task::yield_now().await;
        }
        let after = counters(database, "outbox_waiting").await;
        assert_eq!(after[2], before[2], "the whole outbox was read");
    });
}

/// What a relay does again and again, and how much it got.
async fn take(store: &Store) -> usize {
    let tx = store.begin().await.unwrap();
    let rows = tx.outbox_fetch(SOURCE, &SHARDS, 100).await.unwrap();
    // Without a lease nothing is deleted; but it is looked for.
    let positions: Vec<_> = rows.iter().map(|row| row.position).chain([0]).collect();
    let deleted = tx.outbox_delete(SOURCE, &positions, &[]).await.unwrap();
    assert_eq!(deleted, 0);
    tx.commit().await.unwrap();
    rows.len()
}

fn backlog() -> String {
    format!(
        "INSERT INTO outbox (event_id, source, shard, topic, event_type, user_id, sequence, \
         occurred_at, correlation_id, actor, data) SELECT gen_random_uuid(), '{SOURCE}', n % 16, \
         'task-created', 'task.created', 'user-' || n % 50, n, now(), 'x', \
         '{{\"kind\": \"user\", \"id\": \"x\"}}', '{{}}' FROM generate_series(1, {BACKLOG}) AS n"
    )
}
