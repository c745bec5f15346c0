use domain::{AppId, Topic, UserId};
use store::{Fence, Lease, OutboxDepth, OutboxRow, shard_of};

use crate::harness::TestDatabase;
use crate::samples::{entry, later, now, user};

const SOURCE: AppId = AppId::BackendApi;
const SHARDS: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

async fn append(database: &TestDatabase, events: &[(&UserId, Topic)]) {
    let entries: Vec<_> = events
        .iter()
        .map(|(user, topic)| entry(user, *topic))
        .collect();
    let tx = database.store.begin().await.unwrap();
    tx.outbox_append(&entries).await.unwrap();
    tx.commit().await.unwrap();
}

async fn acquire(database: &TestDatabase, owner: &str, at: i64) -> Vec<Lease> {
    let tx = database.store.begin().await.unwrap();
    let leases = tx
        .lease_acquire(SOURCE, &SHARDS, owner, later(at), later(at + 10))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    leases
}

fn fences(leases: &[Lease]) -> Vec<Fence> {
    leases.iter().map(Lease::fence).collect()
}

async fn fetch(database: &TestDatabase, shards: &[u8]) -> Vec<OutboxRow> {
    database
        .store
        .read()
        .await
        .unwrap()
        .outbox_fetch(SOURCE, shards, 100)
        .await
        .unwrap()
}

async fn delete(database: &TestDatabase, rows: &[OutboxRow], fences: &[Fence]) -> u64 {
    let positions: Vec<_> = rows.iter().map(|row| row.position).collect();
    let tx = database.store.begin().await.unwrap();
    let deleted = tx.outbox_delete(SOURCE, &positions, fences).await.unwrap();
    tx.commit().await.unwrap();
    deleted
}

