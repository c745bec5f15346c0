//! Events that do not come from the sidecar, at the port that clients use.

use dapr::dapr::proto::runtime::v1::{
    BindingEventRequest, TopicEventBulkRequest, TopicEventRequest,
    app_callback_client::AppCallbackClient,
};
use domain::{AppId, Topic};
use e2e::System;
use testkit::task;
use tonic::{Code, Request, Status, transport::Channel};

/// What a stranger on the same machine may try; none has the token of this start.
const TRIED: [(Option<&str>, Option<&str>, Code); 3] = [
    (None, None, Code::Unauthenticated),
    (Some("wrong"), None, Code::Unauthenticated),
    (Some("wrong"), Some("backend-api"), Code::PermissionDenied),
];

#[tokio::test]
async fn a_forged_delivery_is_refused_by_every_replica_and_has_no_effect() {
    let system = System::found();
    let user = system.user("forged-victim").await;
    let created = user.create(0, task("Real")).await.unwrap();
    let row = user.logs(1).await.remove(0);
    let forged = format!(
        r#"{{"event_id":"{}","user_id":"{}","event_type":"task.created","data":{{}}}}"#,
        row.id.replace(|digit: char| digit.is_ascii_digit(), "1"),
        user.name()
    );
    for app in AppId::ALL {
        for replica in 0..system.replicas() {
            let address = format!("http://{}", system.address(app, replica));
            let mut client = AppCallbackClient::connect(address).await.unwrap();
            let listed = client.list_topic_subscriptions(()).await.unwrap();
            assert!(!listed.into_inner().subscriptions.is_empty(), "{app}");
            for (token, caller, expected) in TRIED {
                for status in deliver(&mut client, token, caller, &forged).await {
                    assert_eq!(status.code(), expected, "{app}: {status}");
                }
            }
        }
    }
    let logs = user.logs(1).await;
    assert_eq!((logs.len(), &logs[0].entity_id), (1, &created.id));
}

async fn deliver(
    client: &mut AppCallbackClient<Channel>,
    token: Option<&str>,
    caller: Option<&str>,
    data: &str,
) -> [Status; 3] {
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
    let tick = BindingEventRequest {
        name: "reminder-check-cron".into(),
        ..BindingEventRequest::default()
    };
    let event = client.on_topic_event(bearing(token, caller, event)).await;
    let bulk = client
        .on_bulk_topic_event(bearing(token, caller, bulk))
        .await;
    let tick = client.on_binding_event(bearing(token, caller, tick)).await;
    [event.unwrap_err(), bulk.unwrap_err(), tick.unwrap_err()]
}

fn bearing<T>(token: Option<&str>, caller: Option<&str>, message: T) -> Request<T> {
    let mut request = Request::new(message);
    for (name, value) in [("dapr-api-token", token), ("dapr-caller-app-id", caller)] {
        if let Some(value) = value {
            request.metadata_mut().insert(name, value.parse().unwrap());
        }
    }
    request
}
