//! How an answer leaves: errors in the caller's own protocol, the unforeseen logged once,
//! everything counted.

use std::error::Error;

use axum::response::{IntoResponse, Response};
use domain::CorrelationId;
use http::{HeaderMap, HeaderValue, header};
use serde_json::json;
use tokio::time::Instant;
use tonic::{Code, Status};

use super::admission::CORRELATION_HEADER;
use crate::error::{ApiError, ErrorKind};

/// Which protocol the caller speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Grpc,
    Http,
}

/// How the gRPC library begins to tell of a request that is none: it says INTERNAL to all of them.
const UNREADABLE: [&str; 5] = [
    "failed to decode Protobuf message",
    "protocol error: received message",
    "Unexpected EOF decoding stream",
    "Missing request message",
    "tonic-web: ",
];

/// An answer on its way.
pub(super) struct Answer {
    pub(super) service: &'static str,
    pub(super) method: String,
    pub(super) style: Style,
    pub(super) correlation_id: CorrelationId,
    /// The largest request that is taken, in bytes.
    pub(super) largest_request: usize,
}

impl Style {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .map(HeaderValue::as_bytes)
            .unwrap_or_default();
        if content_type.starts_with(b"application/grpc") {
            Self::Grpc
        } else {
            Self::Http
        }
    }
}

impl Answer {
    /// The answer as it leaves.
    pub(super) fn finish(self, outcome: Result<Response, ApiError>, started: Instant) -> Response {
        let mut response = match outcome {
            Ok(response) => self.name_the_cause(response),
            Err(error) => self.render(&error),
        };
        if let Some(error) = cause(&response) {
            log(error);
        }
        self.count(&response, started);
        if let Ok(value) = HeaderValue::from_str(self.correlation_id.as_str()) {
            response.headers_mut().insert(CORRELATION_HEADER, value);
        }
        response
    }

    /// An error that the service returned did not know its correlation id, and one of the library's
    /// own knows nothing of our table.
    fn name_the_cause(&self, response: Response) -> Response {
        if self.style == Style::Http {
            return response;
        }
        if let Some(error) = cause(&response) {
            return self.render(&error.clone());
        }
        // Of a method that it does not have, a service tells in the headers alone.
        let told = response.extensions().get().cloned();
        match told.or_else(|| Status::from_header_map(response.headers())) {
            Some(status) if status.code() != Code::Ok => {
                self.render(&foreign(&status, self.largest_request))
            }
            _ => response,
        }
    }

    fn render(&self, error: &ApiError) -> Response {
        match self.style {
            Style::Grpc => error.to_status(Some(&self.correlation_id)).into_http(),
            Style::Http => error.clone().into_response(),
        }
    }

    fn count(&self, response: &Response, started: Instant) {
        let code = match self.style {
            Style::Grpc => format!(
                "{:?}",
                response
                    .extensions()
                    .get::<Status>()
                    .map_or(Code::Ok, Status::code)
            ),
            Style::Http => response.status().as_u16().to_string(),
        };
        let elapsed = started.elapsed();
        // The one line of a request that succeeds. At thousands of requests a second it is for when
        // somebody looks; for all the time there are the metrics.
        tracing::debug!(code, seconds = elapsed.as_secs_f64(), "answered");
        let labels = [
            ("service", self.service.to_owned()),
            ("method", self.method.clone()),
            ("code", code),
        ];
        metrics::counter!("errand_requests_total", &labels).increment(1);
        metrics::histogram!("errand_request_seconds", &labels[..2]).record(elapsed);
    }
}

/// The caller is told little; the log gets every cause, once.
fn log(error: &ApiError) {
    match error.kind() {
        ErrorKind::Internal => {
            tracing::error!(error = error as &dyn Error, "the request failed");
        }
        ErrorKind::Unavailable => tracing::warn!(
            error = error as &dyn Error,
            "the request found something away"
        ),
        kind => tracing::debug!(
            reason = kind.reason(),
            error = error as &dyn Error,
            "the request was refused"
        ),
    }
}

/// The error that an answer was made from, if it was made from one.
fn cause(response: &Response) -> Option<&ApiError> {
    let of_http = response.extensions().get::<ApiError>();
    of_http.or_else(|| {
        response
            .extensions()
            .get::<Status>()?
            .source()?
            .downcast_ref()
    })
}

/// A status that the gRPC library made: nothing else here makes any without an [`ApiError`].
fn foreign(status: &Status, largest_request: usize) -> ApiError {
    let is_unreadable = || {
        let message = status.message();
        UNREADABLE.iter().any(|begin| message.starts_with(begin))
    };
    let invalid = |message| ApiError::new(ErrorKind::InvalidField).with_message(message);
    let error = match status.code() {
        Code::Unimplemented => ErrorKind::Unimplemented.into(),
        // The library has looked at the length alone.
        Code::OutOfRange => invalid(format!(
            "the request is too large: at most {largest_request} bytes are taken"
        )),
        Code::Internal if is_unreadable() => invalid("the request cannot be read".to_owned()),
        Code::InvalidArgument | Code::DataLoss => invalid("the request cannot be read".to_owned()),
        Code::Cancelled | Code::DeadlineExceeded => ErrorKind::DeadlineExceeded.into(),
        Code::Unavailable => ErrorKind::Unavailable.into(),
        _ => ErrorKind::Internal.into(),
    };
    error.with_source(status.clone())
}

/// What people read begins with a capital.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// Errors of HTTP routes: `{"detail": …}`, with the fields listed where fields were wrong.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let detail = if self.violations().is_empty() {
            json!(capitalised(self.message()))
        } else {
            let violation = |violation: &domain::FieldViolation| {
                let place: Vec<&str> = std::iter::once("body")
                    .chain(violation.field.split('.'))
                    .collect();
                let message = &violation.description;
                json!({"type": "value_error", "loc": place, "msg": message, "input": null})
            };
            self.violations().iter().map(violation).collect()
        };
        let mut response = (
            self.kind().http_status(),
            axum::Json(json!({ "detail": detail })),
        )
            .into_response();
        if let Some(delay) = self.retry_after() {
            let seconds = delay.as_secs() + u64::from(0 < delay.subsec_nanos());
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}
