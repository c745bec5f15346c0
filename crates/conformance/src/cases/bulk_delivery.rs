//! Many events in one callback.

use std::{
    collections::{BTreeSet, HashMap},
    time::Instant,
};

use anyhow::{Context as _, Result, ensure};
use dapr::dapr::proto::runtime::v1::topic_event_response::TopicEventResponseStatus;
use tonic::Status;

use super::{cloud_event, dead_letter::nothing_was_buried, entry_event_id, publish::subscriber};
use crate::{
    app::{App, Batch, Reply, all},
    topics::{PUBSUB, bulk, unique},
    wait::same,
    world::{Event, Sidecar, World, entry},
};

const RETRY: i32 = TopicEventResponseStatus::Retry as i32;
const DROP: i32 = TopicEventResponseStatus::Drop as i32;

/// An app that takes batches of a topic with one partition.
async fn batches(world: &World, count: i32, wait_ms: i32) -> Result<(String, App, Sidecar)> {
    let topic = world.topic(1).await?;
    let app = App::serving(vec![bulk(&topic, count, wait_ms)]).await?;
    let sidecar = world.sidecar(&app).await?;
    Ok((topic, app, sidecar))
}

/// Publishes events of one key in one call.
async fn publish(sidecar: &Sidecar, topic: &str, ids: &[&str]) -> Result<()> {
    let entries = ids
        .iter()
        .map(|id| entry(id, "key", r#"{"a":1}"#))
        .collect();
    Ok(sidecar.publish_bulk(topic, entries).await??)
}

/// Answers SUCCESS for every entry but these events, for which it answers what is given.
fn but(batch: &Batch, others: &[(&str, i32)]) -> HashMap<String, i32> {
    let mut statuses = all(batch, &Reply::SUCCESS);
    for entry in &batch.request.entries {
        let id = entry_event_id(entry);
        if let Some((_, status)) = others.iter().find(|(other, _)| *other == id) {
            statuses.insert(entry.entry_id.clone(), *status);
        }
    }
    statuses
}

pub(crate) async fn a_batch_holds_no_more_than_its_maximum(world: World) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 10, 200).await?;
    let ids: Vec<_> = (0..35).map(|number| format!("event-{number:02}")).collect();
    publish(
        &sidecar,
        &topic,
        &ids.iter().map(String::as_str).collect::<Vec<_>>(),
    )
    .await?;
    let batches = app.record.wait_entries(35).await?;
    ensure!(
        batches
            .iter()
            .all(|batch| batch.request.entries.len() <= 10),
        "no batch is too large"
    );
    ensure!(
        batches.iter().any(|batch| batch.request.entries.len() > 1),
        "events come together"
    );
    let arrived: Vec<_> = batches.iter().flat_map(Batch::ids).collect();
    same("the order", arrived, ids)
}

pub(crate) async fn a_batch_that_is_not_full_goes_out_after_its_wait(world: World) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 100, 100).await?;
    publish(&sidecar, &topic, &["one", "two"]).await?;
    let batches = app.record.wait_entries(2).await?;
    let batch = &batches[0].request;
    same("type", batch.r#type.as_str(), "com.dapr.event.sent.bulk")?;
    same("topic", &batch.topic, &topic)?;
    same("pubsub", batch.pubsub_name.as_str(), PUBSUB)?;
    same(
        "pubsubName",
        batch.metadata.get("pubsubName").map(String::as_str),
        Some(PUBSUB),
    )?;
    ensure!(!batch.id.is_empty(), "a batch has an id");
    Ok(())
}

pub(crate) async fn a_batch_is_of_one_partition(world: World) -> Result<()> {
    let topic = world.topic(4).await?;
    let app = App::serving(vec![bulk(&topic, 100, 100)]).await?;
    let sidecar = world.sidecar(&app).await?;
    let ids: Vec<_> = (0..40).map(|number| number.to_string()).collect();
    let entries = ids.iter().map(|id| entry(id, id, "{}")).collect();
    sidecar.publish_bulk(&topic, entries).await??;
    let batches = app.record.wait_entries(40).await?;
    for batch in &batches {
        let partitions: BTreeSet<_> = batch
            .request
            .entries
            .iter()
            .filter_map(|entry| entry.metadata.get("__partition"))
            .collect();
        same("partitions of a batch", partitions.len(), 1)?;
    }
    Ok(())
}

