//! Many events in one call.

use std::collections::HashMap;

use anyhow::{Context as _, Result, ensure};
use dapr::dapr::proto::runtime::v1::BulkPublishRequest;
use tonic::Code;

use super::publish::subscriber;
use crate::{
    topics::{PUBSUB, unique},
    wait::same,
    world::{World, entry},
};

pub(crate) async fn every_entry_is_delivered(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let ids: Vec<_> = (0..100)
        .map(|number| unique(&format!("event-{number}")))
        .collect();
    let entries = ids.iter().map(|id| entry(id, id, r#"{"a":1}"#)).collect();
    sidecar.publish_bulk(&topic, entries).await??;
    let deliveries = app.record.wait_deliveries(100).await?;
    let mut arrived: Vec<_> = deliveries
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    let mut sent = ids;
    arrived.sort();
    sent.sort();
    same("the events", arrived, sent)
}

#[expect(deprecated, reason = "the older name is what this case is about")]
pub(crate) async fn the_older_name_still_works(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let request = sidecar.request(BulkPublishRequest {
        pubsub_name: PUBSUB.to_owned(),
        topic: topic.clone(),
        entries: vec![entry("one", "key", "{}")],
        metadata: HashMap::new(),
    })?;
    let response = sidecar
        .client()
        .await?
        .bulk_publish_event_alpha1(request)
        .await?;
    same(
        "failed entries",
        response.into_inner().failed_entries.len(),
        0,
    )?;
    app.record.wait_event("one").await.map(drop)
}

pub(crate) async fn an_empty_entry_id_is_an_invalid_argument(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (_app, sidecar) = world.publisher().await?;
    let refused = sidecar
        .publish_bulk(&topic, vec![entry("", "key", "{}")])
        .await?;
    same(
        "code",
        refused.err().context("an error")?.code(),
        Code::InvalidArgument,
    )
}

pub(crate) async fn an_entry_id_given_twice_writes_nothing(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let entries = vec![
        entry("first", "key", "{}"),
        entry("twice", "key", "{}"),
        entry("twice", "key", "{}"),
    ];
    let refused = sidecar.publish_bulk(&topic, entries).await?;
    same(
        "code",
        refused.err().context("an error")?.code(),
        Code::InvalidArgument,
    )?;
    sidecar.publish_ids(&topic, "key", &["marker"]).await?;
    app.record.wait_event("marker").await?;
    same("deliveries", app.record.deliveries().len(), 1)
}

/// Kafka's client says only that one failed; Dapr makes an error of the whole call.
pub(crate) async fn one_entry_too_large_fails_the_call_and_the_others_are_written(
    world: World,
) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let large = format!("\"{}\"", "x".repeat(1_100_000));
    let entries = vec![
        entry("before", "key", "{}"),
        entry("large", "key", &large),
        entry("after", "key", "{}"),
    ];
    let refused = sidecar.publish_bulk(&topic, entries).await?;
    same(
        "code",
        refused.err().context("an error")?.code(),
        Code::Internal,
    )?;
    sidecar.publish_ids(&topic, "key", &["marker"]).await?;
    app.record.wait_event("marker").await?;
    let mut arrived: Vec<_> = app
        .record
        .deliveries()
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    arrived.sort();
    same("deliveries", arrived, ["after", "before", "marker"])
}

/// Dapr's Kafka component copies the request's metadata over that of each entry.
pub(crate) async fn metadata_of_the_request_overwrites_that_of_the_entry(
    world: World,
) -> Result<()> {
    let topic = world.topic(12).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let entries =
        (0..12).map(|number| entry(&format!("event-{number}"), &format!("key-{number}"), "{}"));
    let request = sidecar.request(BulkPublishRequest {
        pubsub_name: PUBSUB.to_owned(),
        topic: topic.clone(),
        entries: entries.collect(),
        metadata: HashMap::from([("partitionKey".to_owned(), "of-the-request".to_owned())]),
    })?;
    sidecar.client().await?.bulk_publish_event(request).await?;
    let deliveries = app.record.wait_deliveries(12).await?;
    for delivery in &deliveries {
        let key = delivery.metadata.get("__key").map(String::as_str);
        same("key", key, Some("of-the-request"))?;
        same("partition", delivery.partition(), deliveries[0].partition())?;
    }
    ensure!(deliveries.len() == 12, "each entry once");
    Ok(())
}

pub(crate) async fn order_within_a_key_is_that_of_the_entries(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    let ids: Vec<_> = (0..100)
        .map(|number| format!("event-{number:03}"))
        .collect();
    let entries = ids.iter().map(|id| entry(id, "one key", "{}")).collect();
    sidecar.publish_bulk(&topic, entries).await??;
    let deliveries = app.record.wait_deliveries(100).await?;
    let arrived: Vec<_> = deliveries
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    same("the order", arrived, ids)
}
