//! A subscription that is missing or has gone quiet.

use std::time::{Duration, Instant};

use dapr::dapr::proto::runtime::v1::TopicEventRequest;
use domain::AppId;
use service_kit::{Service, config::Config};

use crate::world::{SUCCESS, World, config, delivery, eventually};

const EXPECTED: [&str; 2] = ["dlq.backend-api", "canary.backend-api"];

/// How long no canary may come.
const QUIET: Duration = Duration::from_millis(400);

fn service(_kit: &service_kit::Kit) -> Service {
    Service::new(AppId::BackendApi)
}

fn subscribed(topics: &[&str]) -> Vec<(String, String)> {
    topics
        .iter()
        .map(|topic| ("pubsub".to_owned(), (*topic).to_owned()))
        .collect()
}

fn with_grace(grace: Duration) -> Config {
    let mut config = config();
    config.sidecar.subscription_grace = grace;
    config
}

fn with_canaries() -> Config {
    let mut config = with_grace(Duration::from_hours(1));
    config.canary.interval = Duration::from_millis(20);
    config.canary.quiet = QUIET;
    config
}

fn canary() -> TopicEventRequest {
    let created = crate::samples::event(1, "alice", domain::Topic::TaskCreated);
    TopicEventRequest {
        topic: "canary.backend-api".to_owned(),
        data: b"{}".to_vec(),
        ..delivery(&created)
    }
}

#[tokio::test]
async fn ready_means_that_every_subscription_is_there() {
    let world = World::with_config(
        AppId::BackendApi,
        with_grace(Duration::from_hours(1)),
        service,
    )
    .await;
    let problem = async || {
        let report = world.health.report().await;
        report
            .parts
            .into_iter()
            .find(|part| part.name == "subscriptions")
            .unwrap()
            .problem
    };
    world.sidecar.set_subscriptions(subscribed(&EXPECTED[..1]));
    eventually("one is missing", async || {
        problem().await.as_deref() == Some("missing: canary.backend-api on pubsub")
    })
    .await;
    assert!(!world.health.report().await.ready);
    world.sidecar.set_subscriptions(subscribed(&EXPECTED));
    eventually("nothing is missing", async || {
        world.health.report().await.ready
    })
    .await;
    assert_eq!(world.sidecar.shutdowns(), 0);
    world.kit.lifecycle().drain();
    assert!(
        !world.health.report().await.ready,
        "whoever is ending is sent nothing more"
    );
}

#[tokio::test]
async fn a_subscription_that_stays_missing_makes_the_sidecar_start_again() {
    let world = World::with_config(
        AppId::BackendApi,
        with_grace(Duration::from_millis(300)),
        service,
    )
    .await;
    world.sidecar.set_subscriptions(subscribed(&EXPECTED[..1]));
    eventually("it is asked to", async || world.sidecar.shutdowns() == 1).await;
}

#[tokio::test]
async fn before_the_service_is_healthy_nothing_counts_as_missing() {
    let world = World::unready(AppId::BackendApi, service).await;
    let report = async || world.health.report().await.parts;
    eventually("it was looked at", async || {
        report().await.iter().any(|part| {
            part.problem
                .as_deref()
                .is_some_and(|text| text.starts_with("missing"))
        })
    })
    .await;
    let names: Vec<&str> = report()
        .await
        .iter()
        .filter(|part| part.problem.is_some())
        .map(|part| part.name)
        .collect();
    assert_eq!(names, ["secrets", "database", "subscriptions"]);
    assert_eq!(world.sidecar.shutdowns(), 0);
}

#[tokio::test]
async fn a_subscription_that_goes_quiet_makes_the_sidecar_start_again() {
    let world = World::with_config(AppId::BackendApi, with_canaries(), service).await;
    // While they come back all is well.
    let before = world.sidecar.canaries();
    eventually("canaries come back", async || {
        assert_eq!(world.deliver(canary()).await, SUCCESS);
        before + 40 <= world.sidecar.canaries()
    })
    .await;
    assert_eq!(world.sidecar.shutdowns(), 0);
    // While publishing fails, silence means nothing.
    world.sidecar.set_canaries_fail(true);
    eventually("canaries are refused", async || {
        40 <= world.sidecar.canaries_refused()
    })
    .await;
    assert_eq!(world.sidecar.shutdowns(), 0);
    world.sidecar.set_canaries_fail(false);
    eventually("it is asked to", async || world.sidecar.shutdowns() == 1).await;
}

#[tokio::test]
async fn a_subscription_that_was_dead_from_the_start_is_noticed_and_not_asked_about_too_often() {
    let world = World::with_config(AppId::BackendApi, with_canaries(), service).await;
    let mut began = Instant::now();
    for silences in 0..3 {
        eventually("it is asked to", async || {
            silences < world.sidecar.shutdowns()
        })
        .await;
        let waited = began.elapsed();
        began = Instant::now();
        assert_eq!(world.sidecar.shutdowns(), silences + 1);
        // Half of it for the time that it takes to look here.
        let patience = QUIET * (1 << silences);
        assert!(patience / 2 <= waited, "{waited:?} after {silences}");
    }
}