/// Where events are traced every entry of a batch adds a header to its call: a hundred are more than
/// what many servers take by default, and the batch then never arrives. An app can raise its limit.
pub(crate) async fn a_batch_larger_than_the_headers_of_a_call_arrives(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (_app, publisher) = world.publisher().await?;
    let ids: Vec<_> = (0..500).map(|number| number.to_string()).collect();
    let entries = ids.iter().map(|id| entry(id, "key", "{}")).collect();
    publisher.publish_bulk(&topic, entries).await??;
    let app = App::serving(vec![bulk(&topic, 500, 2000)]).await?;
    let _sidecar = world.sidecar(&app).await?;
    let batches = app.record.wait_entries(500).await?;
    let largest = batches.iter().map(|batch| batch.ids().len()).max();
    ensure!(largest > Some(200), "the largest batch: {largest:?}");
    let arrived: Vec<_> = batches.iter().flat_map(Batch::ids).collect();
    same("the order", arrived, ids)
}

pub(crate) async fn entries_say_where_they_stand_in_the_publishers_case(
    world: World,
) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 2, 100).await?;
    publish(&sidecar, &topic, &["one", "two"]).await?;
    let batches = app.record.wait_entries(2).await?;
    let entries: Vec<_> = batches
        .iter()
        .flat_map(|batch| batch.request.entries.clone())
        .collect();
    same("entry id", entries[0].entry_id.as_str(), "0")?;
    same("content type", entries[0].content_type.as_str(), "")?;
    for (number, entry) in entries.iter().enumerate() {
        let metadata = |name: &str| entry.metadata.get(name).map(String::as_str);
        same("__key", metadata("__key"), Some("key"))?;
        same(
            "__offset",
            metadata("__offset"),
            Some(number.to_string().as_str()),
        )?;
        same("__partition", metadata("__partition"), Some("0"))?;
        same("__topic", metadata("__topic"), Some(topic.as_str()))?;
        ensure!(metadata("__timestamp").is_some(), "__timestamp is there");
        same("partitionKey", metadata("partitionKey"), Some("key"))?;
        same(
            "cloudevent.id",
            metadata("cloudevent.id"),
            Some(["one", "two"][number]),
        )?;
        let event = cloud_event(entry).context("a CloudEvent")?;
        same("id", event.id.as_str(), ["one", "two"][number])?;
        same(
            "data",
            String::from_utf8_lossy(&event.data).as_ref(),
            r#"{"a":1}"#,
        )?;
        same(
            "content type",
            event.data_content_type.as_str(),
            "application/json",
        )?;
        let extensions = event.extensions.as_ref().context("extensions")?;
        ensure!(
            extensions.fields.contains_key("traceparent"),
            "extensions hold the rest"
        );
    }
    Ok(())
}

/// Order within a batch is lost for an entry that is retried alone.
pub(crate) async fn only_the_entry_that_asks_comes_again_after_the_later_ones(
    world: World,
) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 4, 5000).await?;
    app.script.on_batch(|batch| {
        Ok(if batch.earlier < 2 {
            but(batch, &[("two", RETRY)])
        } else {
            but(batch, &[])
        })
    });
    publish(&sidecar, &topic, &["one", "two", "three", "four"]).await?;
    let batches = app.record.wait_entries(6).await?;
    same(
        "the first batch",
        batches[0].ids(),
        ["one", "two", "three", "four"],
    )?;
    same("the second", batches[1].ids(), ["two"])?;
    same("the third", batches[2].ids(), ["two"])?;
    publish(&sidecar, &topic, &["five", "six", "seven", "eight"]).await?;
    let batches = app.record.wait_entries(10).await?;
    same(
        "the partition goes on",
        batches[3].ids(),
        ["five", "six", "seven", "eight"],
    )
}

pub(crate) async fn a_left_out_entry_is_a_retry(world: World) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 2, 5000).await?;
    app.script.on_batch(|batch| {
        let mut statuses = but(batch, &[]);
        if batch.earlier == 0 {
            statuses.remove(&batch.request.entries[1].entry_id);
        }
        Ok(statuses)
    });
    publish(&sidecar, &topic, &["one", "two"]).await?;
    let batches = app.record.wait_entries(3).await?;
    same("the second batch", batches[1].ids(), ["two"])
}

pub(crate) async fn an_unknown_status_is_a_retry(world: World) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 2, 5000).await?;
    app.script.on_batch(|batch| {
        Ok(if batch.earlier == 0 {
            but(batch, &[("one", 17)])
        } else {
            but(batch, &[])
        })
    });
    publish(&sidecar, &topic, &["one", "two"]).await?;
    let batches = app.record.wait_entries(3).await?;
    same("the second batch", batches[1].ids(), ["one"])
}

pub(crate) async fn an_error_repeats_the_whole_batch(world: World) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 2, 5000).await?;
    app.script.on_batch(|batch| {
        if batch.earlier < 2 {
            Err(Status::unavailable("away"))
        } else {
            Ok(but(batch, &[]))
        }
    });
    publish(&sidecar, &topic, &["one", "two"]).await?;
    let start = Instant::now();
    let batches = app.record.wait_entries(6).await?;
    for batch in &batches {
        same("the batch", batch.ids(), ["one", "two"])?;
    }
    ensure!(
        start.elapsed() >= world.target.retry_interval(),
        "there is a pause"
    );
    Ok(())
}

