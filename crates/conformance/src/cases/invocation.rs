//! Calls from app to app through the sidecars.

use std::{
    collections::BTreeMap,
    pin::pin,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use dapr::dapr::proto::runtime::v1::{TopicEventRequest, app_callback_client::AppCallbackClient};
use futures::stream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request};

use crate::{
    app::App,
    echo::EchoClient,
    topics::unique,
    wait::same,
    world::{Sidecar, World},
};

/// Two apps with sidecars: the first calls the second.
struct Pair {
    client: EchoClient,
    caller: Sidecar,
    invoked: Sidecar,
    invoked_app: App,
    _caller_app: App,
}

async fn pair(world: &World) -> Result<Pair> {
    let (caller_app, caller) = world.publisher().await?;
    let (invoked_app, invoked) = world.publisher().await?;
    let client = EchoClient::new(caller.channel().await?, &invoked.app_id);
    Ok(Pair {
        client,
        caller,
        invoked,
        invoked_app,
        _caller_app: caller_app,
    })
}

fn texts() -> Vec<String> {
    ["one ", "two ", "three"].map(str::to_owned).to_vec()
}

pub(crate) async fn a_call_is_passed_on(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let request = pair.client.request("a text".to_owned())?;
    let response = pair.client.unary("Unary", request).await??;
    same("the answer", response.into_inner().as_str(), "a text")
}

pub(crate) async fn a_stream_from_the_callee_is_passed_on(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let request = pair.client.request("a text".to_owned())?;
    let mut answers = pair.client.repeat(request).await??.into_inner();
    for _ in 0..3 {
        same(
            "an answer",
            answers.message().await?.as_deref(),
            Some("a text"),
        )?;
    }
    same("the end", answers.message().await?, None)
}

pub(crate) async fn a_stream_to_the_callee_is_passed_on(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let request = pair.client.request(stream::iter(texts()))?;
    let response = pair.client.join(request).await??;
    same(
        "the answer",
        response.into_inner().as_str(),
        "one two three",
    )
}

/// Each answer comes before the next question is asked. The headers of the answers come with the
/// first of them, so who waits for them before asking waits for ever.
pub(crate) async fn a_stream_both_ways_is_passed_on_as_it_comes(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let (questions, asked) = mpsc::channel(1);
    let mut request = pair.client.request(ReceiverStream::new(asked))?;
    request
        .metadata_mut()
        .insert("dapr-stream", "true".parse()?);
    let mut call = pin!(pair.client.chat(request));
    let early = tokio::time::timeout(Duration::from_millis(500), &mut call).await;
    ensure!(early.is_err(), "headers came before the first answer");
    questions.send(texts()[0].clone()).await?;
    let mut answers = call.await??.into_inner();
    for (number, text) in texts().into_iter().enumerate() {
        if number > 0 {
            questions.send(text.clone()).await?;
        }
        same(
            "an answer",
            answers.message().await?,
            Some(format!("re: {text}")),
        )?;
    }
    drop(questions);
    same("the end", answers.message().await?, None)
}

pub(crate) async fn an_error_comes_back_with_its_details(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let request = pair.client.request("what is wrong".to_owned())?;
    let status = pair
        .client
        .unary("Fail", request)
        .await?
        .err()
        .context("an error")?;
    same("code", status.code(), Code::FailedPrecondition)?;
    same("message", status.message(), "what is wrong")?;
    same(
        "details",
        status.details(),
        b"details of the error".as_slice(),
    )?;
    let trailer = status
        .metadata()
        .get("echo-trailer")
        .context("the trailer")?;
    same("trailer", trailer.to_str()?, "of the error")
}

pub(crate) async fn headers_come_back(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let request = pair.client.request(String::new())?;
    let response = pair.client.unary("Metadata", request).await??;
    let header = response
        .metadata()
        .get("echo-header")
        .context("the header")?;
    same("header", header.to_str()?, "from the callee")
}

/// Calls the callee and returns the metadata it saw.
async fn seen(
    client: &mut EchoClient,
    request: Request<String>,
) -> Result<BTreeMap<String, String>> {
    let response = client.unary("Metadata", request).await??;
    Ok(serde_json::from_str(&response.into_inner())?)
}

/// The names are appended to what the caller claims, so they prove nothing.
pub(crate) async fn metadata_names_caller_and_callee(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let mut request = pair.client.request(String::new())?;
    request
        .metadata_mut()
        .insert("dapr-caller-app-id", "somebody-else".parse()?);
    request
        .metadata_mut()
        .insert("x-of-the-caller", "value".parse()?);
    let seen = seen(&mut pair.client, request).await?;
    let caller = format!("somebody-else,{}", pair.caller.app_id);
    same("caller", seen.get("dapr-caller-app-id"), Some(&caller))?;
    same(
        "callee",
        seen.get("dapr-callee-app-id"),
        Some(&pair.invoked.app_id),
    )?;
    same(
        "its own",
        seen.get("x-of-the-caller").map(String::as_str),
        Some("value"),
    )
}

pub(crate) async fn the_app_token_takes_the_place_of_the_api_token(world: World) -> Result<()> {
    let calling_app = App::serving(Vec::new()).await?;
    let invoked_app = App::serving(Vec::new()).await?;
    let mut calling = World::spec(&calling_app);
    calling.api_token = Some(unique("api-token"));
    calling.app_api_token = Some(unique("callers-app-token"));
    let mut answering = World::spec(&invoked_app);
    let token = unique("callees-app-token");
    answering.app_api_token = Some(token.clone());
    let caller = world.start(calling).await?;
    let invoked = world.start(answering).await?;
    let mut client = EchoClient::new(caller.channel().await?, &invoked.app_id);
    let mut request = caller.request(String::new())?;
    request
        .metadata_mut()
        .insert("dapr-app-id", invoked.app_id.parse()?);
    let seen = seen(&mut client, request).await?;
    same("token", seen.get("dapr-api-token"), Some(&token))
}

