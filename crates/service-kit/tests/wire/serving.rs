//! What users and anybody else meet on the port.

use axum::{Json, Router, extract::Extension, routing::get};
use domain::AppId;
use proto::v1::{
    self,
    profile_service_client::ProfileServiceClient,
    profile_service_server::{ProfileService, ProfileServiceServer},
};
use service_kit::{ApiError, Context, Service};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::{Code, Request, Response, Status, async_trait};
use tonic_types::StatusExt as _;

use crate::world::{World, config};

/// Answers as the request's language says.
struct Profiles;

#[async_trait]
impl ProfileService for Profiles {
    async fn get_profile(
        &self,
        request: Request<v1::GetProfileRequest>,
    ) -> Result<Response<v1::GetProfileResponse>, Status> {
        let context = Context::of(&request)?;
        let profile = v1::Profile {
            language: context.user.to_string(),
            ..v1::Profile::default()
        };
        Ok(Response::new(v1::GetProfileResponse {
            profile: Some(profile),
        }))
    }

    async fn update_profile(
        &self,
        request: Request<v1::UpdateProfileRequest>,
    ) -> Result<Response<v1::UpdateProfileResponse>, Status> {
        let language = request.into_inner().profile.unwrap_or_default().language;
        match language.as_str() {
            "broken" => Err(ApiError::internal(std::io::Error::other("password=hunter2")).into()),
            "away" => Err(ApiError::unavailable(std::io::Error::other("no database")).into()),
            "slow" => std::future::pending().await,
            _ => Err(ApiError::invalid_field("profile.language", "must be a language tag").into()),
        }
    }
}

pub fn service(kit: &service_kit::Kit) -> Service {
    let profiles = ProfileServiceServer::new(Profiles);
    let whoami =
        |Extension(context): Extension<Context>| async move { Json(context.user.to_string()) };
    let fails = || async { ApiError::not_found("task") };
    Service::new(AppId::BackendApi)
        .grpc(profiles.max_decoding_message_size(kit.largest_request()))
        .http(
            Router::new()
                .route("/api/whoami", get(whoami))
                .route("/api/fails", get(fails)),
        )
        .http_public(Router::new().route("/", get(|| async { "hello" })))
}

pub async fn world() -> World {
    World::start(AppId::BackendApi, service).await
}

pub fn update(language: &str) -> v1::UpdateProfileRequest {
    let profile = v1::Profile {
        language: language.to_owned(),
        ..v1::Profile::default()
    };
    v1::UpdateProfileRequest {
        profile: Some(profile),
        ..v1::UpdateProfileRequest::default()
    }
}

pub fn with_token<T>(world: &World, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let value = format!("Bearer {}", world.token("alice"));
    request
        .metadata_mut()
        .insert("authorization", value.parse().unwrap());
    request
}

fn reason(status: &Status) -> String {
    status
        .get_error_details()
        .error_info()
        .map(|info| info.reason.clone())
        .unwrap_or_default()
}

/// One HTTP/1.1 request, and the whole answer.
pub async fn http(world: &World, head: &str) -> String {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let request = format!("{head}\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_call_needs_a_token_and_is_the_token_s_user() {
    let world = world().await;
    let mut client = ProfileServiceClient::new(world.channel().await);
    let status = client
        .get_profile(v1::GetProfileRequest {})
        .await
        .unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::Unauthenticated, "UNAUTHENTICATED")
    );
    let mut forged = Request::new(v1::GetProfileRequest {});
    forged
        .metadata_mut()
        .insert("authorization", "Bearer a.b.c".parse().unwrap());
    let status = client.get_profile(forged).await.unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::Unauthenticated, "invalid token")
    );
    let answer = client
        .get_profile(with_token(&world, v1::GetProfileRequest {}))
        .await
        .unwrap();
    assert_eq!(answer.into_inner().profile.unwrap().language, "alice");
}

