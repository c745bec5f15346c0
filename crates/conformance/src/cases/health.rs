//! Deliveries wait for a healthy app.

use std::time::Duration;

use anyhow::{Result, ensure};
use tonic::Status;

use super::publish::subscriber;
use crate::{
    app::App,
    target::HealthSpec,
    topics::{PUBSUB, single},
    wait::same,
    world::{Sidecar, World},
};

/// An app that is found unhealthy after a second or two.
async fn watched(world: &World, topic: &str) -> Result<(App, Sidecar)> {
    let app = App::serving(vec![single(PUBSUB, topic)]).await?;
    let mut spec = World::spec(&app);
    spec.health = HealthSpec {
        interval: Duration::from_secs(1),
        timeout: Duration::from_millis(900),
        threshold: 1,
    };
    let sidecar = world.start(spec).await?;
    Ok((app, sidecar))
}

pub(crate) async fn nothing_is_delivered_before_the_app_is_healthy(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let mut app = App::silent(vec![single(PUBSUB, &topic)]).await?;
    app.script
        .set_unhealthy(Some(Status::unavailable("migrating")));
    app.serve().await?;
    let sidecar = world.sidecar(&app).await?;
    sidecar.publish_ids(&topic, "key", &["event"]).await?;
    app.record.wait_calls("HealthCheck", 3).await?;
    same(
        "questions",
        app.record.calls("ListTopicSubscriptions").len(),
        0,
    )?;
    same("deliveries", app.record.deliveries().len(), 0)?;
    app.script.set_unhealthy(None);
    app.record.wait_event("event").await.map(drop)
}

/// The sidecar is there first: the app may use it before it opens its own port.
pub(crate) async fn a_sidecar_waits_for_its_app(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let mut app = App::silent(vec![single(PUBSUB, &topic)]).await?;
    app.close_port();
    let sidecar = world.sidecar(&app).await?;
    sidecar.publish_ids(&topic, "key", &["event"]).await?;
    app.serve().await?;
    app.record.wait_event("event").await.map(drop)
}

pub(crate) async fn an_unhealthy_app_gets_nothing_and_then_what_it_missed(
    world: World,
) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = watched(&world, &topic).await?;
    let (witness, _other) = subscriber(&world, &topic).await?;
    sidecar.publish_ids(&topic, "key", &["before"]).await?;
    app.record.wait_event("before").await?;
    app.script
        .set_unhealthy(Some(Status::unavailable("not now")));
    let probes = app.record.calls("HealthCheck").len();
    app.record.wait_calls("HealthCheck", probes + 3).await?;
    sidecar
        .publish_ids(&topic, "key", &["while unhealthy"])
        .await?;
    // The other app has it, so this one would have it too.
    witness.record.wait_event("while unhealthy").await?;
    same("deliveries", app.record.deliveries().len(), 1)?;
    app.script.set_unhealthy(None);
    app.record.wait_event("while unhealthy").await?;
    same("deliveries", app.record.deliveries().len(), 2)
}

pub(crate) async fn an_app_that_recovers_is_not_asked_again(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = watched(&world, &topic).await?;
    sidecar.publish_ids(&topic, "key", &["before"]).await?;
    app.record.wait_event("before").await?;
    app.script
        .set_unhealthy(Some(Status::unavailable("not now")));
    let probes = app.record.calls("HealthCheck").len();
    app.record.wait_calls("HealthCheck", probes + 3).await?;
    sidecar.publish_ids(&topic, "key", &["after"]).await?;
    app.script.set_unhealthy(None);
    app.record.wait_event("after").await?;
    let asked = app.record.calls("ListTopicSubscriptions").len();
    ensure!(asked == 1, "the app was asked {asked} times");
    Ok(())
}

/// The sidecar gives up its subscriptions each time, and takes them up where it left off.
pub(crate) async fn events_published_while_health_comes_and_goes_arrive_in_order(
    world: World,
) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = watched(&world, &topic).await?;
    sidecar.publish_ids(&topic, "key", &["0"]).await?;
    app.record.wait_event("0").await?;
    let mut published = vec!["0".to_owned()];
    for _ in 0..3 {
        for failure in [Some(Status::unavailable("not now")), None] {
            app.script.set_unhealthy(failure);
            // Some before, some at and some after the turn, which no one can see from outside.
            for _ in 0..3 {
                let ids: Vec<_> = (published.len()..published.len() + 5)
                    .map(|number| number.to_string())
                    .collect();
                let events = ids.iter().map(|id| ("key".to_owned(), id.clone()));
                sidecar.publish_each(&topic, events).await?;
                published.extend(ids);
                let probes = app.record.calls("HealthCheck").len();
                app.record.wait_calls("HealthCheck", probes + 1).await?;
            }
        }
    }
    let last = published.last().map_or("", String::as_str);
    app.record.wait_event(last).await?;
    let deliveries = app.record.deliveries();
    let new = deliveries.iter().filter(|delivery| delivery.earlier == 0);
    let arrived: Vec<_> = new.map(|delivery| delivery.id().to_owned()).collect();
    same("the events, each where it came first", arrived, published)
}
