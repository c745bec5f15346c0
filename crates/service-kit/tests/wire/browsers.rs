//! What a browser meets: gRPC-web, REST, and pages of other origins.

use domain::AppId;
use proto::v1;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    serving::{http, service, update, world},
    world::{World, config},
};

/// One gRPC-web call over HTTP/1.1, and the whole answer.
async fn grpc_web(
    world: &World,
    method: &str,
    headers: &str,
    message: &impl prost::Message,
) -> String {
    let message = message.encode_to_vec();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    let body = [&[0][..], &length, &message].concat();
    let head = format!(
        "POST /errand.v1.ProfileService/{method} HTTP/1.1\r\n{headers}\
         content-type: application/grpc-web\r\nx-grpc-web: 1\r\n\
         content-length: {}\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream
        .write_all(&[head.as_bytes(), &body].concat())
        .await
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_deadline_is_kept() {
    let world = world().await;
    // By gRPC-web, since a gRPC client gives up by itself before it reads the answer.
    let headers = format!(
        "grpc-timeout: 50m\r\nauthorization: Bearer {}\r\n",
        world.token("alice")
    );
    let answer = grpc_web(&world, "UpdateProfile", &headers, &update("slow")).await;
    assert!(answer.contains("grpc-status: 4"), "{answer}");
    assert!(
        answer.contains("grpc-message: the%20deadline%20passed"),
        "{answer}"
    );
}

#[tokio::test]
async fn http_routes_need_a_token_and_answer_errors_as_json() {
    let world = world().await;
    let answer = http(&world, "GET /api/whoami HTTP/1.1").await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(
        answer.ends_with(r#"{"detail":"Authorization header required"}"#),
        "{answer}"
    );
    let answer = http(&world, "GET /api/whoami HTTP/1.1\r\nauthorization: Token x").await;
    assert!(
        answer.ends_with(r#"{"detail":"Invalid authorization header format"}"#),
        "{answer}"
    );
    let bearer = format!("authorization: Bearer {}", world.token("alice"));
    let answer = http(&world, &format!("GET /api/whoami HTTP/1.1\r\n{bearer}")).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("\"alice\""),
        "{answer}"
    );
    assert!(answer.contains("x-correlation-id: "), "{answer}");
    let answer = http(&world, &format!("GET /api/fails HTTP/1.1\r\n{bearer}")).await;
    assert!(
        answer.starts_with("HTTP/1.1 404") && answer.ends_with(r#"{"detail":"Task not found"}"#),
        "{answer}"
    );
    let answer = http(&world, "GET / HTTP/1.1").await;
    assert!(answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn pages_of_configured_origins_may_call_by_grpc_web() {
    let mut config = config();
    config.server.cors_origins = vec!["http://localhost:3000".to_owned()];
    let world = World::with_config(AppId::BackendApi, config, service).await;
    let preflight = |origin: &str| {
        format!(
            "OPTIONS /errand.v1.ProfileService/GetProfile HTTP/1.1\r\norigin: {origin}\r\n\
             access-control-request-method: POST\r\n\
             access-control-request-headers: authorization,x-grpc-web"
        )
    };
    let answer = http(&world, &preflight("http://localhost:3000")).await;
    assert!(
        answer.contains("access-control-allow-origin: http://localhost:3000"),
        "{answer}"
    );
    let answer = http(&world, &preflight("http://evil.example")).await;
    assert!(!answer.contains("access-control-allow-origin"), "{answer}");

    let origin = "origin: http://localhost:3000\r\n";
    let request = v1::GetProfileRequest {};
    let answer = grpc_web(&world, "GetProfile", origin, &request).await;
    assert!(answer.contains("grpc-status: 16"), "{answer}");
    assert!(answer.contains("access-control-expose-headers"), "{answer}");
    let headers = format!("{origin}authorization: Bearer {}\r\n", world.token("alice"));
    let answer = grpc_web(&world, "GetProfile", &headers, &request).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && !answer.contains("grpc-status: 16"),
        "{answer}"
    );
}
