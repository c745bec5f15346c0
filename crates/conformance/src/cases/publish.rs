//! What a publisher may say, and what it is told.

use anyhow::{Context as _, Result, ensure};
use prost_types::value::Kind;
use tonic::Code;

use crate::{
    app::{App, Delivery},
    topics::{PUBSUB, single, unique},
    wait::same,
    world::{Event, Sidecar, World},
};

/// An app with one subscription, and its sidecar.
pub(super) async fn subscriber(world: &World, topic: &str) -> Result<(App, Sidecar)> {
    let app = App::serving(vec![single(PUBSUB, topic)]).await?;
    let sidecar = world.sidecar(&app).await?;
    Ok((app, sidecar))
}

/// Publishes one event and returns it as it arrives.
pub(super) async fn through(world: &World, event: Event<'_>) -> Result<Delivery> {
    let (app, sidecar) = subscriber(world, event.topic).await?;
    sidecar.publish(event).await??;
    let mut deliveries = app.record.wait_deliveries(1).await?;
    deliveries.pop().context("a delivery")
}

/// A text among the extensions.
pub(super) fn extension(delivery: &Delivery, name: &str) -> Option<String> {
    let value = delivery.event.extensions.as_ref()?.fields.get(name)?;
    match value.kind.as_ref()? {
        Kind::StringValue(text) => Some(text.clone()),
        _ => None,
    }
}

pub(crate) async fn an_event_is_delivered_to_its_subscriber(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let delivery = through(&world, Event::json(&topic, r#"{"a":1}"#)).await?;
    same("data", delivery.text(), r#"{"a":1}"#)?;
    same("topic", &delivery.event.topic, &topic)?;
    same("pubsub", delivery.event.pubsub_name.as_str(), PUBSUB)
}

pub(crate) async fn attributes_come_from_metadata(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let id = unique("event");
    let event = Event::json(&topic, "{}")
        .with("cloudevent.id", &id)
        .with("cloudevent.type", "a.type")
        .with("cloudevent.source", "a-source")
        .with("cloudevent.subject", "a subject");
    let delivery = through(&world, event).await?;
    same("id", delivery.id(), id.as_str())?;
    same("type", delivery.event.r#type.as_str(), "a.type")?;
    same("source", delivery.event.source.as_str(), "a-source")?;
    same(
        "subject",
        extension(&delivery, "subject").as_deref(),
        Some("a subject"),
    )
}

pub(crate) async fn names_of_metadata_have_no_case(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let id = unique("event");
    let event = Event::json(&topic, "{}")
        .with("CloudEvent.ID", &id)
        .with("cloudEvent.Type", "a.type");
    let delivery = through(&world, event).await?;
    same("id", delivery.id(), id.as_str())?;
    same("type", delivery.event.r#type.as_str(), "a.type")
}

pub(crate) async fn attributes_have_defaults(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    sidecar.publish(Event::of(&topic, "", b"words")).await??;
    let delivery = app.record.wait_deliveries(1).await?.remove(0);
    ensure!(
        delivery.id().len() == 36,
        "the id {} is a UUID",
        delivery.id()
    );
    same("source", &delivery.event.source, &sidecar.app_id)?;
    same(
        "type",
        delivery.event.r#type.as_str(),
        "com.dapr.event.sent",
    )?;
    same("specversion", delivery.event.spec_version.as_str(), "1.0")?;
    same(
        "content type",
        delivery.event.data_content_type.as_str(),
        "text/plain",
    )?;
    same("path", delivery.event.path.as_str(), "")?;
    same("data", delivery.text(), "words")
}

pub(crate) async fn an_override_of_the_trace_is_kept(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let event = Event::json(&topic, "{}").with("cloudevent.traceparent", trace);
    let delivery = through(&world, event).await?;
    same(
        "traceparent",
        extension(&delivery, "traceparent").as_deref(),
        Some(trace),
    )?;
    same(
        "traceid",
        extension(&delivery, "traceid").as_deref(),
        Some(trace),
    )
}

pub(crate) async fn an_unknown_pubsub_is_an_invalid_argument(world: World) -> Result<()> {
    let topic = unique("topic");
    let (_app, sidecar) = world.publisher().await?;
    let event = Event {
        pubsub: "no-such-pubsub",
        ..Event::json(&topic, "{}")
    };
    let refused = sidecar.publish(event).await?.err().context("an error")?;
    same("code", refused.code(), Code::InvalidArgument)
}

pub(crate) async fn an_empty_topic_is_an_invalid_argument(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let refused = sidecar
        .publish(Event::json("", "{}"))
        .await?
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::InvalidArgument)
}

pub(crate) async fn a_forbidden_topic_is_refused(world: World) -> Result<()> {
    let allowed = world.topic(1).await?;
    let forbidden = world.topic(1).await?;
    let app = App::serving(Vec::new()).await?;
    let mut spec = World::spec(&app);
    spec.pubsub[0].publishing = Some(vec![allowed.clone()]);
    let sidecar = world.start(spec).await?;
    let refused = sidecar
        .publish(Event::json(&forbidden, "{}"))
        .await?
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::PermissionDenied)?;
    sidecar
        .publish(Event::json(&allowed, "{}"))
        .await?
        .context("the allowed topic")
}

pub(crate) async fn an_event_above_one_mebibyte_fails(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (_app, sidecar) = world.publisher().await?;
    let data = format!("\"{}\"", "x".repeat(1_100_000));
    let refused = sidecar
        .publish(Event::json(&topic, &data))
        .await?
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::Internal)?;
    let data = format!("\"{}\"", "x".repeat(900_000));
    sidecar
        .publish(Event::json(&topic, &data))
        .await?
        .context("an event of 900 kB")
}

pub(crate) async fn a_request_above_four_mebibytes_is_refused_at_once(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (_app, sidecar) = world.publisher().await?;
    let data = format!("\"{}\"", "x".repeat(5 << 20));
    let refused = sidecar
        .publish(Event::json(&topic, &data))
        .await?
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::ResourceExhausted)
}

pub(crate) async fn a_partition_can_be_named(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    for partition in ["2", "0", "1"] {
        let event = Event::json(&topic, "{}")
            .with("cloudevent.id", partition)
            .with("partitionKey", "the same for all")
            .with("partitionNumber", partition);
        sidecar.publish(event).await??;
    }
    for delivery in app.record.wait_deliveries(3).await? {
        same("partition", delivery.partition().as_str(), delivery.id())?;
    }
    Ok(())
}

/// Kafka's component compares this name as it is, unlike those of the CloudEvent.
pub(crate) async fn a_partition_is_named_in_one_case_only(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let event = Event::json(&topic, "{}").with("partitionnumber", "not a number");
    let delivery = through(&world, event).await?;
    same(
        "what it is then",
        delivery.metadata.get("partitionnumber").map(String::as_str),
        Some("not a number"),
    )
}

pub(crate) async fn a_partition_that_is_not_there_is_refused(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let (_app, sidecar) = subscriber(&world, &topic).await?;
    for partition in ["3", "-1", "first"] {
        let event = Event::json(&topic, "{}").with("partitionNumber", partition);
        let refused = sidecar.publish(event).await?.err();
        same(
            "code",
            refused.map(|status| status.code()),
            Some(Code::Internal),
        )?;
    }
    Ok(())
}
