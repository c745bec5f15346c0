//! How the app's list of subscriptions is got.

use anyhow::{Result, ensure};
use dapr::dapr::proto::runtime::v1::ShutdownRequest;
use tonic::Status;

use super::publish::subscriber;
use crate::{
    app::App,
    topics::{PUBSUB, single, unique},
    wait::{self, same},
    world::World,
};

pub(crate) async fn the_list_is_asked_once(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, sidecar) = subscriber(&world, &topic).await?;
    sidecar.publish_ids(&topic, "key", &["event"]).await?;
    app.record.wait_event("event").await?;
    app.record.wait_calls("HealthCheck", 3).await?;
    same(
        "questions",
        app.record.calls("ListTopicSubscriptions").len(),
        1,
    )
}

pub(crate) async fn a_list_that_fails_is_asked_for_again(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let mut app = App::silent(vec![single(PUBSUB, &topic)]).await?;
    app.script
        .fail_list(vec![Status::unavailable("not now"); 2]);
    app.serve().await?;
    let sidecar = world.sidecar(&app).await?;
    sidecar.publish_ids(&topic, "key", &["event"]).await?;
    app.record.wait_event("event").await?;
    same(
        "questions",
        app.record.calls("ListTopicSubscriptions").len(),
        3,
    )
}

/// After the fourth failure the sidecar runs on without subscriptions and looks healthy.
pub(crate) async fn a_list_that_keeps_failing_is_given_up_until_a_restart(
    world: World,
) -> Result<()> {
    let topic = world.topic(1).await?;
    let mut app = App::silent(vec![single(PUBSUB, &topic)]).await?;
    app.script
        .fail_list(vec![Status::unavailable("not now"); 4]);
    app.serve().await?;
    let mut sidecar = world.sidecar(&app).await?;
    sidecar.publish_ids(&topic, "key", &["event"]).await?;
    app.record.wait_calls("ListTopicSubscriptions", 4).await?;
    let probes = app.record.calls("HealthCheck").len();
    app.record.wait_calls("HealthCheck", probes + 3).await?;
    same(
        "questions",
        app.record.calls("ListTopicSubscriptions").len(),
        4,
    )?;
    same(
        "subscriptions",
        sidecar.metadata().await?.subscriptions.len(),
        0,
    )?;
    sidecar.running.stop().await?;
    sidecar.running.start_again().await?;
    app.record.wait_event("event").await.map(drop)
}

pub(crate) async fn an_app_without_a_list_has_no_subscriptions(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let mut app = App::silent(vec![single(PUBSUB, &topic)]).await?;
    app.script
        .fail_list([Status::unimplemented("no callbacks here")]);
    app.serve().await?;
    let sidecar = world.sidecar(&app).await?;
    app.record.wait_calls("HealthCheck", 3).await?;
    same(
        "questions",
        app.record.calls("ListTopicSubscriptions").len(),
        1,
    )?;
    same(
        "subscriptions",
        sidecar.metadata().await?.subscriptions.len(),
        0,
    )
}

pub(crate) async fn a_topic_of_an_unknown_pubsub_is_left_out(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let app = App::serving(vec![
        single("no-such-pubsub", &unique("topic")),
        single(PUBSUB, &topic),
    ])
    .await?;
    let sidecar = world.sidecar(&app).await?;
    sidecar.publish_ids(&topic, "key", &["event"]).await?;
    app.record.wait_event("event").await.map(drop)
}

pub(crate) async fn a_topic_that_is_not_allowed_is_left_out(world: World) -> Result<()> {
    let allowed = world.topic(1).await?;
    let forbidden = world.topic(1).await?;
    let app = App::serving(vec![single(PUBSUB, &forbidden), single(PUBSUB, &allowed)]).await?;
    let mut spec = World::spec(&app);
    spec.pubsub[0].subscribing = Some(vec![allowed.clone()]);
    let _sidecar = world.start(spec).await?;
    let (witness, publisher) = subscriber(&world, &forbidden).await?;
    publisher
        .publish_ids(&forbidden, "key", &["forbidden"])
        .await?;
    witness.record.wait_event("forbidden").await?;
    publisher.publish_ids(&allowed, "key", &["allowed"]).await?;
    app.record.wait_event("allowed").await?;
    same("deliveries", app.record.deliveries().len(), 1)
}

pub(crate) async fn shutdown_asks_again(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, mut sidecar) = subscriber(&world, &topic).await?;
    sidecar.publish_ids(&topic, "key", &["before"]).await?;
    app.record.wait_event("before").await?;
    let request = sidecar.request(ShutdownRequest {})?;
    sidecar.client().await?.shutdown(request).await?;
    sidecar.running.supervise().await?;
    app.record.wait_calls("ListTopicSubscriptions", 2).await?;
    wait::until("the sidecar to take events", async || {
        sidecar.publish_ids(&topic, "key", &["after"]).await.ok()
    })
    .await?;
    app.record.wait_event("after").await?;
    let before = app
        .record
        .deliveries()
        .iter()
        .filter(|delivery| delivery.id() == "before")
        .count();
    ensure!(before >= 1, "what was handled may come again, but need not");
    Ok(())
}
