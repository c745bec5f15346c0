//! What becomes of the outbox when a process ends.

use std::{collections::BTreeMap, time::Duration};

use domain::{AppId, Topic};
use jiff::Timestamp;
use service_kit::{LifecycleError, Service, config::Config, on_every_database, testing::Database};
use tonic::Status;

use crate::{
    samples,
    world::{World, config, eventually},
};

/// Far longer than any test may take: whoever waits for it fails the test.
const FOR_EVER: Duration = Duration::from_hours(1);

fn service(_kit: &service_kit::Kit) -> Service {
    Service::new(AppId::BackendApi)
}

/// A relay that waits very long wherever it waits, and keeps its leases.
fn patient() -> Config {
    let mut config = config();
    config.outbox.lease = FOR_EVER;
    config.outbox.poll = FOR_EVER;
    config.outbox.idle_poll = FOR_EVER;
    config.outbox.publish_timeout = FOR_EVER;
    config.outbox.max_backoff = FOR_EVER;
    config.outbox.backoff = FOR_EVER;
    config.process.grace_period = FOR_EVER;
    config
}

async fn holds_leases(world: &World) -> bool {
    let tx = world.store().read().await.unwrap();
    let leases = tx.lease_list(AppId::BackendApi).await.unwrap();
    let now: Timestamp = world.kit.now();
    leases.iter().any(|lease| now < lease.expires_at)
}

async fn end(world: &World) -> Result<(), LifecycleError> {
    let lifecycle = world.kit.lifecycle();
    lifecycle.drain();
    let ended = tokio::time::timeout(FOR_EVER / 30, lifecycle.run(FOR_EVER));
    ended.await.expect("nothing is waited for")
}

/// Events of one transaction.
async fn commit(world: &World, owner: &str, events: usize) {
    let mut work = world.kit.begin(&world.context(owner)).await.unwrap();
    for _ in 0..events {
        let task = samples::task(owner, "buy milk");
        work.publish(samples::payload(Topic::TaskCreated, task));
    }
    work.commit().await.unwrap();
}

async fn what_was_committed_last_goes_out_before_the_end(database: Database) {
    let world = World::on(database, AppId::BackendApi, patient(), service).await;
    eventually("it has its shards", async || holds_leases(&world).await).await;
    commit(&world, "busy", 150).await;
    for number in 0..30 {
        commit(&world, &format!("user-{number}"), 2).await;
    }
    assert_eq!(end(&world).await, Ok(()));
    assert_eq!(world.outbox().await, []);
    assert!(
        !holds_leases(&world).await,
        "another could take over at once"
    );
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    for event in world.sidecar.published() {
        let sequence = event.data["sequence"].as_str().unwrap().parse().unwrap();
        let key = event.metadata["partitionKey"].clone();
        let before = last.insert(key, sequence).unwrap_or(0);
        assert_eq!(sequence, before + 1, "each once, in order");
    }
    assert_eq!((last.len(), last["busy"]), (31, 150));
}

#[tokio::test]
async fn a_sidecar_that_is_away_delays_nothing() {
    let world = World::with_config(AppId::BackendApi, patient(), service).await;
    eventually("it has its shards", async || holds_leases(&world).await).await;
    world
        .sidecar
        .refuse(|_| Err(Status::unavailable("no broker")));
    commit(&world, "alice", 3).await;
    assert_eq!(end(&world).await, Ok(()));
    assert_eq!(world.outbox().await.len(), 3);
    assert!(!holds_leases(&world).await);
}

#[tokio::test]
async fn an_event_that_is_refused_delays_nothing() {
    let world = World::with_config(AppId::BackendApi, patient(), service).await;
    eventually("it has its shards", async || holds_leases(&world).await).await;
    world.sidecar.refuse(|call| {
        let mut keys = call
            .entries
            .iter()
            .map(|entry| &entry.metadata["partitionKey"]);
        if keys.any(|key| key == "alice") {
            return Err(Status::internal("too large"));
        }
        Ok(())
    });
    commit(&world, "alice", 3).await;
    eventually("it was refused", async || 1 <= world.sidecar.calls()).await;
    commit(&world, "bob", 3).await;
    assert_eq!(end(&world).await, Ok(()));
    let left = world.outbox().await;
    assert!(
        left.len() == 3 && left.iter().all(|row| row.entry.user_id.as_str() == "alice"),
        "{left:?}"
    );
    assert!(!holds_leases(&world).await);
}

#[tokio::test]
async fn before_the_grace_period_is_over_the_shards_are_free() {
    let mut config = patient();
    config.process.grace_period = Duration::from_millis(500);
    let world = World::with_config(AppId::BackendApi, config, service).await;
    eventually("it has its shards", async || holds_leases(&world).await).await;
    world.sidecar.hang();
    commit(&world, "alice", 3).await;
    eventually("a call is under way", async || world.sidecar.calls() == 1).await;
    let lifecycle = world.kit.lifecycle();
    lifecycle.drain();
    let cut_off = lifecycle.run(FOR_EVER);
    tokio::pin!(cut_off);
    tokio::select! {
        ended = &mut cut_off => panic!("the call cannot have ended: {ended:?}"),
        () = eventually("the shards are free", async || !holds_leases(&world).await) => {}
    }
    lifecycle.abort();
    assert_eq!(cut_off.await, Err(LifecycleError::CutOff));
    assert_eq!(world.outbox().await.len(), 3);
}

on_every_database!(what_was_committed_last_goes_out_before_the_end);