#[tokio::test]
async fn every_error_names_the_log_lines_that_belong_to_it() {
    let world = world().await;
    let mut client = ProfileServiceClient::new(world.channel().await);
    let mut request = with_token(&world, update("broken"));
    request
        .metadata_mut()
        .insert("x-correlation-id", "req-7".parse().unwrap());
    let status = client.update_profile(request).await.unwrap_err();
    assert_eq!(
        (status.code(), status.message()),
        (Code::Internal, "internal error")
    );
    let details = status.get_error_details();
    assert_eq!(
        details.error_info().unwrap().metadata["correlation_id"],
        "req-7"
    );
    assert_eq!(status.metadata().get("x-correlation-id").unwrap(), "req-7");
    assert!(!format!("{status:?}").contains("hunter2"));

    // An id that cannot go into a header or a log line is replaced.
    let mut request = with_token(&world, update("away"));
    request
        .metadata_mut()
        .insert("x-correlation-id", "not one".parse().unwrap());
    let status = client.update_profile(request).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::Unavailable, "UNAVAILABLE")
    );
    assert!(status.get_error_details().retry_info().is_some());
    let made = status
        .metadata()
        .get("x-correlation-id")
        .unwrap()
        .to_str()
        .unwrap();
    assert_eq!(made.len(), 36);

    let status = client
        .update_profile(with_token(&world, update("")))
        .await
        .unwrap_err();
    let violations = status
        .get_error_details()
        .bad_request()
        .unwrap()
        .field_violations
        .clone();
    assert_eq!(violations[0].field, "profile.language");
}

#[tokio::test]
async fn what_the_library_refuses_is_of_the_table_too() {
    let world = world().await;
    let mut client = ProfileServiceClient::new(world.channel().await);
    let status = client
        .update_profile(with_token(&world, update(&"x".repeat(5 << 20))))
        .await;
    let status = status.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::InvalidArgument, "INVALID_FIELD")
    );
    assert_eq!(
        status.message(),
        "the request is too large: at most 1048576 bytes are taken"
    );

    // A string where the message has a profile.
    let path = "/errand.v1.ProfileService/UpdateProfile";
    let mut grpc = tonic::client::Grpc::new(world.channel().await);
    grpc.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<v1::Profile, v1::UpdateProfileResponse>::default();
    let path = http::uri::PathAndQuery::from_static(path);
    let wrong = v1::Profile {
        time_zone: "Europe/Berlin".to_owned(),
        ..v1::Profile::default()
    };
    let status = grpc
        .unary(with_token(&world, wrong), path, codec)
        .await
        .unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::InvalidArgument, "INVALID_FIELD")
    );
    assert_eq!(status.message(), "the request cannot be read");
}

#[tokio::test]
async fn a_user_who_asks_too_often_is_told_when_to_come_back() {
    let mut config = config();
    config.limits.requests_per_second = 1;
    config.limits.burst = 3;
    let world = World::with_config(AppId::BackendApi, config, service).await;
    let mut client = ProfileServiceClient::new(world.channel().await);
    for _ in 0..3 {
        client
            .get_profile(with_token(&world, v1::GetProfileRequest {}))
            .await
            .unwrap();
    }
    let status = client
        .get_profile(with_token(&world, v1::GetProfileRequest {}))
        .await
        .unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::ResourceExhausted, "RATE_LIMITED")
    );
    assert!(
        status
            .get_error_details()
            .retry_info()
            .unwrap()
            .retry_delay
            .is_some()
    );
}

#[tokio::test]
async fn what_does_not_exist_is_said_in_the_caller_s_protocol() {
    let world = world().await;
    let channel = world.channel().await;
    let mut grpc = tonic::client::Grpc::new(channel);
    for path in [
        "/errand.v1.NoService/NoMethod",
        "/errand.v1.ProfileService/NoMethod",
    ] {
        grpc.ready().await.unwrap();
        let codec =
            tonic_prost::ProstCodec::<v1::GetProfileRequest, v1::GetProfileResponse>::default();
        let path = http::uri::PathAndQuery::from_static(path);
        let request = with_token(&world, v1::GetProfileRequest {});
        let status = grpc.unary(request, path, codec).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::Unimplemented, "UNIMPLEMENTED")
        );
    }
    let answer = http(&world, "GET /no/such/page HTTP/1.1").await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(answer.ends_with(r#"{"detail":"Not Found"}"#), "{answer}");
    let answer = http(&world, "POST /health HTTP/1.1\r\ncontent-length: 0").await;
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
}