pub(crate) async fn an_unknown_app_is_an_unknown_error(world: World) -> Result<()> {
    let (_app, caller) = world.publisher().await?;
    let mut client = EchoClient::new(caller.channel().await?, &unique("no-such-app"));
    let request = client.request(String::new())?;
    let status = client
        .unary("Unary", request)
        .await?
        .err()
        .context("an error")?;
    same("code", status.code(), Code::Unknown)
}

pub(crate) async fn a_call_without_an_app_is_an_unknown_error(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let request = Request::new(String::new());
    let status = pair
        .client
        .unary("Unary", request)
        .await?
        .err()
        .context("an error")?;
    same("code", status.code(), Code::Unknown)?;
    ensure!(
        status.message().contains("dapr-app-id"),
        "{}",
        status.message()
    );
    Ok(())
}

pub(crate) async fn an_app_that_is_away_is_unavailable(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    pair.invoked_app.kill().await?;
    let request = pair.client.request(String::new())?;
    let status = pair
        .client
        .unary("Unary", request)
        .await?
        .err()
        .context("an error")?;
    same("code", status.code(), Code::Unavailable)?;
    pair.invoked_app.serve().await?;
    crate::wait::until("the app to be back", async || {
        let request = pair.client.request(String::new()).ok()?;
        pair.client.unary("Unary", request).await.ok()?.ok()
    })
    .await
    .map(drop)
}

pub(crate) async fn a_message_above_four_mebibytes_is_refused(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let request = pair.client.request("x".repeat(5 << 20))?;
    let status = pair
        .client
        .unary("Unary", request)
        .await?
        .err()
        .context("an error")?;
    same("code of a request", status.code(), Code::ResourceExhausted)?;
    let request = pair.client.request((5 << 20).to_string())?;
    let status = pair
        .client
        .unary("Large", request)
        .await?
        .err()
        .context("an error")?;
    same("code of a response", status.code(), Code::ResourceExhausted)?;
    let request = pair.client.request((3 << 20).to_string())?;
    let response = pair.client.unary("Large", request).await??;
    same("3 MiB", response.into_inner().len(), 3 << 20)
}

/// Whoever calls a callback of another app is refused, or can be told from the runtime.
pub(crate) async fn a_callback_never_arrives_as_if_from_the_runtime(world: World) -> Result<()> {
    let pair = pair(&world).await?;
    let mut client = AppCallbackClient::new(pair.caller.channel().await?);
    let forged = TopicEventRequest {
        id: "forged".to_owned(),
        ..TopicEventRequest::default()
    };
    let mut request = Request::new(forged);
    request
        .metadata_mut()
        .insert("dapr-app-id", pair.invoked.app_id.parse()?);
    let outcome = client.on_topic_event(request).await;
    for delivery in pair.invoked_app.record.deliveries() {
        ensure!(
            delivery.metadata.contains_key("dapr-caller-app-id"),
            "a forged event arrived"
        );
    }
    let arrived = !pair.invoked_app.record.deliveries().is_empty();
    ensure!(
        arrived || outcome.is_err(),
        "it neither arrived nor was refused"
    );
    Ok(())
}

pub(crate) async fn a_deadline_reaches_the_callee(world: World) -> Result<()> {
    let mut pair = pair(&world).await?;
    let mut request = pair.client.request(String::new())?;
    request.set_timeout(Duration::from_secs(20));
    let seen = seen(&mut pair.client, request).await?;
    ensure!(seen.contains_key("grpc-timeout"), "{seen:?}");
    // A stream that nobody ends is ended by its deadline.
    let start = Instant::now();
    let mut request = pair.client.request(stream::pending::<String>())?;
    request.set_timeout(Duration::from_millis(200));
    let status = pair.client.join(request).await?.err().context("an error")?;
    ensure!(
        matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled),
        "{status:?}"
    );
    ensure!(
        start.elapsed() < Duration::from_secs(10),
        "it took {:?}",
        start.elapsed()
    );
    Ok(())
}

pub(crate) async fn an_app_that_serves_nothing_calls_others(world: World) -> Result<()> {
    let (_invoked_app, invoked) = world.publisher().await?;
    let caller = world.start(World::spec_without_app()).await?;
    let mut client = EchoClient::new(caller.channel().await?, &invoked.app_id);
    let request = client.request("a text".to_owned())?;
    let response = client.unary("Unary", request).await??;
    same("the answer", response.into_inner().as_str(), "a text")?;
    let request = client.request(String::new())?;
    let seen = seen(&mut client, request).await?;
    let named = seen.get("dapr-caller-app-id");
    ensure!(
        named.is_some_and(|callers| callers.contains(&caller.app_id)),
        "{seen:?}"
    );
    Ok(())
}

/// What such a call fails with says nothing that a caller could act on.
pub(crate) async fn an_app_that_serves_nothing_cannot_be_called(world: World) -> Result<()> {
    let (_app, caller) = world.publisher().await?;
    let alone = world.start(World::spec_without_app()).await?;
    let mut client = EchoClient::new(caller.channel().await?, &alone.app_id);
    let request = client.request(String::new())?;
    let outcome = client.unary("Unary", request).await?;
    ensure!(outcome.is_err(), "nobody can have answered");
    Ok(())
}
