//! The wire between a service and its sidecar: it carries every call over, one way or the other,
//! unless a test disturbs it.

use std::{convert::Infallible, net::SocketAddr};

use bytes::Bytes;
use domain::AppId;
use http::{Request, Response, Uri, Version};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use service_kit::Lifecycle;
use tokio::net::{TcpListener, TcpStream};
use tonic::{Status, body::Body, transport::Channel};
use tower::{Service as _, ServiceExt as _};

use crate::{address_book::channel, call::Call, disturbance::Disturbances};

/// The largest header list: a bulk delivery carries headers for each event.
const HEADER_LIST: u32 = 4 << 20;

/// One direction of the wire between a service and its sidecar.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    pub(crate) app: AppId,
    pub(crate) replica: usize,
    pub(crate) disturbances: Disturbances,
}

impl Wire {
    /// Carries what comes to the listener over to `target`, until the lifecycle is aborted.
    pub(crate) fn lay(self, listener: TcpListener, target: SocketAddr, lifecycle: &Lifecycle) {
        let channel = channel(target);
        let life = lifecycle.clone();
        lifecycle.spawn_short(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    () = life.aborted() => return,
                };
                // A peer that is gone already needs no wire.
                let Ok((stream, _)) = accepted else { continue };
                let connection = self.clone().serve(stream, channel.clone());
                let connected = life.clone();
                life.spawn_short(async move {
                    tokio::select! {
                        () = connection => {}
                        () = connected.aborted() => {}
                    }
                });
            }
        });
    }

    async fn serve(self, stream: TcpStream, channel: Channel) {
        // Answers wait for nothing; a socket that is closed already has no use for the option.
        let _ = stream.set_nodelay(true);
        let service = service_fn(move |request| {
            let (wire, channel) = (self.clone(), channel.clone());
            async move { Ok::<_, Infallible>(wire.carry(request, channel).await) }
        });
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http2().max_header_list_size(HEADER_LIST);
        if let Err(error) = builder
            .serve_connection(TokioIo::new(stream), service)
            .await
        {
            tracing::debug!(%error, "a wire was cut");
        }
    }

    async fn carry(self, request: Request<Incoming>, channel: Channel) -> Response<Body> {
        let (head, body) = request.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => return Status::unavailable(error.to_string()).into_http(),
        };
        let call = Call::read(self.app, self.replica, head.uri.path(), head.headers, body);
        self.disturbances.carry(call, &channel).await
    }
}

/// Sends a call on and waits for the whole answer.
pub(crate) async fn forward(call: &Call, mut channel: Channel) -> Response<Body> {
    let answer = async {
        let mut request = Request::new(Body::new(Full::<Bytes>::from(call.body.clone())));
        *request.method_mut() = http::Method::POST;
        *request.version_mut() = Version::HTTP_2;
        *request.uri_mut() = Uri::try_from(call.path.as_str())?;
        *request.headers_mut() = call.headers.clone();
        let (head, body) = channel.ready().await?.call(request).await?.into_parts();
        anyhow::Ok(Response::from_parts(head, Body::new(body.collect().await?)))
    };
    answer
        .await
        .unwrap_or_else(|error| Status::unavailable(format!("{error:#}")).into_http())
}
