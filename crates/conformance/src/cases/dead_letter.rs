//! What an app does not want.

use anyhow::{Result, ensure};

use super::publish::subscriber;
use crate::{
    app::{App, Reply},
    topics::{raw, with_dead_letters},
    wait::same,
    world::{Event, Sidecar, World},
};

/// An app with a dead letter topic, and another that reads that topic.
struct Burial {
    topic: String,
    dead_letters: String,
    app: App,
    sidecar: Sidecar,
    undertaker: App,
    _undertakers: Sidecar,
}

async fn burial(world: &World) -> Result<Burial> {
    let topic = world.topic(1).await?;
    let dead_letters = world.topic(1).await?;
    let app = App::serving(vec![with_dead_letters(&topic, &dead_letters)]).await?;
    let sidecar = world.sidecar(&app).await?;
    let (undertaker, undertakers) = subscriber(world, &dead_letters).await?;
    Ok(Burial {
        topic,
        dead_letters,
        app,
        sidecar,
        undertaker,
        _undertakers: undertakers,
    })
}

pub(crate) async fn a_dropped_event_goes_to_the_dead_letter_topic(world: World) -> Result<()> {
    let burial = burial(&world).await?;
    burial.app.script.on_event(|_delivery| Reply::DROP);
    let event = Event::json(&burial.topic, r#"{"a":1}"#)
        .with("cloudevent.id", "dropped")
        .with("cloudevent.type", "a.type");
    burial.sidecar.publish(event).await??;
    let letter = burial.undertaker.record.wait_event("dropped").await?;
    same("type", letter.event.r#type.as_str(), "a.type")?;
    same("data", letter.text(), r#"{"a":1}"#)?;
    same("topic", &letter.event.topic, &burial.dead_letters)?;
    same("attempts", burial.app.record.deliveries().len(), 1)
}

/// The metadata of the consumed event become headers of the dead letter and overwrite its own.
pub(crate) async fn a_dead_letter_bears_the_place_it_was_consumed_from(world: World) -> Result<()> {
    let burial = burial(&world).await?;
    burial.app.script.on_event(|delivery| {
        if delivery.id() == "dropped" {
            Reply::DROP
        } else {
            Reply::SUCCESS
        }
    });
    burial
        .sidecar
        .publish_ids(&burial.topic, "a key", &["accepted", "dropped"])
        .await?;
    let letter = burial.undertaker.record.wait_event("dropped").await?;
    let metadata = |name: &str| letter.metadata.get(name).map(String::as_str);
    same("__key", metadata("__key"), Some("a key"))?;
    same("__topic", metadata("__topic"), Some(burial.topic.as_str()))?;
    same("__offset", metadata("__offset"), Some("1"))
}

pub(crate) async fn a_dropped_event_without_dead_letter_topic_is_gone(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    app.script.on_event(|delivery| {
        if delivery.id() == "dropped" {
            Reply::DROP
        } else {
            Reply::SUCCESS
        }
    });
    sidecar
        .publish_ids(&topic, "key", &["dropped", "accepted"])
        .await?;
    app.record.wait_event("accepted").await?;
    same("deliveries", app.record.deliveries().len(), 2)
}

/// Under endless retry nothing but DROP ends as a dead letter.
pub(crate) async fn a_retried_event_never_becomes_a_dead_letter(world: World) -> Result<()> {
    let burial = burial(&world).await?;
    burial
        .app
        .script
        .on_event(|delivery| match (delivery.id(), delivery.earlier) {
            ("retried", 0..4) => Reply::RETRY,
            ("dropped", _) => Reply::DROP,
            _ => Reply::SUCCESS,
        });
    burial
        .sidecar
        .publish_ids(&burial.topic, "key", &["retried", "dropped"])
        .await?;
    burial.undertaker.record.wait_event("dropped").await?;
    same(
        "dead letters",
        burial.undertaker.record.deliveries().len(),
        1,
    )?;
    same("attempts", burial.app.record.deliveries().len(), 6)
}

pub(crate) async fn a_payload_that_is_no_event_becomes_a_dead_letter(world: World) -> Result<()> {
    let burial = burial(&world).await?;
    let event = Event::of(&burial.topic, "text/plain", b"no CloudEvent").with("rawPayload", "true");
    burial
        .sidecar
        .publish(event.with("partitionKey", "key"))
        .await??;
    burial
        .sidecar
        .publish_ids(&burial.topic, "key", &["an event"])
        .await?;
    burial.app.record.wait_event("an event").await?;
    same("deliveries", burial.app.record.deliveries().len(), 1)?;

    // The payload cannot be read from the dead letter topic either, unless it is read raw.
    let reader = App::serving(vec![raw(&burial.dead_letters)]).await?;
    let _readers = world.sidecar(&reader).await?;
    let letter = reader.record.wait_deliveries(1).await?.remove(0);
    same("data", letter.text(), "no CloudEvent")
}

/// An event that expires before it can be delivered is not delivered.
pub(crate) async fn an_expired_event_becomes_a_dead_letter(world: World) -> Result<()> {
    let burial = burial(&world).await?;
    expire_behind_another(&burial.app, &burial.sidecar, &burial.topic).await?;
    burial
        .sidecar
        .publish_ids(&burial.topic, "key", &["after"])
        .await?;
    burial.app.record.wait_event("after").await?;
    let ids: Vec<_> = burial
        .app
        .record
        .deliveries()
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    same("deliveries", ids, ["before", "after"])?;

    // The dead letter has expired as well, so only a raw reader sees it.
    let reader = App::serving(vec![raw(&burial.dead_letters)]).await?;
    let _readers = world.sidecar(&reader).await?;
    let letter = reader.record.wait_deliveries(1).await?.remove(0);
    ensure!(letter.text().contains("\"expiring\""), "{}", letter.text());
    same(
        "read as an event",
        burial.undertaker.record.deliveries().len(),
        0,
    )
}

/// The metadata of the event go with it, the named partition too: a dead letter topic without that
/// partition refuses the event, which then comes again to the app that has dropped it.
pub(crate) async fn a_dead_letter_needs_the_partition_that_was_named(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let dead_letters = world.topic(1).await?;
    let app = App::serving(vec![with_dead_letters(&topic, &dead_letters)]).await?;
    let sidecar = world.sidecar(&app).await?;
    app.script.on_event(|_delivery| Reply::DROP);
    let event = |id: &str, partition: &str| {
        Event::json(&topic, "{}")
            .with("cloudevent.id", id)
            .with("partitionNumber", partition)
    };
    sidecar.publish(event("in the first", "0")).await??;
    sidecar.publish(event("in the last", "2")).await??;
    let (undertaker, _other) = subscriber(&world, &dead_letters).await?;
    undertaker.record.wait_event("in the first").await?;
    crate::wait::until("the event to be dropped again", async || {
        let deliveries = app.record.deliveries();
        let again = deliveries
            .iter()
            .filter(|delivery| delivery.id() == "in the last");
        (again.count() >= 3).then_some(())
    })
    .await?;
    same("dead letters", undertaker.record.deliveries().len(), 1)
}

/// A dead letter is published in the app's name. Without the right to publish it the event is never
/// put aside: it is delivered again and again, and holds up its partition.
pub(crate) async fn a_dead_letter_needs_the_right_to_publish_it(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let dead_letters = world.topic(1).await?;
    let app = App::serving(vec![with_dead_letters(&topic, &dead_letters)]).await?;
    app.script.on_event(|_delivery| Reply::DROP);
    let mut spec = World::spec(&app);
    spec.pubsub[0].publishing = Some(vec![topic.clone()]);
    let sidecar = world.start(spec).await?;
    sidecar
        .publish_ids(&topic, "key", &["dropped", "behind it"])
        .await?;
    let deliveries = app.record.wait_deliveries(3).await?;
    for delivery in &deliveries {
        same("delivered again", delivery.id(), "dropped")?;
    }
    nothing_was_buried(&world, &dead_letters).await
}

/// Where an event has expired nobody looks at what became of its dead letter: it is lost.
pub(crate) async fn an_expired_event_without_the_right_to_publish_is_lost(
    world: World,
) -> Result<()> {
    let topic = world.topic(1).await?;
    let dead_letters = world.topic(1).await?;
    let app = App::serving(vec![with_dead_letters(&topic, &dead_letters)]).await?;
    let mut spec = World::spec(&app);
    spec.pubsub[0].publishing = Some(vec![topic.clone()]);
    let sidecar = world.start(spec).await?;
    expire_behind_another(&app, &sidecar, &topic).await?;
    sidecar.publish_ids(&topic, "key", &["after"]).await?;
    app.record.wait_event("after").await?;
    nothing_was_buried(&world, &dead_letters).await
}

/// Publishes an event, and one that expires while the app has the first in hand.
async fn expire_behind_another(app: &App, sidecar: &Sidecar, topic: &str) -> Result<()> {
    app.script.on_event(|delivery| {
        if delivery.id() == "before" {
            Reply::Hold
        } else {
            Reply::SUCCESS
        }
    });
    sidecar.publish_ids(topic, "key", &["before"]).await?;
    app.record.wait_event("before").await?;
    let expiring = Event::json(topic, "{}")
        .with("partitionKey", "key")
        .with("cloudevent.id", "expiring")
        .with("ttlInSeconds", "1");
    let published = std::time::Instant::now();
    sidecar.publish(expiring).await??;
    crate::wait::until("the time of expiry", async || {
        (published.elapsed() > std::time::Duration::from_millis(2100)).then_some(())
    })
    .await?;
    app.script.release();
    Ok(())
}

/// An app that may publish to the dead letter topic finds its own event to be the first there.
pub(crate) async fn nothing_was_buried(world: &World, dead_letters: &str) -> Result<()> {
    // Read raw, so that one that has expired would be seen, too.
    let reader = App::serving(vec![raw(dead_letters)]).await?;
    let sidecar = world.sidecar(&reader).await?;
    sidecar
        .publish_ids(dead_letters, "key", &["of another app"])
        .await?;
    let first = reader.record.wait_deliveries(1).await?.remove(0);
    ensure!(
        first.text().contains("\"of another app\""),
        "{}",
        first.text()
    );
    Ok(())
}
