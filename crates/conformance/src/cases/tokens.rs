//! The two tokens: `DAPR_API_TOKEN` towards the sidecar, `APP_API_TOKEN` towards the app.

use anyhow::{Context as _, Result, ensure};
use dapr::dapr::proto::runtime::v1::{
    BulkPublishRequest, GetMetadataRequest, GetSecretRequest, GetStateRequest, PublishEventRequest,
    SaveStateRequest, ShutdownRequest, dapr_client::DaprClient,
};
use tonic::{Code, Request, Status, transport::Channel};

use crate::{
    app::App,
    echo::EchoClient,
    target::BindingSpec,
    topics::{PUBSUB, single, unique},
    wait::same,
    world::{Sidecar, World},
};

async fn guarded(world: &World, token: &str) -> Result<(App, Sidecar)> {
    let app = App::serving(Vec::new()).await?;
    let mut spec = World::spec(&app);
    spec.api_token = Some(token.to_owned());
    let sidecar = world.start(spec).await?;
    Ok((app, sidecar))
}

/// Calls several methods, each with what `token` makes of its request, and returns their codes.
async fn codes(client: &mut DaprClient<Channel>, token: Option<&str>) -> Result<Vec<Code>> {
    fn with<T: Default>(token: Option<&str>) -> Result<Request<T>> {
        let mut request = Request::new(T::default());
        if let Some(token) = token {
            request
                .metadata_mut()
                .insert("dapr-api-token", token.parse()?);
        }
        Ok(request)
    }
    fn code<T>(outcome: Result<T, Status>) -> Code {
        outcome.err().map_or(Code::Ok, |status| status.code())
    }
    Ok(vec![
        code(
            client
                .publish_event(with::<PublishEventRequest>(token)?)
                .await,
        ),
        code(
            client
                .bulk_publish_event(with::<BulkPublishRequest>(token)?)
                .await,
        ),
        code(client.get_state(with::<GetStateRequest>(token)?).await),
        code(client.save_state(with::<SaveStateRequest>(token)?).await),
        code(client.get_secret(with::<GetSecretRequest>(token)?).await),
        code(
            client
                .get_metadata(with::<GetMetadataRequest>(token)?)
                .await,
        ),
        code(client.shutdown(with::<ShutdownRequest>(token)?).await),
    ])
}

pub(crate) async fn a_call_without_the_api_token_is_unauthenticated(world: World) -> Result<()> {
    let (_app, sidecar) = guarded(&world, &unique("token")).await?;
    let mut client = sidecar.client().await?;
    let codes = codes(&mut client, None).await?;
    ensure!(
        codes.iter().all(|code| *code == Code::Unauthenticated),
        "{codes:?}"
    );
    let refused = client
        .get_metadata(GetMetadataRequest {})
        .await
        .err()
        .context("an error")?;
    ensure!(
        refused.message().contains("Unauthorized"),
        "{}",
        refused.message()
    );
    sidecar.metadata().await.context("with the token")?;
    Ok(())
}

pub(crate) async fn a_call_with_another_token_is_unauthenticated(world: World) -> Result<()> {
    let token = unique("token");
    let (_app, sidecar) = guarded(&world, &token).await?;
    let mut client = sidecar.client().await?;
    for other in ["", "another", &token[1..], &format!("{token}x")] {
        let codes = codes(&mut client, Some(other)).await?;
        ensure!(
            codes.iter().all(|code| *code == Code::Unauthenticated),
            "{other:?}: {codes:?}"
        );
    }
    Ok(())
}

pub(crate) async fn an_invocation_without_the_api_token_is_unauthenticated(
    world: World,
) -> Result<()> {
    let (_app, caller) = guarded(&world, &unique("token")).await?;
    let (_invoked_app, invoked) = world.publisher().await?;
    let mut client = EchoClient::new(caller.channel().await?, &invoked.app_id);
    let request = client.request(String::new())?;
    let refused = client
        .unary("Unary", request)
        .await?
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::Unauthenticated)?;
    let mut request = caller.request(String::new())?;
    request
        .metadata_mut()
        .insert("dapr-app-id", invoked.app_id.parse()?);
    client
        .unary("Unary", request)
        .await?
        .context("with the token")
        .map(drop)
}

async fn with_app_token(world: &World, topic: &str, token: &str) -> Result<(App, Sidecar)> {
    let app = App::serving(vec![single(PUBSUB, topic)]).await?;
    let mut spec = World::spec(&app);
    spec.app_api_token = Some(token.to_owned());
    let binding = |direction_input| BindingSpec {
        name: unique("cron"),
        schedule: "@every 1s".to_owned(),
        direction_input,
    };
    spec.bindings = vec![binding(true), binding(false)];
    let sidecar = world.start(spec).await?;
    Ok((app, sidecar))
}

pub(crate) async fn events_and_ticks_carry_the_app_token(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let token = unique("app-token");
    let (app, sidecar) = with_app_token(&world, &topic, &token).await?;
    sidecar.publish_ids(&topic, "key", &["event"]).await?;
    let delivery = app.record.wait_event("event").await?;
    same(
        "of an event",
        delivery.metadata.get("dapr-api-token"),
        Some(&token),
    )?;
    let ticks = app.record.wait_ticks(1).await?;
    same(
        "of a tick",
        ticks[0].metadata.get("dapr-api-token"),
        Some(&token),
    )
}

/// Whoever demands the token on every method of its server never gets an event.
pub(crate) async fn questions_carry_no_token(world: World) -> Result<()> {
    let topic = world.topic(1).await?;
    let (app, _sidecar) = with_app_token(&world, &topic, &unique("app-token")).await?;
    for name in ["HealthCheck", "ListTopicSubscriptions", "ListInputBindings"] {
        let calls = app.record.wait_calls(name, 1).await?;
        ensure!(
            !calls[0].metadata.contains_key("dapr-api-token"),
            "{name} carries a token"
        );
    }
    Ok(())
}
