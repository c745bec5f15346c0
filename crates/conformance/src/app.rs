//! The scripted app: it serves the callbacks, notes what comes, and answers what the case says.

mod callbacks;
mod record;
mod script;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result};
use dapr::dapr::proto::runtime::v1::{
    TopicSubscription, app_callback_alpha_server::AppCallbackAlphaServer,
    app_callback_health_check_server::AppCallbackHealthCheckServer,
    app_callback_server::AppCallbackServer,
};
use tokio::{net::TcpListener, runtime::Runtime};
use tonic::transport::{Server, server::TcpIncoming};

use self::callbacks::{Alpha, Callbacks};
pub(crate) use self::{
    record::{Batch, Delivery, Record, Tick, readable},
    script::{Reply, Script, all},
};
use crate::echo::EchoServer;

/// An app on a port of its own. It is gone when it is dropped.
pub(crate) struct App {
    address: SocketAddr,
    /// What it answers.
    pub(crate) script: Arc<Script>,
    /// What has come.
    pub(crate) record: Arc<Record>,
    /// Kept so that nobody else gets the port before the app serves.
    reserved: Option<TcpListener>,
    /// A runtime of its own, so that its connections end with it.
    server: Option<Runtime>,
}

impl App {
    /// An app with these subscriptions that accepts everything.
    pub(crate) async fn serving(subscriptions: Vec<TopicSubscription>) -> Result<Self> {
        let mut app = Self::silent(subscriptions).await?;
        app.serve().await?;
        Ok(app)
    }

    /// An app whose port is taken but not open.
    pub(crate) async fn silent(subscriptions: Vec<TopicSubscription>) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        Ok(Self {
            address: listener.local_addr()?,
            script: Arc::new(Script::new(subscriptions)),
            record: Arc::default(),
            reserved: Some(listener),
            server: None,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes the port without having served, and remembers it.
    pub(crate) fn close_port(&mut self) {
        self.reserved = None;
    }

    /// Opens the port and answers.
    pub(crate) async fn serve(&mut self) -> Result<()> {
        let listener = match self.reserved.take() {
            Some(listener) => listener,
            None => TcpListener::bind(self.address)
                .await
                .context("the app's port")?,
        }
        .into_std()?;
        let server = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = {
            let _entered = server.enter();
            TcpListener::from_std(listener)?
        };
        let callbacks = Callbacks {
            script: Arc::clone(&self.script),
            record: Arc::clone(&self.record),
        };
        let limit = 16 << 20;
        let serving = Server::builder()
            .http2_max_header_list_size(4 << 20)
            .add_service(AppCallbackServer::new(callbacks.clone()).max_decoding_message_size(limit))
            .add_service(AppCallbackAlphaServer::new(Alpha(callbacks.clone())))
            .add_service(AppCallbackHealthCheckServer::new(callbacks))
            .add_service(EchoServer)
            .serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true)));
        server.spawn(serving);
        self.server = Some(server);
        Ok(())
    }

    /// Ends the app as SIGKILL does: its connections break.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        if let Some(server) = self.server.take() {
            let ended = tokio::task::spawn_blocking(move || {
                server.shutdown_timeout(Duration::from_secs(5));
            });
            ended.await?;
        }
        Ok(())
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown_background();
        }
    }
}