pub(crate) async fn a_dropped_entry_goes_to_the_dead_letter_topic(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let dead_letters = world.topic(1).await?;
    let mut subscription = bulk(&topic, 3, 5000);
    subscription.dead_letter_topic.clone_from(&dead_letters);
    let app = App::serving(vec![subscription]).await?;
    let sidecar = world.sidecar(&app).await?;
    let (undertaker, _other) = subscriber(&world, &dead_letters).await?;
    app.script
        .on_batch(|batch| Ok(but(batch, &[("two", DROP)])));
    publish(&sidecar, &topic, &["one", "two", "three"]).await?;
    let letter = undertaker.record.wait_event("two").await?;
    same("data", letter.text(), r#"{"a":1}"#)?;
    same("batches", app.record.batches().len(), 1)?;
    same("dead letters", undertaker.record.deliveries().len(), 1)
}

/// In a batch nobody looks at what became of a dead letter: one that the app has no right to publish
/// is lost, where an event that is delivered alone would come again.
pub(crate) async fn a_dropped_entry_without_the_right_to_publish_is_lost(
    world: World,
) -> Result<()> {
    let topic = world.topic(1).await?;
    let dead_letters = world.topic(1).await?;
    let mut subscription = bulk(&topic, 2, 100);
    subscription.dead_letter_topic.clone_from(&dead_letters);
    let app = App::serving(vec![subscription]).await?;
    app.script
        .on_batch(|batch| Ok(but(batch, &[("dropped", DROP)])));
    let mut spec = World::spec(&app);
    spec.pubsub[0].publishing = Some(vec![topic.clone()]);
    let sidecar = world.start(spec).await?;
    publish(&sidecar, &topic, &["dropped", "beside it"]).await?;
    publish(&sidecar, &topic, &["after", "the last"]).await?;
    let batches = app.record.wait_entries(4).await?;
    let ids: Vec<String> = batches.iter().flat_map(Batch::ids).collect();
    same(
        "entries",
        ids,
        ["dropped", "beside it", "after", "the last"],
    )?;
    nothing_was_buried(&world, &dead_letters).await
}

pub(crate) async fn the_older_name_of_the_callback_is_tried(world: World) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 2, 5000).await?;
    app.script.know_alpha();
    app.script.on_batch(|batch| {
        if batch.alpha {
            Ok(but(batch, &[]))
        } else {
            Err(Status::unimplemented("not known"))
        }
    });
    publish(&sidecar, &topic, &["one", "two"]).await?;
    let batches = app.record.wait_entries(4).await?;
    ensure!(
        !batches[0].alpha && batches[1].alpha,
        "first the newer name, then the older"
    );
    same("the batch", batches[1].ids(), ["one", "two"])
}

pub(crate) async fn unimplemented_under_both_names_loses_the_batch(world: World) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 2, 5000).await?;
    app.script.on_batch(|batch| {
        if batch.earlier == 0 {
            Err(Status::unimplemented("not known"))
        } else {
            Ok(but(batch, &[]))
        }
    });
    publish(&sidecar, &topic, &["lost", "also lost"]).await?;
    app.record.wait_calls("OnBulkTopicEventAlpha1", 1).await?;
    publish(&sidecar, &topic, &["one", "two"]).await?;
    let batches = app.record.wait_entries(4).await?;
    same("the next batch", batches[1].ids(), ["one", "two"])
}

/// Dapr's bulk path never looks at `data_base64`.
pub(crate) async fn bytes_arrive_empty(world: World) -> Result<()> {
    let (topic, app, sidecar) = batches(&world, 1, 100).await?;
    sidecar
        .publish(Event::of(&topic, "application/octet-stream", &[1, 2, 3]))
        .await??;
    let batches = app.record.wait_entries(1).await?;
    let event = cloud_event(&batches[0].request.entries[0]).context("a CloudEvent")?;
    same("data", event.data.len(), 0)?;
    same(
        "content type",
        event.data_content_type.as_str(),
        "application/octet-stream",
    )
}

pub(crate) async fn the_app_token_is_sent(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let app = App::serving(vec![bulk(&topic, 1, 100)]).await?;
    let mut spec = World::spec(&app);
    let token = unique("app-token");
    spec.app_api_token = Some(token.clone());
    let sidecar = world.start(spec).await?;
    publish(&sidecar, &topic, &["one"]).await?;
    let batches = app.record.wait_entries(1).await?;
    same(
        "token",
        batches[0].metadata.get("dapr-api-token"),
        Some(&token),
    )?;
    same(
        "pubsubname",
        batches[0].metadata.get("pubsubname").map(String::as_str),
        Some(PUBSUB),
    )
}
