//! Who gets which events.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

use super::publish::subscriber;
use crate::{
    app::{App, Reply},
    topics::{FANOUT, PUBSUB, single, unique},
    wait::{self, same},
    world::World,
};

pub(crate) async fn every_app_gets_every_event(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let (first, sidecar) = subscriber(&world, &topic).await?;
    let (second, _other) = subscriber(&world, &topic).await?;
    let events = (0..12).map(|number| (format!("key-{number}"), number.to_string()));
    sidecar.publish_each(&topic, events).await?;
    for app in [&first, &second] {
        let deliveries = app.record.wait_deliveries(12).await?;
        let ids: BTreeSet<_> = deliveries
            .iter()
            .map(|delivery| delivery.id().to_owned())
            .collect();
        same("different events", ids.len(), 12)?;
    }
    Ok(())
}

pub(crate) async fn a_new_group_begins_at_the_oldest_event(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (_app, publisher) = world.publisher().await?;
    publisher
        .publish_ids(&topic, "key", &["1", "2", "3"])
        .await?;
    let (late, _sidecar) = subscriber(&world, &topic).await?;
    let deliveries = late.record.wait_deliveries(3).await?;
    same("the first", deliveries[0].id(), "1")
}

/// Two replicas of one app: each event goes to one of them, each key to the same one.
pub(crate) async fn replicas_share_the_partitions(world: World) -> Result<()> {
    let topic = world.topic(12).await?;
    let apps = [
        App::serving(vec![single(PUBSUB, &topic)]).await?,
        App::serving(vec![single(PUBSUB, &topic)]).await?,
    ];
    let app_id = unique("app");
    let mut sidecars = Vec::new();
    for app in &apps {
        let mut spec = World::spec(app);
        spec.app_id.clone_from(&app_id);
        sidecars.push(world.start(spec).await?);
    }
    for sidecar in &sidecars {
        sidecar.subscribed(1).await?;
    }
    // The replicas deal the partitions out among themselves when they join; each gets some.
    let mut published = 0;
    wait::until("both replicas to get events", async || {
        let events = (published..published + 12).map(|id| (id.to_string(), id.to_string()));
        sidecars[0].publish_each(&topic, events).await.ok()?;
        published += 12;
        apps.iter()
            .all(|app| !app.record.deliveries().is_empty())
            .then_some(())
    })
    .await?;
    wait::until("every event", async || {
        (distinct(&apps) == published).then_some(())
    })
    .await
}

pub(crate) async fn a_replica_takes_over_when_another_stops(world: World) -> Result<()> {
    let topic = world.topic(4).await?;
    let apps = [
        App::serving(vec![single(PUBSUB, &topic)]).await?,
        App::serving(vec![single(PUBSUB, &topic)]).await?,
    ];
    let app_id = unique("app");
    let mut sidecars = Vec::new();
    for app in &apps {
        let mut spec = World::spec(app);
        spec.app_id.clone_from(&app_id);
        let sidecar = world.start(spec).await?;
        sidecar.subscribed(1).await?;
        sidecars.push(sidecar);
    }
    sidecars[0].running.stop().await?;
    let events = (0..24).map(|id| (id.to_string(), id.to_string()));
    sidecars[1].publish_each(&topic, events).await?;
    wait::until("every event at the other replica", async || {
        (distinct(&apps[1..]) == 24).then_some(())
    })
    .await
}

pub(crate) async fn a_unique_group_gets_every_event_in_every_replica(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let (_app, publisher) = world.publisher().await?;
    publisher.publish_ids(&topic, "before", &["before"]).await?;
    let app_id = unique("app");
    let mut replicas = Vec::new();
    for _ in 0..2 {
        let app = App::serving(vec![single(FANOUT, &topic)]).await?;
        let mut spec = World::spec(&app);
        spec.app_id.clone_from(&app_id);
        let sidecar = world.start(spec).await?;
        replicas.push((app, sidecar));
    }
    publisher.publish_ids(&topic, "after", &["after"]).await?;
    for (app, _sidecar) in &replicas {
        let deliveries = app.record.wait_deliveries(2).await?;
        let ids: BTreeSet<_> = deliveries
            .iter()
            .map(|delivery| delivery.id().to_owned())
            .collect();
        ensure!(ids.len() == 2, "each replica gets both events: {ids:?}");
        same("pubsub", deliveries[0].event.pubsub_name.as_str(), FANOUT)?;
    }
    Ok(())
}

pub(crate) async fn a_unique_group_begins_anew_after_a_restart(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let app = App::serving(vec![single(FANOUT, &topic)]).await?;
    let mut sidecar = world.sidecar(&app).await?;
    sidecar.publish_ids(&topic, "key", &["1", "2"]).await?;
    app.record.wait_deliveries(2).await?;
    sidecar.running.stop().await?;
    sidecar.running.start_again().await?;
    let deliveries = app.record.wait_deliveries(4).await?;
    let ids: Vec<_> = deliveries
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    same("the events", ids, ["1", "2", "1", "2"])
}

/// A group that is joined deals its partitions out anew, and no partition is given away while an
/// event of it is in hand.
pub(crate) async fn a_replica_that_joins_during_a_retry_loses_nothing(world: World) -> Result<()> {
    let topic = world.topic(4).await?;
    let apps = [
        App::serving(vec![single(PUBSUB, &topic)]).await?,
        App::serving(vec![single(PUBSUB, &topic)]).await?,
    ];
    for app in &apps {
        app.script.on_event(|delivery| {
            if delivery.id() == "stuck" {
                Reply::RETRY
            } else {
                Reply::SUCCESS
            }
        });
    }
    let first = world.sidecar(&apps[0]).await?;
    first
        .publish_ids(&topic, "a key", &["stuck", "behind it"])
        .await?;
    apps[0].record.wait_event("stuck").await?;
    let mut spec = World::spec(&apps[1]);
    spec.app_id.clone_from(&first.app_id);
    let second = world.start(spec).await?;
    second.subscribed(1).await?;
    let events = (0..24).map(|id| (id.to_string(), id.to_string()));
    second.publish_each(&topic, events).await?;
    let tries = apps[0].record.deliveries().len();
    wait::until("the event to be tried again", async || {
        (tried(&apps, "stuck") >= tries + 5).then_some(())
    })
    .await?;
    for app in &apps {
        app.script.on_event(|_delivery| Reply::SUCCESS);
    }
    wait::until("every event", async || {
        (distinct(&apps) == 26).then_some(())
    })
    .await
}

/// How often an event has come to any of the apps.
fn tried(apps: &[App], id: &str) -> usize {
    let deliveries = apps.iter().flat_map(|app| app.record.deliveries());
    deliveries.filter(|delivery| delivery.id() == id).count()
}

/// How many different events have come to any of the apps.
fn distinct(apps: &[App]) -> usize {
    let ids = apps.iter().flat_map(|app| app.record.deliveries());
    ids.map(|delivery| delivery.id().to_owned())
        .collect::<BTreeSet<_>>()
        .len()
}
