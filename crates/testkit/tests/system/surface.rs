//! What each port serves to anybody: health, metrics, reflection, gRPC-web.

use bytes::Bytes;
use domain::AppId;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use prost::Message as _;
use proto::v1::{self, stream_updates_response::Frame};
use testkit::{Database, Plan, System, User, task};
use tokio::net::TcpStream;
use tonic::transport::Endpoint;
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

/// gRPC's framing: a flag, which is 128 before trailers, and the length.
const FRAME_HEADER: usize = 5;
const TRAILERS: u8 = 128;

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
        let (_, trailers) = web_call(&system, app, method, &alice).await;
        assert!(trailers.contains("grpc-status:0"), "{method}: {trailers}");
    }
    let mallory = None;
    let (_, trailers) = web(&system, AppId::BackendApi, calls[0].1, mallory).await;
    assert!(trailers.contains("grpc-status:16"), "{trailers}");
    system.finish().await;
}

#[tokio::test]
async fn grpc_web_reaches_the_live_stream() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let method = "errand.v1.UpdateService/StreamUpdates";
    let token = alice.token();
    let response = post(&system, AppId::RealtimeService, method, Some(&token)).await;
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

async fn web_call(system: &System, app: AppId, method: &str, user: &User) -> (Vec<u8>, String) {
    web(system, app, method, Some(user.token())).await
}

/// The message of an empty request's answer, and its trailers.
async fn web(
    system: &System,
    app: AppId,
    method: &str,
    token: Option<String>,
) -> (Vec<u8>, String) {
    let response = post(system, app, method, token.as_deref()).await;
    let in_headers = response
        .headers()
        .get("grpc-status")
        .map(|status| format!("grpc-status:{}", status.to_str().unwrap()));
    let body = response.into_body().collect().await.unwrap().to_bytes();
    if let Some(status) = in_headers {
        return (Vec::new(), status);
    }
    let (first, rest) = split(&body).unwrap();
    if body[0] == TRAILERS {
        return (Vec::new(), String::from_utf8(first.to_vec()).unwrap());
    }
    assert_eq!(rest[0], TRAILERS);
    let (trailers, _) = split(rest).unwrap();
    (
        first.to_vec(),
        String::from_utf8(trailers.to_vec()).unwrap(),
    )
}

/// The first frame and what follows it; None while it is not whole.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (header, rest) = bytes.split_at_checked(FRAME_HEADER)?;
    let length = u32::from_be_bytes(header[1..].try_into().unwrap());
    rest.split_at_checked(usize::try_from(length).unwrap())
}

async fn post(
    system: &System,
    app: AppId,
    method: &str,
    token: Option<&str>,
) -> Response<Incoming> {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(format!("/{method}"))
        .header("host", "localhost")
        .header("content-type", "application/grpc-web+proto")
        .header("x-grpc-web", "1");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = Full::from(Bytes::from_static(&[0; FRAME_HEADER]));
    send(system, app, request.body(body).unwrap()).await
}

async fn get(system: &System, app: AppId, path: &str) -> (StatusCode, String) {
    let request = Request::builder().uri(path).header("host", "localhost");
    let response = send(system, app, request.body(Full::default()).unwrap()).await;
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// One request over HTTP/1.1, as a browser without TLS makes it.
async fn send(system: &System, app: AppId, request: Request<Full<Bytes>>) -> Response<Incoming> {
    let stream = TcpStream::connect(system.address(app, 0)).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    let lifecycle = service_kit::Lifecycle::new();
    lifecycle.spawn_short(async move {
        // It ends when the answer has been read, or is not wanted any more.
        let _ = connection.await;
    });
    sender.send_request(request).await.unwrap()
}
