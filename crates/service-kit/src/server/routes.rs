//! Which request goes where.

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state};
use dapr::dapr::proto::runtime::v1::{
    app_callback_health_check_server::AppCallbackHealthCheckServer,
    app_callback_server::AppCallbackServer,
};
use tonic::service::Routes;
use tonic_web::GrpcWebLayer;

use super::{
    Parts,
    admission::admit,
    cors::cors,
    ending::end_with_the_process,
    http_endpoints::{http_endpoints, method_not_allowed, nothing_here},
    readiness::report_readiness,
};
use crate::{
    callback::{HealthCheck, refuse_strangers},
    telemetry::Metrics,
};

/// All routes of a service.
///
/// Three kinds of caller meet here and stay apart: users (a token is demanded before anything else
/// is looked at), the sidecar (from its own address, with its own token), and anybody (reflection,
/// health, metrics).
pub(super) fn routes(parts: Parts) -> Router {
    let Parts {
        service,
        gate,
        guard,
        callback,
        health,
        kit,
    } = parts;
    let lifecycle = kit.lifecycle();
    let (reporter, health_server) = tonic_health::server::health_reporter();
    let names = std::iter::once("")
        .chain(service.grpc_names.iter().copied())
        .collect();
    lifecycle.spawn(
        format!("{} readiness", service.app),
        report_readiness(
            reporter,
            service.app.as_str(),
            names,
            health.clone(),
            lifecycle.clone(),
        ),
    );

    let largest = kit.config().server.max_message_bytes;
    let users = grpc_router(service.grpc)
        .layer(from_fn_with_state(gate.clone(), admit))
        .layer(GrpcWebLayer::new());
    let rest = service
        .http
        .layer(DefaultBodyLimit::max(largest))
        .layer(from_fn_with_state(gate, admit));
    let health_server = health_server.max_decoding_message_size(largest);
    let anybody = reflection(largest).add_service(health_server);
    let anybody = grpc_router(anybody)
        .layer(from_fn_with_state(lifecycle.clone(), end_with_the_process))
        .layer(GrpcWebLayer::new());
    let largest = kit.config().server.max_callback_bytes;
    let sidecar = Routes::new(AppCallbackServer::new(callback).max_decoding_message_size(largest))
        .add_service(AppCallbackHealthCheckServer::new(HealthCheck(
            health.clone(),
        )));
    let sidecar = grpc_router(sidecar).layer(from_fn_with_state(guard, refuse_strangers));

    Router::new()
        .merge(users)
        .merge(rest)
        .merge(anybody)
        .merge(sidecar)
        .merge(service.http_public)
        .merge(http_endpoints(
            service.app.as_str(),
            health,
            Metrics::kept_up(service.app.as_str(), lifecycle),
        ))
        .fallback(nothing_here)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(cors(&kit.config().server.cors_origins))
}

/// Reflection of our own services, in the version that clients ask for today and the one that older
/// ones do.
fn reflection(largest: usize) -> Routes {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let current = builder()
        .build_v1()
        .expect("the descriptor sets are made at build time");
    let older = builder()
        .build_v1alpha()
        .expect("the descriptor sets are made at build time");
    Routes::new(current.max_decoding_message_size(largest))
        .add_service(older.max_decoding_message_size(largest))
}

/// The routes without tonic's own answer to paths that it does not know, which would win over ours.
fn grpc_router(routes: Routes) -> Router {
    routes.prepare().into_axum_router().reset_fallback()
}