on_every_database! {
    async fn a_lease_is_one_relays_until_it_ends(database: &TestDatabase) {
        let first = acquire(database, "first", 0).await;
        assert_eq!(first.len(), 16);
        assert_eq!(acquire(database, "second", 9).await, []);
        let tx = database.store.begin().await.unwrap();
        let renewed = tx.lease_renew(SOURCE, &fences(&first), later(19)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(renewed.len(), 16);
        assert!(renewed.iter().all(|lease| lease.expires_at == later(19)));
        assert_eq!(acquire(database, "second", 18).await, []);

        let second = acquire(database, "second", 19).await;
        assert_eq!(second.len(), 16);
        assert!(second.iter().all(|lease| lease.owner == "second" && lease.fence == 2));
        let tx = database.store.begin().await.unwrap();
        let lost = tx.lease_renew(SOURCE, &fences(&first), later(99)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(lost, [], "who lost its lease cannot extend it");

        let tx = database.store.begin().await.unwrap();
        tx.lease_release(SOURCE, &fences(&first), later(20)).await.unwrap();
        tx.lease_release(SOURCE, &fences(&second[..4]), later(20)).await.unwrap();
        tx.commit().await.unwrap();
        let third = acquire(database, "third", 20).await;
        assert_eq!(third.len(), 4, "only what its owner gave back is free");
        let read = database.store.read().await.unwrap();
        let leases = read.lease_list(SOURCE).await.unwrap();
        let owners: Vec<_> = leases.iter().map(|lease| lease.owner.as_str()).collect();
        assert_eq!(owners[..5], ["third", "third", "third", "third", "second"]);
        assert_eq!(read.lease_list(AppId::AuditService).await.unwrap(), []);
    }

    async fn leases_are_a_services_own_and_taken_one_by_one(database: &TestDatabase) {
        let tx = database.store.begin().await.unwrap();
        let mine = tx.lease_acquire(SOURCE, &[3, 1], "a", now(), later(10)).await.unwrap();
        let shards: Vec<_> = mine.iter().map(|lease| lease.shard).collect();
        assert_eq!(shards, [1, 3]);
        let other = AppId::NotificationService;
        assert_eq!(tx.lease_acquire(other, &[1], "b", now(), later(10)).await.unwrap().len(), 1);
        let rest = tx.lease_acquire(SOURCE, &SHARDS, "c", now(), later(10)).await.unwrap();
        assert_eq!(rest.len(), 14);
        assert_eq!(tx.lease_acquire(SOURCE, &[], "c", now(), later(10)).await.unwrap(), []);
        tx.commit().await.unwrap();
    }

    async fn a_paused_owner_cannot_delete_after_it_was_replaced(database: &TestDatabase) {
        let alice = user("alice");
        append(database, &[(&alice, Topic::TaskCreated), (&alice, Topic::TaskUpdates)]).await;
        let first = acquire(database, "first", 0).await;
        let fetched = fetch(database, &SHARDS).await;
        assert_eq!(fetched.len(), 2);
        // Here the first one is paused beyond its lease's end.
        let second = acquire(database, "second", 10).await;
        assert_eq!(delete(database, &fetched, &fences(&first)).await, 0);
        assert_eq!(fetch(database, &SHARDS).await, fetched, "nothing is lost");
        assert_eq!(delete(database, &fetched[..1], &fences(&second)).await, 1);
        assert_eq!(delete(database, &fetched, &fences(&second)).await, 1);
        assert_eq!(fetch(database, &SHARDS).await, []);

        append(database, &[(&alice, Topic::TaskUpdated)]).await;
        let again = fetch(database, &SHARDS).await;
        assert!(again[0].position > fetched[1].position, "a position is never used again");
        let tx = database.store.begin().await.unwrap();
        let position = again[0].position;
        assert_eq!(tx.outbox_attempts(SOURCE, &[position], &fences(&first)).await.unwrap(), 0);
        assert!(!tx.outbox_park(SOURCE, position, &fences(&first), "x", now()).await.unwrap());
        tx.commit().await.unwrap();
    }

    async fn a_relay_sees_only_its_own_shards_and_service(database: &TestDatabase) {
        let users = ["alice", "carol", "dave", "erin"].map(user);
        for user in &users {
            append(database, &[(user, Topic::TaskCreated)]).await;
        }
        for user in &users {
            let rows = fetch(database, &[shard_of(user)]).await;
            assert!(rows.iter().any(|row| row.entry.user_id == *user));
            assert!(rows.iter().all(|row| row.shard == shard_of(user)));
        }
        assert_eq!(fetch(database, &[]).await, []);
        assert_eq!(fetch(database, &SHARDS).await.len(), 4);
        let read = database.store.read().await.unwrap();
        assert_eq!(read.outbox_fetch(SOURCE, &SHARDS, 3).await.unwrap().len(), 3);
        assert_eq!(read.outbox_fetch(AppId::AuditService, &SHARDS, 3).await.unwrap(), []);
    }

    async fn a_parked_event_holds_up_its_user_and_topic_alone(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        let leases = fences(&acquire(database, "relay", 0).await);
        let events = [
            (&alice, Topic::TaskUpdated),
            (&alice, Topic::TaskUpdated),
            (&alice, Topic::TaskUpdates),
            (&bob, Topic::TaskUpdated),
        ];
        append(database, &events).await;
        let rows = fetch(database, &SHARDS).await;
        let parked = rows[0].position;
        let tx = database.store.begin().await.unwrap();
        assert_eq!(tx.outbox_attempts(SOURCE, &[parked], &leases).await.unwrap(), 1);
        assert_eq!(tx.outbox_attempts(SOURCE, &[parked], &leases).await.unwrap(), 1);
        assert!(tx.outbox_park(SOURCE, parked, &leases, "too large", later(1)).await.unwrap());
        tx.commit().await.unwrap();
        let left: Vec<_> = fetch(database, &SHARDS).await.iter().map(|row| row.position).collect();
        assert_eq!(left, [rows[2].position, rows[3].position]);

        let read = database.store.read().await.unwrap();
        let listed = read.outbox_parked(SOURCE, None, 10).await.unwrap();
        let [listed] = listed.try_into().unwrap();
        assert_eq!((listed.source, listed.position), (SOURCE, parked));
        assert_eq!(listed.event_id, Some(rows[0].entry.event_id));
        assert_eq!(listed.topic.as_deref(), Some("task-updated"));
        let listed = listed.row.unwrap();
        assert_eq!(listed.row.entry, rows[0].entry);
        assert_eq!(listed.row.attempts, 2);
        assert_eq!((listed.parked_at, listed.reason.as_str()), (later(1), "too large"));
        assert!(read.outbox_parked(SOURCE, Some(parked), 10).await.unwrap().is_empty());
        let depth = OutboxDepth { waiting: 3, oldest_at: Some(now()), parked: 1 };
        assert_eq!(read.outbox_depth(SOURCE).await.unwrap(), depth);
        assert_eq!(
            read.outbox_depth(AppId::RecurringService).await.unwrap(),
            OutboxDepth::default()
        );
        drop(read);

        let tx = database.store.begin().await.unwrap();
        assert!(tx.outbox_unpark(SOURCE, parked).await.unwrap());
        assert!(!tx.outbox_unpark(SOURCE, parked).await.unwrap());
        assert!(!tx.outbox_drop(SOURCE, parked).await.unwrap(), "only a parked one is dropped");
        tx.commit().await.unwrap();
        let all: Vec<_> = fetch(database, &SHARDS).await.iter().map(|row| row.position).collect();
        assert_eq!(all, rows.iter().map(|row| row.position).collect::<Vec<_>>());

        let tx = database.store.begin().await.unwrap();
        assert!(tx.outbox_park(SOURCE, parked, &leases, "again", later(2)).await.unwrap());
        assert!(tx.outbox_drop(SOURCE, parked).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(fetch(database, &SHARDS).await, rows[1..]);
    }

    async fn an_event_that_cannot_be_read_holds_up_its_own_kind_alone(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        let events = [
            (&alice, Topic::TaskCreated),
            (&alice, Topic::TaskCreated),
            (&alice, Topic::TaskUpdates),
            (&bob, Topic::TaskCreated),
        ];
        append(database, &events).await;
        let rows = fetch(database, &SHARDS).await;
        let first = rows[0].position;
        database
            .raw(&format!("UPDATE outbox SET correlation_id = '' WHERE position = {first}"))
            .await;
        assert_eq!(fetch(database, &SHARDS).await, rows[2..]);
        database
            .raw(&format!("UPDATE outbox SET topic = 'task-archived' WHERE position = {first}"))
            .await;
        assert_eq!(fetch(database, &SHARDS).await, rows[1..], "a later version's topic");
    }
}
