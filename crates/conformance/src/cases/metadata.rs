//! What a sidecar says about itself.

use anyhow::{Context as _, Result, ensure};
use dapr::dapr::proto::runtime::v1::PubsubSubscriptionType;

use crate::{
    app::App,
    target::BindingSpec,
    topics::{FANOUT, PUBSUB, single, unique, with_dead_letters},
    wait::same,
    world::{STORE, World},
};

pub(crate) async fn a_sidecar_names_its_app_and_components(world: World) -> Result<()> {
    let app = App::serving(Vec::new()).await?;
    let mut spec = World::spec(&app);
    let binding = unique("cron");
    spec.bindings = vec![BindingSpec {
        name: binding.clone(),
        schedule: "@every 1h".to_owned(),
        direction_input: true,
    }];
    let sidecar = world.start(spec).await?;
    let metadata = sidecar.metadata().await?;
    same("id", &metadata.id, &sidecar.app_id)?;
    for (name, kind) in [
        (PUBSUB, "pubsub."),
        (FANOUT, "pubsub."),
        (STORE, "state."),
        (binding.as_str(), "bindings.cron"),
    ] {
        let component = metadata
            .registered_components
            .iter()
            .find(|component| component.name == name);
        ensure!(
            component.is_some_and(|component| component.r#type.starts_with(kind)),
            "{name}: {component:?}"
        );
    }
    ensure!(
        !metadata.runtime_version.is_empty(),
        "a sidecar has a version"
    );
    Ok(())
}

pub(crate) async fn a_sidecar_shows_its_subscriptions(world: World) -> Result<()> {
    let (first, second) = (world.topic(1).await?, world.topic(1).await?);
    let dead_letters = world.topic(1).await?;
    let mut with_metadata = single(FANOUT, &second);
    with_metadata
        .metadata
        .insert("a".to_owned(), "b".to_owned());
    let app = App::serving(vec![
        with_dead_letters(&first, &dead_letters),
        with_metadata,
    ])
    .await?;
    let sidecar = world.sidecar(&app).await?;
    sidecar.subscribed(2).await?;
    let mut subscriptions = sidecar.metadata().await?.subscriptions;
    subscriptions.sort_by_key(|subscription| subscription.topic != first);
    same("topic", &subscriptions[0].topic, &first)?;
    same("pubsub", subscriptions[0].pubsub_name.as_str(), PUBSUB)?;
    same(
        "dead letters",
        &subscriptions[0].dead_letter_topic,
        &dead_letters,
    )?;
    same("topic", &subscriptions[1].topic, &second)?;
    same("pubsub", subscriptions[1].pubsub_name.as_str(), FANOUT)?;
    same(
        "metadata",
        subscriptions[1].metadata.get("a").map(String::as_str),
        Some("b"),
    )?;
    for subscription in &subscriptions {
        same(
            "type",
            subscription.r#type(),
            PubsubSubscriptionType::Programmatic,
        )?;
    }
    Ok(())
}

pub(crate) async fn a_sidecar_shows_whether_it_has_a_channel_to_its_app(
    world: World,
) -> Result<()> {
    let app = App::serving(Vec::new()).await?;
    let with_app = world.sidecar(&app).await?.metadata().await?;
    let channel = with_app
        .app_connection_properties
        .context("the sidecar says how it reaches its app")?;
    same("port", channel.port, i32::from(app.address().port()))?;
    ensure!(channel.health.is_some(), "its health is probed");

    let alone = world.start(World::spec_without_app()).await?;
    let alone = alone.metadata().await?;
    same("subscriptions", alone.subscriptions.len(), 0)?;
    // There is something, with the port that nobody has.
    let channel = alone
        .app_connection_properties
        .context("the sidecar says that it has no app")?;
    same("port", channel.port, 0)?;
    ensure!(channel.health.is_none(), "nobody's health is probed");
    Ok(())
}
