//! How data arrives, by its content type.

use anyhow::{Result, ensure};

use super::publish::{extension, through};
use crate::{
    app::App,
    topics::{raw, unique},
    wait::same,
    world::{Event, World},
};

pub(crate) async fn json_arrives_with_sorted_keys(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let event = Event::json(
        &topic,
        r#"{ "b": {"z": 1, "a": "<é>"}, "a": [true, null, 1.5] }"#,
    );
    let delivery = through(&world, event).await?;
    same(
        "data",
        delivery.text(),
        r#"{"a":[true,null,1.5],"b":{"a":"\u003cé\u003e","z":1}}"#,
    )
}

/// Dapr reads numbers into 64-bit floats.
pub(crate) async fn large_integers_lose_precision(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let event = Event::json(
        &topic,
        r#"{"exact":9007199254740992,"inexact":9007199254740993}"#,
    );
    let delivery = through(&world, event).await?;
    same(
        "data",
        delivery.text(),
        r#"{"exact":9007199254740992,"inexact":9007199254740992}"#,
    )
}

pub(crate) async fn what_is_not_json_arrives_as_a_json_text(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let delivery = through(&world, Event::json(&topic, "{not json")).await?;
    same("data", delivery.text(), "\"{not json\"")
}

pub(crate) async fn text_arrives_as_it_was(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let text = "first line\n\"second\" <line> é";
    let delivery = through(&world, Event::of(&topic, "text/markdown", text.as_bytes())).await?;
    same("data", delivery.text(), text)?;
    same(
        "content type",
        delivery.event.data_content_type.as_str(),
        "text/markdown",
    )
}

pub(crate) async fn bytes_arrive_as_they_were(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let bytes: Vec<u8> = (0..=255).collect();
    let delivery = through(
        &world,
        Event::of(&topic, "application/octet-stream", &bytes),
    )
    .await?;
    same("data", delivery.event.data, bytes)
}

/// Content that Dapr does not know goes in as text and never comes out. What calls itself
/// `application/x-protobuf` is left to chance: it arrives if it happens to read as a CloudEvent.
pub(crate) async fn other_content_arrives_empty(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let delivery = through(
        &world,
        Event::of(&topic, "application/protobuf", b"\x08\x01"),
    )
    .await?;
    same("data", delivery.event.data.len(), 0)?;
    same(
        "content type",
        delivery.event.data_content_type.as_str(),
        "application/protobuf",
    )
}

pub(crate) async fn a_cloud_event_of_the_publisher_keeps_its_attributes(
    world: World,
) -> Result<()> {
    let topic = world.topic(1).await?;
    let id = unique("event");
    let event = format!(
        r#"{{"specversion":"1.0","id":"{id}","source":"its-own","type":"its.own","datacontenttype":"application/json","data":{{"a":1}}}}"#
    );
    let event = Event::of(&topic, "application/cloudevents+json", event.as_bytes());
    let delivery = through(&world, event).await?;
    same("id", delivery.id(), id.as_str())?;
    same("source", delivery.event.source.as_str(), "its-own")?;
    same("type", delivery.event.r#type.as_str(), "its.own")?;
    same("data", delivery.text(), r#"{"a":1}"#)?;
    ensure!(
        extension(&delivery, "time").is_some(),
        "it gets a time when it has none"
    );
    Ok(())
}

/// A raw payload has no CloudEvent, so each delivery of it invents one.
pub(crate) async fn a_raw_payload_arrives_under_an_id_of_its_own(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let app = App::serving(vec![raw(&topic)]).await?;
    let sidecar = world.sidecar(&app).await?;
    let event = Event::json(&topic, "{ \"b\": 1 }").with("rawPayload", "true");
    sidecar
        .publish(event.with("cloudevent.id", "ignored"))
        .await??;
    let delivery = app.record.wait_deliveries(1).await?.remove(0);
    same("data", delivery.text(), "{ \"b\": 1 }")?;
    ensure!(delivery.id() != "ignored", "the id is invented");
    same("source", delivery.event.source.as_str(), "Dapr")?;
    same(
        "content type",
        delivery.event.data_content_type.as_str(),
        "application/octet-stream",
    )
}
