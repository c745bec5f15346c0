//! Connections, and what anybody may ask for on them.

use std::time::Duration;

use domain::AppId;
use proto::v1::{self, profile_service_client::ProfileServiceClient};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::Code;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::{
    serving::{http, service, with_token, world},
    world::{World, config, eventually},
};

#[tokio::test]
async fn anybody_may_ask_for_health_metrics_and_reflection() {
    let world = world().await;
    let answer = http(&world, "GET /health HTTP/1.1").await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains(r#""status":"healthy""#),
        "{answer}"
    );
    let answer = http(&world, "GET /ready HTTP/1.1").await;
    assert!(
        answer.starts_with("HTTP/1.1 503") && answer.contains(r#""ready":false"#),
        "{answer}"
    );
    let subscriptions = ["dlq.backend-api", "canary.backend-api"];
    let subscriptions = subscriptions.map(|topic| ("pubsub".to_owned(), topic.to_owned()));
    world.sidecar.set_subscriptions(subscriptions.to_vec());
    eventually("it is ready", async || {
        http(&world, "GET /ready HTTP/1.1")
            .await
            .starts_with("HTTP/1.1 200")
    })
    .await;
    let mut health = HealthClient::new(world.channel().await);
    for name in ["", "errand.v1.ProfileService"] {
        eventually("gRPC says so, too", async || {
            let request = HealthCheckRequest {
                service: name.to_owned(),
            };
            health
                .check(request)
                .await
                .is_ok_and(|answer| answer.into_inner().status == 1)
        })
        .await;
    }
    let answer = http(&world, "GET /metrics HTTP/1.1").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_stream_that_anybody_opened_ends_with_the_process() {
    let world = world().await;
    let mut health = HealthClient::new(world.channel().await);
    let watch = health.watch(HealthCheckRequest::default()).await;
    let mut watch = watch.unwrap().into_inner();
    watch.message().await.unwrap().unwrap();
    let lifecycle = world.kit.lifecycle();
    lifecycle.drain();
    assert_eq!(lifecycle.run(Duration::from_mins(2)).await, Ok(()));
    let end = loop {
        if let Err(status) = watch.message().await {
            break status;
        }
    };
    assert_eq!(
        (end.code(), end.message()),
        (Code::Unavailable, "this replica is ending")
    );
}

#[tokio::test]
async fn reflection_lists_the_services() {
    use tonic_reflection::pb::v1::{
        ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    };
    let world = world().await;
    let mut client = ServerReflectionClient::new(world.channel().await);
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answer = client
        .server_reflection_info(tokio_stream::once(request))
        .await
        .unwrap();
    let message = answer
        .into_inner()
        .message()
        .await
        .unwrap()
        .unwrap()
        .message_response;
    let Some(MessageResponse::ListServicesResponse(list)) = message else {
        panic!("{message:?}")
    };
    let names: Vec<&str> = list
        .service
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    assert!(
        names.contains(&"errand.v1.TaskService") && names.contains(&"grpc.health.v1.Health"),
        "{names:?}"
    );
}

#[tokio::test]
async fn a_connection_that_asks_for_nothing_is_closed() {
    let mut config = config();
    config.server.header_timeout = Duration::from_millis(100);
    let world = World::with_config(AppId::BackendApi, config, service).await;
    for sent in ["", "PRI * HT", "GET / HTTP/1.1\r\nhost: x\r\n"] {
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer));
        assert!(ended.await.is_ok(), "{sent:?} holds a connection for ever");
    }
}

#[tokio::test]
async fn more_connections_than_allowed_wait_their_turn() {
    let mut config = config();
    config.server.max_connections = 1;
    let world = World::with_config(AppId::BackendApi, config, service).await;
    let first = TcpStream::connect(world.address).await.unwrap();
    let waiting = http(&world, "GET /health HTTP/1.1");
    tokio::pin!(waiting);
    let too_soon = tokio::time::timeout(Duration::from_millis(100), waiting.as_mut()).await;
    assert!(too_soon.is_err());
    drop(first);
    assert!(waiting.await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_drain_ends_with_everything_answered() {
    let world = world().await;
    let mut client = ProfileServiceClient::new(world.channel().await);
    client
        .get_profile(with_token(&world, v1::GetProfileRequest {}))
        .await
        .unwrap();
    world.kit.lifecycle().drain();
    world
        .kit
        .lifecycle()
        .run(Duration::from_secs(20))
        .await
        .unwrap();
    assert!(
        TcpStream::connect(world.address).await.is_err(),
        "nobody listens any more"
    );
}
