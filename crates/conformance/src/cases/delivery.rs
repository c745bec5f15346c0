//! What travels with an event, and in which order events come.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};

use super::publish::{extension, subscriber, through};
use crate::{
    app::{App, Reply},
    topics::{PUBSUB, routed, unique},
    wait::same,
    world::{Event, World},
};

pub(crate) async fn metadata_says_where_an_event_stands(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let event = Event::json(&topic, "{}")
        .with("partitionKey", "a key")
        .with("cloudevent.id", "an id");
    let delivery = through(&world, event).await?;
    let metadata = |name: &str| delivery.metadata.get(name).map(String::as_str);
    same("__key", metadata("__key"), Some("a key"))?;
    same("__offset", metadata("__offset"), Some("0"))?;
    same("__partition", metadata("__partition"), Some("0"))?;
    same("__topic", metadata("__topic"), Some(topic.as_str()))?;
    let timestamp: u64 = metadata("__timestamp").context("__timestamp")?.parse()?;
    ensure!(
        timestamp > 1_600_000_000_000,
        "{timestamp} is in milliseconds"
    );
    same("pubsubname", metadata("pubsubname"), Some(PUBSUB))?;
    // gRPC has no upper case in names.
    same("partitionkey", metadata("partitionkey"), Some("a key"))?;
    same("cloudevent.id", metadata("cloudevent.id"), Some("an id"))
}

pub(crate) async fn extensions_hold_the_other_attributes(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let event = Event::json(&topic, "{}").with("cloudevent.traceid", trace);
    let delivery = through(&world, event).await?;
    same(
        "pubsubname",
        extension(&delivery, "pubsubname").as_deref(),
        Some(PUBSUB),
    )?;
    same("topic", extension(&delivery, "topic"), Some(topic))?;
    // RFC 3339 in the zone of the sidecar: with Z or an offset.
    let time = extension(&delivery, "time").context("time")?;
    ensure!(
        matches!(time.len(), 20 | 25) && !time.contains('.'),
        "{time} is in whole seconds"
    );
    for name in ["traceparent", "traceid"] {
        same(name, extension(&delivery, name).as_deref(), Some(trace))?;
    }
    Ok(())
}

pub(crate) async fn events_of_one_key_stay_in_one_partition(world: World) -> Result<()> {
    let topic = world.topic(8).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let rounds = (0..3).flat_map(|round| (0..16).map(move |key| (round, key)));
    let events = rounds.map(|(round, key)| (format!("key-{key}"), format!("{round}-{key}")));
    sidecar.publish_each(&topic, events).await?;
    let deliveries = app.record.wait_deliveries(48).await?;
    let mut partitions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for delivery in &deliveries {
        let key = delivery.metadata.get("__key").cloned().unwrap_or_default();
        partitions
            .entry(key)
            .or_default()
            .insert(delivery.partition());
    }
    same("keys", partitions.len(), 16)?;
    ensure!(
        partitions.values().all(|of_key| of_key.len() == 1),
        "{partitions:?}"
    );
    let used: BTreeSet<_> = partitions.values().flatten().collect();
    ensure!(
        used.len() > 2,
        "16 keys are spread over partitions: {used:?}"
    );
    Ok(())
}

pub(crate) async fn offsets_of_a_partition_have_no_gap(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let ids: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    sidecar.publish_ids(&topic, "key", &ids).await?;
    let deliveries = app.record.wait_deliveries(20).await?;
    let offsets: Vec<_> = deliveries
        .iter()
        .filter_map(|delivery| delivery.metadata.get("__offset"))
        .collect();
    same("offsets", offsets, ids)
}

