//! Who publishes: relays share the shards, and a fence stops whoever lost them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{AppId, Topic};
use jiff::SignedDuration;
use service_kit::{Service, config::Config, on_every_database, testing::Database};
use store::{Lease, SHARDS};
use tokio::runtime::Handle;

use crate::world::{World, config, eventually};

fn service(_kit: &service_kit::Kit) -> Service {
    Service::new(AppId::BackendApi)
}

fn with_lease(length: Duration) -> Config {
    let mut config = config();
    config.outbox.lease = length;
    config
}

async fn leases(world: &World) -> Vec<Lease> {
    let tx = world.store().read().await.unwrap();
    let mut leases = tx.lease_list(AppId::BackendApi).await.unwrap();
    leases.retain(|lease| lease.shard < SHARDS && world.kit.now() < lease.expires_at);
    leases
}

async fn replicas_share_the_shards_and_publish_each_event_once(database: Database) {
    let config = with_lease(Duration::from_millis(300));
    let first = World::on(database, AppId::BackendApi, config, service).await;
    eventually("the first holds all", async || {
        leases(&first).await.len() == usize::from(SHARDS)
    })
    .await;
    let second = first.replica(service).await;
    eventually("they share", async || {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for lease in leases(&first).await {
            *counts.entry(lease.owner).or_default() += 1;
        }
        counts.values().copied().collect::<Vec<_>>() == [8, 8]
    })
    .await;
    for number in 0..60 {
        let world = if number % 2 == 0 { &first } else { &second };
        world
            .publish(&[(&format!("user-{number}"), Topic::TaskCreated)])
            .await;
    }
    eventually("all is out", async || first.outbox().await.is_empty()).await;
    let published = first.sidecar.published();
    let ids: BTreeSet<&String> = published
        .iter()
        .map(|event| &event.metadata["cloudevent.id"])
        .collect();
    assert_eq!((published.len(), ids.len()), (60, 60));
}

#[tokio::test]
async fn a_replica_that_ends_gives_its_shards_back_at_once() {
    let config = with_lease(Duration::from_hours(1));
    let first = World::with_config(AppId::BackendApi, config, service).await;
    eventually("the first holds all", async || {
        leases(&first).await.len() == usize::from(SHARDS)
    })
    .await;
    first.publish(&[("alice", Topic::TaskCreated)]).await;
    eventually("it is out", async || first.outbox().await.is_empty()).await;
    first.kit.lifecycle().drain();
    first
        .kit
        .lifecycle()
        .run(Duration::from_secs(30))
        .await
        .unwrap();
    assert!(leases(&first).await.is_empty());
    let second = first.replica(service).await;
    second.publish(&[("alice", Topic::TaskCreated)]).await;
    eventually("the second goes on", async || {
        second.outbox().await.is_empty()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_lost_its_lease_can_only_duplicate() {
    let config = with_lease(Duration::from_millis(300));
    let first = World::with_config(AppId::BackendApi, config, service).await;
    eventually("it holds all", async || {
        leases(&first).await.len() == usize::from(SHARDS)
    })
    .await;
    // While its call is under way, another relay takes the shards over: its clock says that they
    // ran out.
    let (store, clock, handle) = (
        first.database.open().await,
        Arc::clone(&first.clock),
        Handle::current(),
    );
    let is_done = Arc::new(AtomicBool::new(false));
    let once = Arc::clone(&is_done);
    first.sidecar.refuse(move |_| {
        if once.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let (store, clock) = (store.clone(), Arc::clone(&clock));
        let taken = async move {
            let later = service_kit::Clock::now(&*clock) + SignedDuration::from_hours(2);
            let tx = store.begin().await.unwrap();
            let shards: Vec<u8> = (0..SHARDS).collect();
            let until = later + SignedDuration::from_secs(1);
            let leases = tx
                .lease_acquire(AppId::BackendApi, &shards, "another", later, until)
                .await;
            assert_eq!(leases.unwrap().len(), usize::from(SHARDS));
            tx.commit().await.unwrap();
        };
        tokio::task::block_in_place(|| handle.block_on(taken));
        Ok(())
    });
    first.publish(&[("alice", Topic::TaskCreated)]).await;
    eventually("it is published", async || {
        !first.sidecar.published().is_empty()
    })
    .await;
    eventually("the others' leases stand", async || {
        leases(&first)
            .await
            .iter()
            .all(|lease| lease.owner == "another")
    })
    .await;
    assert_eq!(
        first.outbox().await.len(),
        1,
        "the row belongs to the new owner now"
    );
    // The new owner is gone, too: after its time the first takes over again and publishes the row
    // once more.
    first.clock.advance(SignedDuration::from_hours(3));
    eventually("it is deleted", async || first.outbox().await.is_empty()).await;
    let published = first.sidecar.published();
    let ids: BTreeSet<&String> = published
        .iter()
        .map(|event| &event.metadata["cloudevent.id"])
        .collect();
    assert_eq!(ids.len(), 1);
    assert!(2 <= published.len());
}

#[tokio::test]
async fn a_process_of_the_same_name_takes_over_at_once() {
    let mut config = with_lease(Duration::from_hours(1));
    config.process.instance = Some("this machine".to_owned());
    let first = World::with_config(AppId::BackendApi, config, service).await;
    eventually("it holds all", async || {
        leases(&first).await.len() == usize::from(SHARDS)
    })
    .await;
    // Killed outright: nothing is given back.
    first.kit.lifecycle().abort();
    let second = first.replica(service).await;
    second.publish(&[("alice", Topic::TaskCreated)]).await;
    eventually("the second publishes", async || {
        second.outbox().await.is_empty()
    })
    .await;
}

on_every_database!(replicas_share_the_shards_and_publish_each_event_once);
