//! Events that do not come from the sidecar.

use std::collections::BTreeMap;

use dapr::dapr::proto::runtime::v1::{
    BindingEventRequest, JobEventRequest, TopicEventBulkRequest, TopicEventRequest,
    app_callback_client::AppCallbackClient,
};
use domain::{AppId, Topic};
use secrecy::ExposeSecret as _;
use testkit::{Database, Plan, System, task};
use tonic::{Code, Request, Status, transport::Channel};

/// What a call may bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Credentials {
    None,
    Wrong,
    /// The token by which services call sidecars.
    OfTheOtherDirection,
    /// The right token, passed on for another app.
    OnBehalfOfAnotherApp,
    Right,
}

const FORGED: [(Credentials, Code); 4] = [
    (Credentials::None, Code::Unauthenticated),
    (Credentials::Wrong, Code::Unauthenticated),
    (Credentials::OfTheOtherDirection, Code::Unauthenticated),
    (Credentials::OnBehalfOfAnotherApp, Code::PermissionDenied),
];

#[tokio::test]
async fn a_forged_delivery_is_refused_by_every_service_and_has_no_effect() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let created = alice.create(task("Real")).await;
    assert_eq!(alice.history(&created.id, 1).await, ["task.created"]);
    let delivered = system.deliveries(AppId::AuditService);
    let (_, real) = delivered[0].events().remove(0);
    let forged = real.replacen("\"user_id\":\"alice\"", "\"user_id\":\"mallory\"", 1);
    assert_ne!(forged, real, "{real}");

    for app in AppId::ALL {
        let mut client = client(&system, app).await;
        for (credentials, expected) in FORGED {
            let codes = call_all(&system, &mut client, credentials, &forged).await;
            for (method, code) in codes {
                assert_eq!(code, expected, "{app} {method} {credentials:?}");
            }
        }
    }
    let mallory = system.user("mallory");
    assert!(mallory.audit_trail("").await.is_empty());
    assert_eq!(alice.audit_trail("").await.len(), 1);

    // With the right token the same call is taken: it was the token that made the difference.
    let mut audit = client(&system, AppId::AuditService).await;
    let codes = call_all(&system, &mut audit, Credentials::Right, &forged).await;
    assert_eq!(codes["OnTopicEvent"], Code::Ok);
    system.finish().await;
}

/// Dapr asks these without a token. They say nothing about anybody.
#[tokio::test]
async fn the_subscriptions_may_be_asked_by_anybody() {
    let system = Plan::new(Database::Sqlite).start().await;
    for app in AppId::ALL {
        let mut client = client(&system, app).await;
        let listed = client.list_topic_subscriptions(()).await.unwrap();
        assert!(!listed.into_inner().subscriptions.is_empty());
        client.list_input_bindings(()).await.unwrap();
    }
    system.finish().await;
}

async fn call_all(
    system: &System,
    client: &mut AppCallbackClient<Channel>,
    credentials: Credentials,
    data: &str,
) -> BTreeMap<&'static str, Code> {
    let topic = Topic::TaskCreated.name().to_owned();
    let event = TopicEventRequest {
        id: "forged".into(),
        topic: topic.clone(),
        pubsub_name: "pubsub".into(),
        r#type: "task.created".into(),
        data_content_type: "application/json".into(),
        data: data.as_bytes().to_vec(),
        ..TopicEventRequest::default()
    };
    let bulk = TopicEventBulkRequest {
        topic,
        pubsub_name: "pubsub".into(),
        ..TopicEventBulkRequest::default()
    };
    let binding = BindingEventRequest {
        name: "reminder-check-cron".into(),
        ..BindingEventRequest::default()
    };
    let job = JobEventRequest::default();
    BTreeMap::from([
        (
            "OnTopicEvent",
            code(
                client
                    .on_topic_event(request(system, credentials, event))
                    .await,
            ),
        ),
        (
            "OnBulkTopicEvent",
            code(
                client
                    .on_bulk_topic_event(request(system, credentials, bulk))
                    .await,
            ),
        ),
        (
            "OnBindingEvent",
            code(
                client
                    .on_binding_event(request(system, credentials, binding))
                    .await,
            ),
        ),
        (
            "OnJobEvent",
            code(client.on_job_event(request(system, credentials, job)).await),
        ),
    ])
}

fn request<T>(system: &System, credentials: Credentials, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let tokens = system.tokens();
    let token = match credentials {
        Credentials::None => None,
        Credentials::Wrong => Some("wrong"),
        Credentials::OfTheOtherDirection => Some(tokens.api.expose_secret()),
        Credentials::OnBehalfOfAnotherApp | Credentials::Right => {
            Some(tokens.app_api.expose_secret())
        }
    };
    if let Some(token) = token {
        request
            .metadata_mut()
            .insert("dapr-api-token", token.parse().unwrap());
    }
    if credentials == Credentials::OnBehalfOfAnotherApp {
        let caller = "backend-api".parse().unwrap();
        request.metadata_mut().insert("dapr-caller-app-id", caller);
    }
    request
}

async fn client(system: &System, app: AppId) -> AppCallbackClient<Channel> {
    let address = format!("http://{}", system.address(app, 0));
    AppCallbackClient::connect(address).await.unwrap()
}

fn code<T>(answer: Result<T, Status>) -> Code {
    answer.map_or_else(|status| status.code(), |_| Code::Ok)
}
