//! What each port serves to anybody: health, metrics, reflection, gRPC-web.

use domain::AppId;
use http::StatusCode;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use prost::Message as _;
use proto::v1::{self, stream_updates_response::Frame};
use testkit::{Database, Plan, task};
use tonic::transport::Endpoint;
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

use crate::web::{call, get, post, split};

/// What each service serves besides reflection and health.
const SERVED: [(AppId, &[&str]); 5] = [
    (
        AppId::BackendApi,
        &[
            "errand.v1.AccountService",
            "errand.v1.ProfileService",
            "errand.v1.TaskService",
        ],
    ),
    (AppId::RecurringService, &[]),
    (
        AppId::NotificationService,
        &["errand.v1.NotificationService"],
    ),
    (AppId::AuditService, &["errand.v1.AuditService"]),
    (AppId::RealtimeService, &["errand.v1.UpdateService"]),
];

#[tokio::test]
async fn health_readiness_and_metrics_are_served_by_every_service() {
    let system = Plan::new(Database::Sqlite).start().await;
    system
        .user("alice")
        .create(task("Something to count"))
        .await;
    for app in AppId::ALL {
        let (status, body) = get(&system, app, "/health").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains(app.as_str()), "{body}");
        let (status, body) = get(&system, app, "/ready").await;
        assert_eq!(status, StatusCode::OK, "{app}: {body}");
        let (status, body) = get(&system, app, "/metrics").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("errand_requests_total"), "{app}: {body}");
        assert_eq!(get(&system, app, "/nothing").await.0, StatusCode::NOT_FOUND);
    }
    system.finish().await;
}

#[tokio::test]
async fn a_service_without_its_sidecar_is_healthy_and_not_ready() {
    let system = Plan::new(Database::Sqlite)
        .only(&[AppId::BackendApi])
        .start()
        .await;
    let cut = system.disturb(
        usize::MAX,
        testkit::Disturbance::Fail(tonic::Code::Unavailable),
        |call| call.method == "GetMetadata",
    );
    testkit::eventually("readiness fails", async || {
        let (status, body) = get(&system, AppId::BackendApi, "/ready").await;
        (status == StatusCode::SERVICE_UNAVAILABLE && body.contains("sidecar")).then_some(())
    })
    .await;
    assert_eq!(
        get(&system, AppId::BackendApi, "/health").await.0,
        StatusCode::OK
    );
    cut.release();
    testkit::eventually("readiness returns", async || {
        (get(&system, AppId::BackendApi, "/ready").await.0 == StatusCode::OK).then_some(())
    })
    .await;
    system.finish_with_events_left().await;
}

#[tokio::test]
async fn reflection_lists_what_is_served() {
    let system = Plan::new(Database::Sqlite).start().await;
    for (app, expected) in SERVED {
        let address = format!("http://{}", system.address(app, 0));
        let channel = Endpoint::from_shared(address).unwrap().connect_lazy();
        let mut client = ServerReflectionClient::new(channel);
        let ask = ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        };
        let answers = client.server_reflection_info(tokio_stream::once(ask)).await;
        let answer = answers
            .unwrap()
            .into_inner()
            .message()
            .await
            .unwrap()
            .unwrap();
        let Some(MessageResponse::ListServicesResponse(listed)) = answer.message_response else {
            panic!("{app} lists nothing: {answer:?}");
        };
        let listed: Vec<String> = listed
            .service
            .into_iter()
            .map(|service| service.name)
            .collect();
        for name in expected {
            assert!(
                listed.iter().any(|listed| listed == name),
                "{app}: {listed:?}"
            );
        }
    }
    system.finish().await;
}

/// A browser cannot speak HTTP/2 trailers: they come as the last frame of the body.
#[tokio::test]
async fn grpc_web_reaches_unary_methods_of_every_service() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let calls = [
        (AppId::BackendApi, "errand.v1.TaskService/ListTasks"),
        (AppId::BackendApi, "errand.v1.ProfileService/GetProfile"),
        (
            AppId::NotificationService,
            "errand.v1.NotificationService/ListNotifications",
        ),
        (AppId::AuditService, "errand.v1.AuditService/ListAuditLogs"),
    ];
    for (app, method) in calls {
        let answer = call(&system, app, method, Some(&alice.token()), &[]).await;
        assert_eq!(answer.status(), "0", "{method}: {answer:?}");
    }
    let mallory = None;
    let answer = call(&system, AppId::BackendApi, calls[0].1, mallory, &[]).await;
    assert_eq!(answer.status(), "16", "{answer:?}");
    system.finish().await;
}

#[tokio::test]
async fn grpc_web_reaches_the_live_stream() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let method = "errand.v1.UpdateService/StreamUpdates";
    let token = alice.token();
    let response = post(&system, AppId::RealtimeService, method, Some(&token), &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body();
    let ready = next_message(&mut body).await;
    assert!(matches!(ready.frame, Some(Frame::Ready(_))), "{ready:?}");
    let created = alice.create(task("Live in a browser")).await;
    let update = next_message(&mut body).await;
    let Some(Frame::Update(update)) = update.frame else {
        panic!("an update was expected: {update:?}");
    };
    assert_eq!(update.item, Some(v1::update_data::Item::Task(created)));
    drop(body);
    system.finish().await;
}

/// The next message of a stream whose frames are larger than none.
async fn next_message(body: &mut Incoming) -> v1::StreamUpdatesResponse {
    let mut bytes = Vec::new();
    loop {
        let frame = body.frame().await.unwrap().unwrap();
        bytes.extend_from_slice(&frame.into_data().unwrap());
        if let Some((message, _)) = split(&bytes) {
            return v1::StreamUpdatesResponse::decode(message).unwrap();
        }
    }
}
