//! What a stop and a kill leave behind.

use anyhow::{Result, ensure};

use super::{
    publish::subscriber,
    state::{item, save, value},
};
use crate::{
    app::Reply,
    wait::same,
    world::{World, entry},
};

pub(crate) async fn acknowledged_events_survive_a_kill(world: World) -> Result<()> {
    let topic = world.topic(3).await?;
    let (_app, mut publisher) = world.publisher().await?;
    let ids: Vec<_> = (0..50).map(|number| number.to_string()).collect();
    let entries = ids.iter().map(|id| entry(id, id, "{}")).collect();
    publisher.publish_bulk(&topic, entries).await??;
    publisher.running.kill().await?;
    publisher.running.start_again().await?;
    let (app, _sidecar) = subscriber(&world, &topic).await?;
    for id in &ids {
        app.record.wait_event(id).await?;
    }
    Ok(())
}

/// A stop that is asked for repeats nothing.
pub(crate) async fn a_group_goes_on_where_it_stopped(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, mut sidecar) = subscriber(&world, &topic).await?;
    sidecar.publish_ids(&topic, "key", &["1", "2"]).await?;
    app.record.wait_deliveries(2).await?;
    sidecar.running.stop().await?;
    sidecar.running.start_again().await?;
    sidecar.publish_ids(&topic, "key", &["3"]).await?;
    app.record.wait_event("3").await?;
    let ids: Vec<_> = app
        .record
        .deliveries()
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    same("deliveries", ids, ["1", "2", "3"])
}

pub(crate) async fn state_survives_a_kill(world: World) -> Result<()> {
    let (_app, mut sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("a", "value")]).await??;
    sidecar.running.kill().await?;
    sidecar.running.start_again().await?;
    same("the value", value(&sidecar, "a").await?, "value")
}

pub(crate) async fn events_published_while_a_subscriber_was_away_arrive(
    world: World,
) -> Result<()> {
    let topic = world.topic(1).await?;
    let (_app, publisher) = world.publisher().await?;
    let (app, mut sidecar) = subscriber(&world, &topic).await?;
    sidecar.publish_ids(&topic, "key", &["before"]).await?;
    app.record.wait_event("before").await?;
    sidecar.running.stop().await?;
    publisher
        .publish_ids(&topic, "key", &["1", "2", "3"])
        .await?;
    sidecar.running.start_again().await?;
    app.record.wait_event("3").await?;
    let ids: Vec<_> = app
        .record
        .deliveries()
        .iter()
        .map(|delivery| delivery.id().to_owned())
        .collect();
    same("deliveries", ids, ["before", "1", "2", "3"])
}

pub(crate) async fn an_event_in_flight_at_a_kill_comes_again(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, mut sidecar) = subscriber(&world, &topic).await?;
    app.script.on_event(|delivery| {
        if delivery.earlier == 0 {
            Reply::Hold
        } else {
            Reply::SUCCESS
        }
    });
    sidecar.publish_ids(&topic, "key", &["in flight"]).await?;
    app.record.wait_event("in flight").await?;
    sidecar.running.kill().await?;
    sidecar.running.start_again().await?;
    let deliveries = app.record.wait_deliveries(2).await?;
    ensure!(
        deliveries
            .iter()
            .all(|delivery| delivery.id() == "in flight"),
        "it comes again"
    );
    app.script.release();
    Ok(())
}
