//! Streams that anybody may open, such as `grpc.health.v1.Health/Watch`, end when the process does.
//! Left to themselves they would go on for ever, and hold their connection and the drain.

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::stream;
use http::HeaderMap;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use tonic::Status;

use crate::lifecycle::Lifecycle;

/// Ends the answer with UNAVAILABLE once the drain has begun.
pub(super) async fn end_with_the_process(
    State(lifecycle): State<Lifecycle>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    response.map(|body| {
        let frames = stream::unfold(Some((body, lifecycle)), |open| async move {
            let (mut body, lifecycle) = open?;
            tokio::select! {
                biased;
                frame = body.frame() => Some((frame?, Some((body, lifecycle)))),
                () = lifecycle.draining() => Some((Ok(Frame::trailers(ending())), None)),
            }
        });
        Body::new(StreamBody::new(frames))
    })
}

fn ending() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    let status = Status::unavailable("this replica is ending");
    if status.add_header(&mut trailers).is_err() {
        tracing::debug!("a stream ends without a status");
    }
    trailers
}
