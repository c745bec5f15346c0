//! What happens to an event that is not accepted.

use std::time::Instant;

use anyhow::{Result, ensure};
use tonic::Status;

use super::publish::subscriber;
use crate::{
    app::{App, Reply},
    topics::{PUBSUB, bulk, single, unique, with_dead_letters},
    wait::{self, same},
    world::World,
};

pub(crate) async fn an_event_is_repeated_without_end_at_a_constant_interval(
    world: World,
) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    app.script.on_event(|delivery| {
        if delivery.earlier < 6 {
            Reply::RETRY
        } else {
            Reply::SUCCESS
        }
    });
    sidecar
        .publish_ids(&topic, "key", &["first", "second"])
        .await?;
    app.record.wait_deliveries(1).await?;
    let start = Instant::now();
    app.record.wait_event("second").await?;
    let ids: Vec<_> = app
        .record
        .deliveries()
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    same(
        "attempts before the next event",
        ids.iter().filter(|id| *id == "first").count(),
        7,
    )?;
    // Six pauses, each of the same length; the first delivery may have been seen a little late.
    let pauses = world.target.retry_interval() * 11 / 2;
    ensure!(
        start.elapsed() >= pauses,
        "six pauses took {:?}",
        start.elapsed()
    );
    Ok(())
}

pub(crate) async fn an_unknown_status_is_a_retry(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    app.script.on_event(|delivery| {
        if delivery.earlier == 0 {
            Reply::Status(17)
        } else {
            Reply::SUCCESS
        }
    });
    sidecar
        .publish_ids(&topic, "key", &["first", "second"])
        .await?;
    app.record.wait_event("second").await?;
    let deliveries = app.record.deliveries();
    let attempts = deliveries
        .iter()
        .filter(|delivery| delivery.id() == "first")
        .count();
    same("attempts", attempts, 2)
}

pub(crate) async fn an_error_is_a_retry(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    app.script.on_event(|delivery| match delivery.earlier {
        0 => Reply::Error(Status::unavailable("the database is away")),
        1 => Reply::Error(Status::invalid_argument(
            "not a retriable code, by its name",
        )),
        _ => Reply::SUCCESS,
    });
    sidecar.publish_ids(&topic, "key", &["first"]).await?;
    let deliveries = app.record.wait_deliveries(3).await?;
    ensure!(
        deliveries.iter().all(|delivery| delivery.id() == "first"),
        "one event, three times"
    );
    Ok(())
}

/// UNIMPLEMENTED is taken for "not wanted": the event is acknowledged, and not even a dead letter.
pub(crate) async fn unimplemented_loses_the_event(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let dead_letters = world.topic(1).await?;
    let app = App::serving(vec![with_dead_letters(&topic, &dead_letters)]).await?;
    let sidecar = world.sidecar(&app).await?;
    let (undertaker, _other) = subscriber(&world, &dead_letters).await?;
    app.script.on_event(|delivery| match delivery.id() {
        "lost" => Reply::Error(Status::unimplemented("no such callback")),
        "dropped" => Reply::DROP,
        _ => Reply::SUCCESS,
    });
    sidecar
        .publish_ids(&topic, "key", &["lost", "dropped", "accepted"])
        .await?;
    app.record.wait_event("accepted").await?;
    undertaker.record.wait_event("dropped").await?;
    let ids: Vec<_> = app
        .record
        .deliveries()
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    same("one attempt each", ids, ["lost", "dropped", "accepted"])?;
    same("dead letters", undertaker.record.deliveries().len(), 1)
}

pub(crate) async fn a_retry_holds_up_its_partition_only(world: World) -> Result<()> {
    let topic = world.topic(4).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    app.script.on_event(|delivery| {
        if delivery.id() == "stuck" {
            Reply::RETRY
        } else {
            Reply::SUCCESS
        }
    });
    sidecar
        .publish_ids(&topic, "a key", &["stuck", "behind it"])
        .await?;
    let stuck = app.record.wait_event("stuck").await?.partition();
    let others = (0..32).map(|number| (format!("key-{number}"), unique("other")));
    sidecar.publish_each(&topic, others).await?;
    let deliveries = app.record.wait_deliveries(10).await?;
    let others = deliveries
        .iter()
        .filter(|delivery| delivery.id() != "stuck");
    for other in others {
        ensure!(
            other.partition() != stuck,
            "{} overtook the event that is stuck",
            other.id()
        );
    }
    app.script.on_event(|_delivery| Reply::SUCCESS);
    app.record.wait_event("behind it").await.map(drop)
}

pub(crate) async fn an_app_that_was_away_gets_what_it_missed(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (mut app, sidecar) = subscriber(&world, &topic).await?;
    sidecar.publish_ids(&topic, "key", &["before"]).await?;
    app.record.wait_event("before").await?;
    app.kill().await?;
    sidecar
        .publish_ids(&topic, "key", &["while away", "also"])
        .await?;
    app.serve().await?;
    app.record.wait_event("also").await?;
    let ids: Vec<_> = app
        .record
        .deliveries()
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    let mut first_seen = ids.clone();
    first_seen.dedup();
    ensure!(
        first_seen.ends_with(&["while away".to_owned(), "also".to_owned()]),
        "{ids:?}"
    );
    Ok(())
}

/// Each time with deliveries under way, and with none of its subscriptions dead afterwards.
pub(crate) async fn an_app_that_is_killed_forty_times_loses_no_subscription(
    world: World,
) -> Result<()> {
    let topics = [
        world.topic(3).await?,
        world.topic(1).await?,
        world.topic(1).await?,
    ];
    let mut app = App::serving(vec![
        single(PUBSUB, &topics[0]),
        single(PUBSUB, &topics[1]),
        bulk(&topics[2], 10, 100),
    ])
    .await?;
    let sidecar = world.sidecar(&app).await?;
    for round in 0..40 {
        let ids = ["before", "while away"].map(|time| format!("{round} {time}"));
        for topic in &topics {
            sidecar.publish_ids(topic, &ids[0], &[&ids[0]]).await?;
        }
        app.kill().await?;
        for topic in &topics {
            sidecar.publish_ids(topic, &ids[1], &[&ids[1]]).await?;
        }
        app.serve().await?;
        for id in &ids {
            let what = format!("the event {id} of every topic");
            wait::until(&what, async || {
                let singly = topics[..2].iter().all(|topic| {
                    let deliveries = app.record.of_topic(topic);
                    deliveries.iter().any(|delivery| delivery.id() == id)
                });
                let batches = app.record.batches();
                let in_bulk = batches.iter().any(|batch| batch.ids().contains(id));
                (singly && in_bulk).then_some(())
            })
            .await?;
        }
    }
    Ok(())
}
