//! The gRPC port of a sidecar: the Dapr API, and calls to other apps.

mod frames;
mod proxy;

use std::{convert::Infallible, sync::Arc, time::Duration};

use http::{Request, Response};
use hyper::{body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{Status, body::Body};
use tower::Service as _;

use self::frames::LimitedFrames;
use crate::{api::Api, generated::dapr_server::DaprServer, sidecar::Runtime};

/// Serves until `drained` is cancelled, then lets calls in flight end for a while.
pub(crate) async fn serve(
    listener: TcpListener,
    runtime: Arc<Runtime>,
    api_token: Option<SecretString>,
    drained: CancellationToken,
) {
    let api = DaprServer::new(Api::new(Arc::clone(&runtime)))
        .max_decoding_message_size(usize::MAX)
        .max_encoding_message_size(usize::MAX);
    let gateway = Arc::new(Gateway {
        runtime,
        api,
        api_token,
    });
    let connections = TaskTracker::new();
    while let Some(accepted) = drained.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _peer)) => {
                let connection = serve_connection(stream, Arc::clone(&gateway), drained.clone());
                gateway
                    .runtime
                    .tasks
                    .spawn("API connection", connections.track_future(connection));
            }
            Err(error) => {
                // Too many open files, most likely: others may close some meanwhile.
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// What every request passes.
struct Gateway {
    runtime: Arc<Runtime>,
    api: DaprServer<Api>,
    api_token: Option<SecretString>,
}

impl Gateway {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        if !self.authorized(&request) {
            return Status::unauthenticated("Unauthorized").into_http();
        }
        if !request
            .uri()
            .path()
            .starts_with("/dapr.proto.runtime.v1.Dapr/")
        {
            return proxy::call(&self.runtime, request).await;
        }
        let limit = self.runtime.max_message_bytes;
        let mut api = self.api.clone();
        match api
            .call(request.map(|body| LimitedFrames::of_request(body, limit)))
            .await
        {
            Ok(response) => response,
            Err(infallible) => match infallible {},
        }
    }

    fn authorized(&self, request: &Request<Incoming>) -> bool {
        let Some(token) = &self.api_token else {
            return true;
        };
        let sent = request.headers().get("dapr-api-token");
        let sent = sent.map(http::HeaderValue::as_bytes).unwrap_or_default();
        sent.ct_eq(token.expose_secret().as_bytes()).into()
    }
}

async fn serve_connection(stream: TcpStream, gateway: Arc<Gateway>, drained: CancellationToken) {
    // Without it a small frame may wait for an acknowledgement; a socket that refuses still works.
    let _refused = stream.set_nodelay(true);
    let tasks = gateway.runtime.tasks.clone();
    let drain = gateway.runtime.drain;
    let service = service_fn(move |request| {
        let gateway = Arc::clone(&gateway);
        async move { Ok::<_, Infallible>(gateway.answer(request).await) }
    });
    let connection = http2::Builder::new(tasks)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .max_concurrent_streams(STREAMS_PER_CONNECTION)
        .max_header_list_size(1 << 20)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = drained.cancelled() => {
            connection.as_mut().graceful_shutdown();
            match tokio::time::timeout(drain, connection).await {
                Ok(ended) => ended,
                Err(_elapsed) => return,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection to the API broke");
    }
}

const STREAMS_PER_CONNECTION: u32 = 1024;
