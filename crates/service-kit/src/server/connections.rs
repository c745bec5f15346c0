//! Accepts connections and serves them, with a bound on everything.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, Semaphore},
};
use tokio_util::task::TaskTracker;
use tower::{ServiceExt as _, service_fn};

use super::Peer;
use crate::{config::ServerConfig, lifecycle::Lifecycle};

/// The pause after a connection could not be accepted: the process has no file left to give, most
/// likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The largest head of an HTTP/1 request, in bytes.
const HTTP1_BUFFER: usize = 64 << 10;

/// Serves until the drain begins, and then until every connection has ended.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    config: &ServerConfig,
    lifecycle: &Lifecycle,
) {
    let permits = Arc::new(Semaphore::new(config.max_connections));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &permits) => accepted,
            () = lifecycle.draining() => break,
        };
        let (permit, stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let connection = serve_one(
            stream,
            peer,
            router.clone(),
            config.clone(),
            lifecycle.clone(),
        );
        lifecycle.spawn_short(connections.track_future(async move {
            connection.await;
            drop(permit);
        }));
    }
    // Whoever connects from now on is refused rather than left waiting.
    drop(listener);
    connections.close();
    tokio::select! {
        () = connections.wait() => {}
        () = lifecycle.aborted() => {}
    }
}

/// Waits for a free place before it accepts, so that those who must wait do so in the system's
/// queue.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> std::io::Result<(tokio::sync::OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let permit = Arc::clone(permits)
        .acquire_owned()
        .await
        .expect("the semaphore is never closed");
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((permit, stream, peer))
}

async fn serve_one(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    config: ServerConfig,
    lifecycle: Lifecycle,
) {
    let first_request = Arc::new(Notify::new());
    let seen = Arc::clone(&first_request);
    let service = service_fn(move |mut request: Request<Incoming>| {
        seen.notify_one();
        request.extensions_mut().insert(Peer(peer));
        let router = router.clone();
        async move {
            Ok::<_, Infallible>(
                router
                    .oneshot(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    });
    let builder = builder(&config);
    let mut connection =
        pin!(builder.serve_connection_with_upgrades(
            TokioIo::new(stream),
            TowerToHyperService::new(service)
        ));
    let mut waits_for_first = true;
    let mut is_draining = false;
    loop {
        tokio::select! {
            outcome = connection.as_mut() => {
                if let Err(error) = outcome {
                    tracing::debug!(%error, %peer, "the connection broke");
                }
                return;
            }
            () = first_request.notified(), if waits_for_first => waits_for_first = false,
            () = tokio::time::sleep(config.header_timeout), if waits_for_first => {
                tracing::debug!(%peer, "closing a connection that asked for nothing");
                return;
            }
            () = lifecycle.draining(), if !is_draining => {
                is_draining = true;
                connection.as_mut().graceful_shutdown();
            }
            () = lifecycle.aborted() => return,
        }
    }
}

fn builder(config: &ServerConfig) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(config.header_timeout)
        .max_buf_size(HTTP1_BUFFER);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(config.max_concurrent_streams)
        .max_header_list_size(config.max_header_list_bytes)
        .keep_alive_interval(config.keep_alive)
        .keep_alive_timeout(config.keep_alive)
        .adaptive_window(true);
    builder
}
