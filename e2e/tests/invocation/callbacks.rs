//! What only a service's own sidecar may call.

use std::{fs, path::Path};

use dapr::dapr::proto::runtime::v1::{
    TopicEventBulkRequest, TopicEventBulkRequestEntry, TopicEventCeRequest, TopicEventRequest,
    app_callback_client::AppCallbackClient, topic_event_bulk_request_entry::Event,
    topic_event_response::TopicEventResponseStatus,
};
use domain::{AppId, Topic};
use e2e::{System, User};
use errand::topology::PUBSUB;
use testkit::task;
use tonic::{Code, Request, transport::Endpoint};

use crate::{
    caller::{Caller, call},
    engine::App,
    methods::{DELIVERIES, OLD_DELIVERIES, QUESTIONS},
    updates::STREAMS,
};

#[tokio::test]
async fn no_other_app_delivers_to_a_service() {
    let system = System::found();
    let web = Caller::web(&system, "deliverer").await;
    for app in AppId::ALL {
        for path in DELIVERIES {
            let status = call(web.to(app), path, ()).await.unwrap_err();
            assert_eq!(status.code(), Code::PermissionDenied, "{app} {path}");
            assert_eq!(status.message(), "another app may not call this");
        }
        for path in OLD_DELIVERIES {
            let status = call(web.to(app), path, ()).await.unwrap_err();
            assert_eq!(status.code(), Code::Unimplemented, "{app} {path}");
        }
        // By Dapr's own design these come without a token; they tell what the source tells.
        for path in QUESTIONS {
            call(web.to(app), path, ()).await.unwrap();
        }
    }
}

/// The same event has its effect when it comes as from the service's own sidecar, so it was refused
/// for nothing but the way it came.
#[tokio::test]
async fn a_forged_event_leaves_no_trace_in_the_audit_trail() {
    let system = System::found();
    let user = system.user("audited").await;
    let [forged, delivered] = events(&user, Topic::TaskCreated).await;
    refused(&system, AppId::AuditService, &forged).await;
    deliver(&system, AppId::AuditService, &delivered).await;
    let logs = user.all_logs().await.unwrap();
    assert!(logs.iter().any(|log| log.id == delivered.id));
    assert!(logs.iter().all(|log| log.id != forged.id));
}

#[tokio::test]
async fn a_forged_event_rings_no_bell() {
    let system = System::found();
    let user = system.user("notified").await;
    let [forged, delivered] = events(&user, Topic::ReminderDue).await;
    refused(&system, AppId::NotificationService, &forged).await;
    deliver(&system, AppId::NotificationService, &delivered).await;
    let notifications = user.all_notifications().await.unwrap();
    assert!(notifications.iter().any(|each| each.id == delivered.id));
    assert!(notifications.iter().all(|each| each.id != forged.id));
}

#[tokio::test]
async fn a_forged_event_is_on_no_screen() {
    let _held = STREAMS.lock().await;
    let system = System::found();
    let user = system.user("watched").await;
    let [forged, _] = events(&user, Topic::TaskUpdates).await;
    let mut screens = Vec::new();
    for replica in 0..system.replicas() {
        screens.push(user.watch(replica, "").await.unwrap());
    }
    refused(&system, AppId::RealtimeService, &forged).await;
    let last = user.create(0, task("Last")).await.unwrap();
    for mut screen in screens {
        loop {
            let (_, seen) = screen.task().await;
            assert_ne!(seen.title, FORGED_TITLE);
            if seen == last {
                break;
            }
        }
    }
}

/// The title of the task in every example of an event.
const FORGED_TITLE: &str = "Stand-up 📅";

/// Two events of a topic for a user, as they would be delivered.
async fn events(user: &User, topic: Topic) -> [TopicEventRequest; 2] {
    let example = match topic {
        Topic::TaskUpdates => "task-updates-task.json".to_owned(),
        other => format!("{}.json", other.name()),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/proto/tests/fixtures/v1");
    let example = fs::read(folder.join(example)).unwrap();
    let mut events = Vec::new();
    for _ in 0..2 {
        // An id that nothing else has.
        let id = user.create(0, task("An id")).await.unwrap().id;
        let mut event: serde_json::Value = serde_json::from_slice(&example).unwrap();
        assert_eq!(event["data"]["task"]["title"], FORGED_TITLE);
        event["event_id"] = id.as_str().into();
        event["user_id"] = user.name().into();
        events.push(TopicEventRequest {
            id,
            source: event["source"].as_str().unwrap().to_owned(),
            r#type: event["event_type"].as_str().unwrap().to_owned(),
            spec_version: "1.0".to_owned(),
            data_content_type: "application/json".to_owned(),
            data: serde_json::to_vec(&event).unwrap(),
            topic: topic.name().to_owned(),
            pubsub_name: PUBSUB.to_owned(),
            ..TopicEventRequest::default()
        });
    }
    events.try_into().unwrap()
}

/// Delivers an event through the sidecar of another app, by itself and in a batch.
async fn refused(system: &System, app: AppId, event: &TopicEventRequest) {
    let web = Caller::web(system, "forger").await;
    let [single, bulk, ..] = DELIVERIES;
    let status = call(web.to(app), single, event.clone()).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied, "{status}");
    let entry = TopicEventBulkRequestEntry {
        entry_id: "0".to_owned(),
        event: Some(Event::CloudEvent(TopicEventCeRequest {
            id: event.id.clone(),
            source: event.source.clone(),
            r#type: event.r#type.clone(),
            spec_version: event.spec_version.clone(),
            data_content_type: event.data_content_type.clone(),
            data: event.data.clone(),
            extensions: None,
        })),
        ..TopicEventBulkRequestEntry::default()
    };
    let batch = TopicEventBulkRequest {
        id: "forged".to_owned(),
        entries: vec![entry],
        topic: event.topic.clone(),
        pubsub_name: event.pubsub_name.clone(),
        ..TopicEventBulkRequest::default()
    };
    let status = call(web.to(app), bulk, batch).await.unwrap_err();
    assert_eq!(status.code(), Code::PermissionDenied, "{status}");
}

/// Delivers an event as the service's own sidecar does.
async fn deliver(system: &System, app: AppId, event: &TopicEventRequest) {
    let App { address, token } = App::of(system, app);
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let mut service = AppCallbackClient::new(endpoint.connect_lazy());
    let mut request = Request::new(event.clone());
    let token = token.parse().unwrap();
    request.metadata_mut().insert("dapr-api-token", token);
    let answer = service.on_topic_event(request).await.unwrap().into_inner();
    assert_eq!(answer.status(), TopicEventResponseStatus::Success);
}
