//! What anybody may ask of the port: `/health`, `/ready`, `/metrics`, and what is said to a request
//! for nothing.

use axum::{
    Json, Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, header};
use serde_json::json;

use super::answer::Style;
use crate::{
    error::{ApiError, ErrorKind},
    health::Health,
    telemetry::Metrics,
};

/// The routes. `app` names the service in them.
pub(super) fn http_endpoints(app: &'static str, health: Health, metrics: Metrics) -> Router {
    Router::new()
        .route(
            "/health",
            get(move || async move { Json(json!({"status": "healthy", "service": app})) }),
        )
        .route("/ready", get(ready).with_state(health))
        .route("/metrics", get(move || async move { scrape(&metrics) }))
}

async fn ready(State(health): State<Health>) -> Response {
    let report = health.report().await;
    let status = if report.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(report)).into_response()
}

fn scrape(metrics: &Metrics) -> Response {
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        metrics.render(),
    )
        .into_response()
}

/// Says that there is nothing here, in the caller's own protocol.
pub(super) async fn nothing_here(request: Request) -> Response {
    match Style::of(request.headers()) {
        Style::Grpc => ApiError::new(ErrorKind::Unimplemented)
            .to_status(None)
            .into_http(),
        Style::Http => {
            (StatusCode::NOT_FOUND, Json(json!({"detail": "Not Found"}))).into_response()
        }
    }
}

/// Says that the path is known and the method is not.
pub(super) async fn method_not_allowed() -> Response {
    (
        StatusCode::METHOD_NOT_ALLOWED,
        Json(json!({"detail": "Method Not Allowed"})),
    )
        .into_response()
}