pub(crate) async fn order_is_kept_within_a_key(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let events = (0..50).flat_map(|number| {
        ["a", "b", "c", "d"].map(|key| (key.to_owned(), format!("{key}-{number:03}")))
    });
    sidecar.publish_each(&topic, events).await?;
    let deliveries = app.record.wait_deliveries(200).await?;
    for key in ["a", "b", "c", "d"] {
        let of_key = deliveries.iter().map(|delivery| delivery.id().to_owned());
        let of_key: Vec<_> = of_key.filter(|id| id.starts_with(key)).collect();
        let mut sorted = of_key.clone();
        sorted.sort();
        same("the order of a key", of_key, sorted)?;
    }
    Ok(())
}

pub(crate) async fn partitions_are_handled_at_the_same_time(world: World) -> Result<()> {
    let topic = world.topic(8).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    app.script.on_event(|_delivery| Reply::Hold);
    let events = (0..32).map(|key| (format!("key-{key}"), key.to_string()));
    sidecar.publish_each(&topic, events).await?;
    // None has been answered, so more than one can only have come side by side.
    let held = app.record.wait_deliveries(3).await?;
    let partitions: BTreeSet<_> = held.iter().map(crate::app::Delivery::partition).collect();
    same("partitions", partitions.len(), held.len())?;
    app.script.release();
    app.record.wait_deliveries(32).await.map(drop)
}

pub(crate) async fn one_partition_has_one_event_in_flight(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let marker = world.topic(1).await?;
    let app = App::serving(vec![
        crate::topics::single(PUBSUB, &topic),
        crate::topics::single(PUBSUB, &marker),
    ])
    .await?;
    let sidecar = world.sidecar(&app).await?;
    let held = topic.clone();
    app.script.on_event(move |delivery| {
        if delivery.event.topic == held && delivery.id() != "warm up" {
            Reply::Hold
        } else {
            Reply::SUCCESS
        }
    });
    // Each subscription makes the whole group join anew, and that waits for what is in flight.
    for topic in [&topic, &marker] {
        sidecar.publish_ids(topic, "key", &["warm up"]).await?;
        app.record.wait_topic(topic, 1).await?;
    }
    sidecar
        .publish_ids(&topic, "key", &["first", "second", "third"])
        .await?;
    app.record.wait_topic(&topic, 2).await?;
    sidecar
        .publish_ids(&marker, "key", &["1", "2", "3", "4", "5"])
        .await?;
    app.record.wait_topic(&marker, 6).await?;
    same("in flight", app.record.of_topic(&topic).len(), 2)?;
    app.script.release();
    let deliveries = app.record.wait_topic(&topic, 4).await?;
    let ids: Vec<_> = deliveries
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    same("the order", ids, ["warm up", "first", "second", "third"])
}

pub(crate) async fn a_default_route_is_the_path(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let app = App::serving(vec![routed(&topic, "/a/path")]).await?;
    let sidecar = world.sidecar(&app).await?;
    sidecar.publish(Event::json(&topic, "{}")).await??;
    let delivery = app.record.wait_deliveries(1).await?.remove(0);
    same("path", delivery.event.path.as_str(), "/a/path")
}

/// Metadata becomes gRPC metadata, which is ASCII. What is not makes a poisoned event: it is tried
/// for ever and never leaves the sidecar.
pub(crate) async fn metadata_that_is_not_ascii_makes_an_event_undeliverable(
    world: World,
) -> Result<()> {
    let topic = world.topic(2).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let poisoned = unique("poisoned");
    let event = Event::json(&topic, "{}").with("cloudevent.id", &poisoned);
    sidecar
        .publish(event.with("partitionKey", "schl\u{fc}ssel"))
        .await??;
    // Every other partition goes on, so some of many keys arrive.
    let events = (0..16).map(|key| (format!("key-{key}"), key.to_string()));
    sidecar.publish_each(&topic, events).await?;
    let deliveries = app.record.wait_deliveries(3).await?;
    ensure!(
        deliveries.iter().all(|delivery| delivery.id() != poisoned),
        "it never arrives"
    );
    let partitions: BTreeSet<_> = deliveries
        .iter()
        .map(crate::app::Delivery::partition)
        .collect();
    same("partitions that go on", partitions.len(), 1)
}
