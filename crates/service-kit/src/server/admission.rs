//! What happens to a user's request before the service sees it: whose it is, whether it may come
//! in, how long it has.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use domain::{Actor, CorrelationId};
use http::{HeaderMap, header};
use tokio::time::Instant;
use tracing::{Instrument as _, Span, field};

use super::{
    answer::{Answer, Style},
    limits::UserLimits,
    methods::Methods,
};
use crate::{
    auth::{Rejection, TokenVerifier},
    context::Context,
    error::{ApiError, ErrorKind},
    ids::Ids,
    kit::Kit,
    telemetry::{adopt_traceparent, current_traceparent, parse_traceparent},
};

/// The header that ties a request to everything that follows from it.
pub(super) const CORRELATION_HEADER: &str = "x-correlation-id";

/// The longest deadline that a client may set; a longer one is cut.
const LONGEST_DEADLINE: Duration = Duration::from_hours(24);

/// Lets users' requests in. A cheap handle.
#[derive(Clone)]
pub(crate) struct Gate(Arc<GateParts>);

struct GateParts {
    service: &'static str,
    verifier: TokenVerifier,
    methods: Methods,
    limits: UserLimits,
    ids: Ids,
    request_timeout: Duration,
    largest_request: usize,
}

impl Gate {
    pub(super) fn new(kit: &Kit, limits: UserLimits) -> Self {
        Self(Arc::new(GateParts {
            service: kit.app().as_str(),
            verifier: TokenVerifier::new(&kit.config().auth, kit.resources(), kit.clock().clone()),
            methods: Methods::new(),
            limits,
            ids: kit.ids(),
            request_timeout: kit.config().server.request_timeout,
            largest_request: kit.config().server.max_message_bytes,
        }))
    }

    async fn authenticate(&self, headers: &HeaderMap, origin: Origin) -> Result<Context, ApiError> {
        let token = self.0.verifier.verify(bearer(headers)?).await?;
        let actor = Actor::user(&token.user, token.token_id);
        Ok(Context {
            user: token.user,
            actor,
            correlation_id: origin.correlation_id,
            traceparent: origin.traceparent,
            deadline: origin.deadline,
            token_expires_at: Some(token.expires_at),
        })
    }

    fn correlation_id(&self, headers: &HeaderMap) -> CorrelationId {
        let given = headers
            .get(CORRELATION_HEADER)
            .and_then(|value| value.to_str().ok());
        let given = given.and_then(|text| CorrelationId::parse(text).ok());
        given.unwrap_or_else(|| self.0.ids.correlation_id())
    }
}

/// What a request says of itself besides its token.
struct Origin {
    correlation_id: CorrelationId,
    traceparent: Option<String>,
    deadline: Option<Instant>,
}

/// Makes the [`Context`] of a request, or refuses it.
pub(super) async fn admit(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let correlation_id = gate.correlation_id(request.headers());
    let answer = Answer {
        service: gate.0.service,
        method: gate.0.methods.name(&request),
        style: Style::of(request.headers()),
        correlation_id: correlation_id.clone(),
        largest_request: gate.0.largest_request,
    };
    let span = tracing::info_span!(
        "request",
        service = gate.0.service,
        method = request.uri().path(),
        correlation_id = %correlation_id,
        request_id = %gate.0.ids.uuid(),
        user = field::Empty,
    );
    let incoming = traceparent(request.headers());
    if let Some(traceparent) = &incoming {
        adopt_traceparent(&span, traceparent);
    }
    async {
        let outcome = run(&gate, request, next, correlation_id, incoming).await;
        answer.finish(outcome, started)
    }
    .instrument(span)
    .await
}

async fn run(
    gate: &Gate,
    mut request: Request,
    next: Next,
    correlation_id: CorrelationId,
    incoming: Option<String>,
) -> Result<Response, ApiError> {
    let asked = timeout(request.headers());
    let given = asked.map_or(gate.0.request_timeout, |asked| asked.min(LONGEST_DEADLINE));
    let deadline = Instant::now() + given;
    let origin = Origin {
        correlation_id,
        traceparent: current_traceparent().or(incoming),
        deadline: asked.is_some().then_some(deadline),
    };
    let admitted = async {
        let context = gate.authenticate(request.headers(), origin).await?;
        Span::current().record("user", context.user.as_str());
        let in_flight = gate.0.limits.enter(&context.user)?;
        request.extensions_mut().insert(context);
        let response = next.run(request).await;
        drop(in_flight);
        Ok(response)
    };
    tokio::time::timeout_at(deadline, admitted)
        .await
        .unwrap_or_else(|_| Err(ApiError::new(ErrorKind::DeadlineExceeded)))
}

/// The token of `authorization: Bearer <token>` (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Result<&str, Rejection> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(if headers.contains_key(header::AUTHORIZATION) {
            Rejection::Malformed
        } else {
            Rejection::Missing
        });
    };
    let text = value.to_str().map_err(|_| Rejection::Malformed)?;
    let (scheme, token) = text.split_once(' ').ok_or(Rejection::Malformed)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.contains(' ') {
        return Err(Rejection::Malformed);
    }
    Ok(token)
}

/// A well-formed `traceparent`.
fn traceparent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get("traceparent")?.to_str().ok()?;
    parse_traceparent(text).is_some().then(|| text.to_owned())
}

/// `grpc-timeout`: up to 8 digits and a unit (gRPC over HTTP/2, "Timeout").
fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || 8 < digits.len() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(number * 3600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn one_bearer_token_is_read_and_nothing_else() {
        let read = |values: &[&str]| bearer(&headers("authorization", values)).map(str::to_owned);
        assert_eq!(read(&["Bearer a.b.c"]).unwrap(), "a.b.c");
        assert_eq!(read(&["bearer a.b.c"]).unwrap(), "a.b.c");
        assert!(matches!(read(&[]), Err(Rejection::Missing)));
        for values in [
            &["a.b.c"][..],
            &["Basic a.b.c"],
            &["Bearer "],
            &["Bearer a b"],
            &["Bearer a", "Bearer b"],
        ] {
            assert!(
                matches!(read(values), Err(Rejection::Malformed)),
                "{values:?}"
            );
        }
    }

    #[test]
    fn a_timeout_is_digits_and_a_unit() {
        let read = |value: &str| timeout(&headers("grpc-timeout", &[value]));
        assert_eq!(read("2S"), Some(Duration::from_secs(2)));
        assert_eq!(read("99999999H"), Some(Duration::from_hours(99_999_999)));
        assert_eq!(read("250m"), Some(Duration::from_millis(250)));
        for value in ["", "S", "1", "1s", "-1S", "123456789S", "1.5S", "ü"] {
            assert_eq!(
                timeout(&{
                    let mut map = HeaderMap::new();
                    map.insert(
                        "grpc-timeout",
                        http::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
                    );
                    map
                }),
                None,
                "{value}"
            );
        }
    }
}
