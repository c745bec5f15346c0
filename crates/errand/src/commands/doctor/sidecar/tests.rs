use service_kit::{
    config::Sources,
    metadata::{AppConnectionHealthProperties, PubsubSubscription, RegisteredComponents},
};

use super::*;

/// The sidecar of realtime-service, as it should be but for components and subscriptions.
fn seen(change: impl FnOnce(&mut AppConnectionProperties)) -> Seen {
    let mut properties = AppConnectionProperties {
        port: 8004,
        protocol: "grpc".to_owned(),
        channel_address: "127.0.0.1".to_owned(),
        max_concurrency: 0,
        health: Some(AppConnectionHealthProperties {
            health_probe_interval: "1s".to_owned(),
            health_threshold: 60,
            ..AppConnectionHealthProperties::default()
        }),
    };
    change(&mut properties);
    Seen {
        app: AppId::RealtimeService,
        metadata: GetMetadataResponse {
            app_connection_properties: Some(properties),
            ..GetMetadataResponse::default()
        },
    }
}

fn settings() -> Settings {
    Settings::read(Sources::default()).unwrap()
}

/// What is wrong, and how to mend it.
fn told(state: State) -> (String, String) {
    match state {
        State::Attention(wrong, mend) | State::Broken(wrong, mend) => (wrong, mend),
        State::Good(how) => panic!("it is not in order: {how}"),
    }
}

#[test]
fn a_service_is_looked_for_where_the_sidecar_does() {
    let address = |change: fn(&mut AppConnectionProperties)| seen(change).service_address();
    assert_eq!(address(|_| ()).as_deref(), Some("127.0.0.1:8004"));
    let six = address(|app| app.channel_address = "::1".to_owned());
    assert_eq!(six.as_deref(), Some("[::1]:8004"));
    let named = address(|app| app.channel_address = "app".to_owned());
    assert_eq!(named.as_deref(), Some("app:8004"));
    assert_eq!(address(|app| app.port = 0), None);
}

#[test]
fn what_a_sidecar_does_by_default_is_told() {
    let (wrong, mend) = told(seen(|app| app.port = 0).channel());
    assert!(wrong.contains("port") && mend.contains("--app-port"));
    let http = seen(|app| app.protocol = "http".to_owned());
    let (wrong, mend) = told(http.channel());
    assert!(wrong.contains("speaks http") && mend.contains("app-protocol"));
    let hasty = seen(|app| {
        let health = app.health.as_mut().unwrap();
        (health.health_probe_interval, health.health_threshold) = ("5s".to_owned(), 3);
    });
    let (wrong, mend) = told(hasty.channel());
    assert!(wrong.contains("after 15s") && mend.contains("--app-health-threshold 60"));
}

#[test]
fn a_sidecar_that_waits_for_long_or_asks_nothing_is_in_order() {
    let patient = seen(|app| {
        app.health.as_mut().unwrap().health_probe_interval = "1m0s".to_owned();
    });
    for seen in [seen(|_| ()), patient, seen(|app| app.health = None)] {
        let state = seen.channel();
        assert!(matches!(state, State::Good(_)), "{state:?}");
    }
}

#[test]
fn components_that_are_missing_are_named() {
    let mut seen = seen(|_| ());
    let mut add = |name: &str, kind: &str| {
        let component = RegisteredComponents {
            name: name.to_owned(),
            r#type: kind.to_owned(),
            ..RegisteredComponents::default()
        };
        seen.metadata.registered_components.push(component);
    };
    add("pubsub", "pubsub.kafka");
    // Of that name, and something else.
    add("pubsub-fanout", "bindings.kafka");
    let (wrong, mend) = told(seen.components(&settings()));
    assert_eq!(wrong, "the sidecar has no pubsub-fanout, statestore");
    assert!(mend.contains("realtime-service"), "{mend}");
}

#[test]
fn subscriptions_that_are_missing_are_named_with_their_component() {
    let mut seen = seen(|_| ());
    let subscription = |pubsub: &str, topic: &str| PubsubSubscription {
        pubsub_name: pubsub.to_owned(),
        topic: topic.to_owned(),
        ..PubsubSubscription::default()
    };
    seen.metadata.subscriptions = vec![
        subscription("pubsub", "canary.realtime-service"),
        subscription("pubsub", "dlq.realtime-service"),
        // Shared by the replicas, where each must have every event.
        subscription("pubsub", "task-updates"),
    ];
    let (wrong, _) = told(seen.subscriptions(&settings()));
    assert_eq!(
        wrong,
        "the sidecar is not subscribed to canary.realtime-service on pubsub-fanout, \
         task-updates on pubsub-fanout"
    );
}
