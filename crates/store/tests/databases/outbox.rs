use std::collections::BTreeMap;

use domain::{AppId, Topic};
use store::{OutboxEntry, Store, StoreError, UniqueKey};
use tokio::task::JoinSet;

use crate::samples::{entry, later, now, user};

const SHARDS: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Appends in a transaction of its own, again where the database says so.
async fn append(store: &Store, entries: &[OutboxEntry]) -> Result<Vec<i64>, StoreError> {
    loop {
        let tx = store.begin().await?;
        let appended = tx.outbox_append(entries).await;
        match appended {
            Err(error) if error.is_transient() => {}
            Err(error) => return Err(error),
            Ok(sequences) => {
                tx.commit().await?;
                return Ok(sequences);
            }
        }
    }
}

on_every_database! {
    async fn numbers_are_drawn_without_a_gap_and_updates_apart(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        let entries = [
            entry(&bob, Topic::TaskCreated),
            entry(&alice, Topic::TaskCreated),
            entry(&alice, Topic::TaskUpdates),
            entry(&alice, Topic::TaskCompleted),
            entry(&bob, Topic::TaskUpdates),
            entry(&alice, Topic::TaskUpdates),
        ];
        assert_eq!(append(&database.store, &entries).await.unwrap(), [1, 1, 1, 2, 1, 2]);
        let more = [entry(&alice, Topic::TaskUpdates), entry(&alice, Topic::ReminderDue)];
        assert_eq!(append(&database.store, &more).await.unwrap(), [3, 3]);
        assert_eq!(append(&database.store, &[]).await.unwrap(), [0_i64; 0]);

        let read = database.store.read().await.unwrap();
        let account = read.account_get(&alice).await.unwrap().unwrap();
        assert_eq!((account.event_sequence, account.update_sequence), (3, 3));
        let rows = read.outbox_fetch(AppId::BackendApi, &SHARDS, 100).await.unwrap();
        let fetched: Vec<_> = rows.iter().map(|row| row.entry.clone()).collect();
        let written: Vec<_> = entries.into_iter().chain(more).collect();
        assert_eq!(fetched, written, "all fields come back, in the order written");
        assert!(rows.is_sorted_by_key(|row| row.position));
        let sequences: Vec<_> = rows.iter().map(|row| row.sequence).collect();
        assert_eq!(sequences, [1, 1, 1, 2, 1, 2, 3, 3]);
    }

    async fn all_fields_of_an_entry_come_back(database: &TestDatabase) {
        let owner = user("ÄÖ|ü 'quoted'");
        let written = OutboxEntry {
            traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into()),
            source: AppId::NotificationService,
            data: format!("{{\"title\":\"{}\"}}", "漢😀\\u0000\\\"".repeat(10_000)),
            occurred_at: later(3_600),
            ..entry(&owner, Topic::ReminderDue)
        };
        append(&database.store, std::slice::from_ref(&written)).await.unwrap();
        let read = database.store.read().await.unwrap();
        let rows = read.outbox_fetch(AppId::NotificationService, &SHARDS, 10).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].entry, written);
        assert_eq!(rows[0].shard, store::shard_of(&owner));
        assert_eq!(read.outbox_fetch(AppId::BackendApi, &SHARDS, 10).await.unwrap(), []);
    }

    async fn what_was_rolled_back_leaves_no_gap(database: &TestDatabase) {
        let alice = user("alice");
        let tx = database.store.begin().await.unwrap();
        assert_eq!(tx.outbox_append(&[entry(&alice, Topic::TaskCreated)]).await.unwrap(), [1]);
        tx.rollback().await.unwrap();
        let appended = append(&database.store, &[entry(&alice, Topic::TaskCreated)]).await;
        assert_eq!(appended.unwrap(), [1]);
    }

    async fn the_same_event_twice_is_a_conflict(database: &TestDatabase) {
        let event = entry(&user("alice"), Topic::TaskCreated);
        append(&database.store, std::slice::from_ref(&event)).await.unwrap();
        let error = append(&database.store, &[event]).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict(UniqueKey::OutboxEvent)), "{error:?}");
    }

    async fn a_deleted_account_takes_no_event_and_nobody_elses_either(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        let tx = database.store.begin().await.unwrap();
        tx.outbox_append(&[entry(&alice, Topic::TaskUpdates)]).await.unwrap();
        assert_eq!(tx.account_tombstone(&alice, now()).await.unwrap(), now());
        tx.commit().await.unwrap();

        let tx = database.store.begin().await.unwrap();
        let both = [entry(&bob, Topic::TaskCreated), entry(&alice, Topic::TaskCreated)];
        let error = tx.outbox_append(&both).await.unwrap_err();
        assert!(matches!(error, StoreError::AccountDeleted), "{error:?}");
        assert!(!error.is_transient());
        assert!(matches!(tx.commit().await, Err(StoreError::TransactionFailed)));
        let appended = append(&database.store, &[entry(&bob, Topic::TaskCreated)]).await;
        assert_eq!(appended.unwrap(), [1], "nothing of the failed transaction stayed");
    }

    async fn transactions_of_one_user_number_in_the_order_of_their_commits(database: &TestDatabase) {
        const TRANSACTIONS: i64 = 40;
        let alice = user("alice");
        let mut running = JoinSet::new();
        for _ in 0..TRANSACTIONS {
            let (store, alice) = (database.store.clone(), alice.clone());
            running.spawn(async move {
                let events = [entry(&alice, Topic::TaskUpdated), entry(&alice, Topic::TaskUpdates)];
                append(&store, &events).await.unwrap()
            });
        }
        let mut drawn = running.join_all().await;
        drawn.sort_unstable();
        let expected: Vec<_> = (1..=TRANSACTIONS).map(|number| vec![number, number]).collect();
        assert_eq!(drawn, expected);
        let read = database.store.read().await.unwrap();
        let rows = read.outbox_fetch(AppId::BackendApi, &SHARDS, 1_000).await.unwrap();
        let mut by_topic: BTreeMap<Topic, Vec<i64>> = BTreeMap::new();
        for row in rows {
            by_topic.entry(row.entry.topic).or_default().push(row.sequence);
        }
        // Positions, in which rows are fetched, go the way of the numbers.
        let in_order: Vec<_> = (1..=TRANSACTIONS).collect();
        assert_eq!(by_topic[&Topic::TaskUpdated], in_order);
        assert_eq!(by_topic[&Topic::TaskUpdates], in_order);
    }

    async fn a_reader_never_sees_a_later_number_before_an_earlier_one(database: &TestDatabase) {
        let alice = user("alice");
        let mut writing = JoinSet::new();
        for _ in 0..4 {
            let (store, alice) = (database.store.clone(), alice.clone());
            writing.spawn(async move {
                for _ in 0..15 {
                    append(&store, &[entry(&alice, Topic::TaskUpdated)]).await.unwrap();
                }
            });
        }
        let mut last_seen = 0;
        while last_seen < 60 {
            let read = database.store.read().await.unwrap();
            let rows = read.outbox_fetch(AppId::BackendApi, &SHARDS, 1_000).await.unwrap();
            drop(read);
            let sequences: Vec<_> = rows.iter().map(|row| row.sequence).collect();
            let without_gap: Vec<_> = (1..=i64::try_from(rows.len()).unwrap()).collect();
            assert_eq!(sequences, without_gap);
            assert!(rows.len() >= last_seen);
            last_seen = rows.len();
        }
        writing.join_all().await;
    }

    async fn batches_of_two_users_from_two_sides_do_not_deadlock(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        let mut running = JoinSet::new();
        for side in 0..2 {
            let (store, alice, bob) = (database.store.clone(), alice.clone(), bob.clone());
            running.spawn(async move {
                for _ in 0..30 {
                    let mut users = [&alice, &bob];
                    if side == 1 {
                        users.reverse();
                    }
                    let events = users.map(|user| entry(user, Topic::TaskCreated));
                    let tx = store.begin().await.unwrap();
                    // A deadlock would be an error here.
                    tx.outbox_append(&events).await.unwrap();
                    tx.commit().await.unwrap();
                }
            });
        }
        running.join_all().await;
        let read = database.store.read().await.unwrap();
        for user in [alice, bob] {
            let account = read.account_get(&user).await.unwrap().unwrap();
            assert_eq!(account.event_sequence, 60);
        }
    }
}
