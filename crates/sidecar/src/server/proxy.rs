//! Service invocation: a call of any service with `dapr-app-id` goes to that app, frame by frame.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures::{StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt as _, BodyStream, StreamBody};
use hyper::body::Incoming;
use tonic::{Code, Status, body::Body};
use tower::{Service as _, ServiceExt as _};

use super::frames::{LimitedFrames, too_large};
use crate::sidecar::Runtime;

/// Passes a call on to the app it names.
pub(super) async fn call(runtime: &Runtime, request: Request<Incoming>) -> Response<Body> {
    forward(runtime, request)
        .await
        .unwrap_or_else(Status::into_http)
}

async fn forward(runtime: &Runtime, request: Request<Incoming>) -> Result<Response<Body>, Status> {
    let Some(callee) = callee(request.headers()) else {
        return Err(Status::unknown(
            "failed to proxy request: required metadata dapr-callee-app-id or dapr-app-id not found",
        ));
    };
    if is_callback(request.uri().path()) {
        return Err(Status::permission_denied(
            "callbacks of the Dapr runtime cannot be invoked",
        ));
    }
    let Some(app) = runtime.engine.apps().find(&callee) else {
        return Err(Status::unknown(format!(
            "failed to invoke target {callee}: no host found with the given ID"
        )));
    };

    let (mut parts, body) = request.into_parts();
    // The channel knows the address; the path is all that it needs.
    if let Some(path) = parts.uri.path_and_query() {
        parts.uri = Uri::from(path.clone());
    }
    parts.headers.remove("dapr-api-token");
    if let Some(token) = &app.token {
        let token = HeaderValue::from_bytes(token.as_encoded_bytes())
            .map_err(|_| Status::internal("the app's token cannot be sent"))?;
        parts.headers.insert("dapr-api-token", token);
    }
    // Appended, as in daprd: what the caller claims stays first, so neither proves who calls.
    append(&mut parts.headers, "dapr-caller-app-id", &runtime.app_id);
    append(&mut parts.headers, "dapr-callee-app-id", &callee);

    let limit = runtime.max_message_bytes;
    let body = LimitedFrames::of_request(body, limit);
    let exceeded = body.exceeded();
    let mut channel = app.channel.clone();
    let channel = channel.ready().await.map_err(unreachable)?;
    let response = channel
        .call(Request::from_parts(parts, Body::new(body)))
        .await;
    let response = response.map_err(|error| failed(&exceeded, limit, unreachable(error)))?;
    let response = response.map(|body| LimitedFrames::of_response(body, limit));
    Ok(with_its_first_frame(response).await)
}

/// Holds the headers of a response back until there is a message or an end to go with them, as
/// daprd does: a caller who waits for the headers before its first message finds out here.
async fn with_its_first_frame(response: Response<LimitedFrames<Body>>) -> Response<Body> {
    let (parts, mut body) = response.into_parts();
    let first = body.frame().await;
    let frames = stream::iter(first).chain(BodyStream::new(body));
    Response::from_parts(parts, Body::new(StreamBody::new(frames)))
}

/// What the caller hears when there is no answer from the callee. A connection that broke while the
/// call was on its way is a callee that is away, whatever the client makes of it.
fn unreachable(error: tonic::transport::Error) -> Status {
    let expired = std::iter::successors(std::error::Error::source(&error), |error| error.source())
        .any(<dyn std::error::Error>::is::<tonic::TimeoutExpired>);
    let status = Status::from_error(error.into());
    match status.code() {
        _ if expired => Status::deadline_exceeded("the deadline has passed"),
        Code::Cancelled | Code::Unknown => Status::unavailable(status.message()),
        _ => status,
    }
}

/// A request that was cut off for its size fails for that, whatever the callee made of the cut.
fn failed(exceeded: &Arc<AtomicBool>, limit: usize, status: Status) -> Status {
    if exceeded.load(Ordering::Acquire) {
        too_large(limit + 1, limit)
    } else {
        status
    }
}

fn callee(headers: &HeaderMap) -> Option<String> {
    let named = headers
        .get("dapr-app-id")
        .or_else(|| headers.get("dapr-callee-app-id"))?;
    let named = named.to_str().ok()?;
    // An app may be named with its namespace; one machine has one.
    Some(named.strip_suffix(".default").unwrap_or(named).to_owned())
}

/// The runtime's own calls to an app never come from another app.
fn is_callback(path: &str) -> bool {
    path.starts_with("/dapr.proto.runtime.v1.AppCallback")
}

fn append(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.append(name, value);
    }
}
