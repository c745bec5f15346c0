//! Which pages may call from a browser.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember the answer to a preflight.
const MAX_AGE: Duration = Duration::from_hours(1);

/// What gRPC-web and REST clients send.
const REQUEST_HEADERS: [&str; 9] = [
    "authorization",
    "content-type",
    "grpc-timeout",
    "x-grpc-web",
    "x-user-agent",
    "x-correlation-id",
    "traceparent",
    "tracestate",
    "if-match",
];

/// What a page may read of an answer.
const RESPONSE_HEADERS: [&str; 7] = [
    "grpc-status",
    "grpc-message",
    "grpc-status-details-bin",
    "x-correlation-id",
    "etag",
    "link",
    "x-total-count",
];

/// Lets the pages of these origins call. Credentials are tokens in a header, never cookies, so none
/// are allowed.
pub(super) fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin.trim_end_matches('/')).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers(REQUEST_HEADERS.map(HeaderName::from_static))
        .expose_headers(RESPONSE_HEADERS.map(HeaderName::from_static))
        .vary([header::ORIGIN])
        .max_age(MAX_AGE)
}
