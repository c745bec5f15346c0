//! The app's side of a sidecar: waits for the app, asks what it wants, and delivers while it is
//! healthy.

mod bindings;
mod health;
mod subscriptions;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use dapr::dapr::proto::runtime::v1::{
    app_callback_alpha_client::AppCallbackAlphaClient, app_callback_client::AppCallbackClient,
    app_callback_health_check_client::AppCallbackHealthCheckClient,
};
use tokio::{net::TcpStream, sync::watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::transport::{Channel, Endpoint};

use crate::{engine::App, sidecar::Runtime};

impl App {
    /// The app's callbacks. Their messages are as large as the engine lets them become.
    pub(crate) fn callback(&self) -> AppCallbackClient<Channel> {
        AppCallbackClient::new(self.channel.clone()).max_decoding_message_size(usize::MAX)
    }

    /// The callbacks by their older name.
    pub(crate) fn callback_alpha(&self) -> AppCallbackAlphaClient<Channel> {
        AppCallbackAlphaClient::new(self.channel.clone()).max_decoding_message_size(usize::MAX)
    }

    pub(crate) fn health_check(&self) -> AppCallbackHealthCheckClient<Channel> {
        AppCallbackHealthCheckClient::new(self.channel.clone())
    }

    /// A request with the app's token. `ListTopicSubscriptions`, `ListInputBindings` and
    /// `HealthCheck` go without it, as in daprd.
    pub(crate) fn request<T>(&self, message: T) -> tonic::Request<T> {
        let mut request = tonic::Request::new(message);
        if let Some(token) = &self.token {
            request
                .metadata_mut()
                .insert("dapr-api-token", token.clone());
        }
        request
    }
}

/// The channel to an app. It connects when it is first used, and again when it is broken.
pub(crate) fn channel(address: SocketAddr) -> Result<Channel, tonic::transport::Error> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?
        .tcp_nodelay(true)
        .connect_timeout(Duration::from_secs(5))
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .http2_max_header_list_size(1 << 20);
    Ok(endpoint.connect_lazy())
}

/// Serves the app until the sidecar stops. After a restart (`Dapr/Shutdown`) everything begins anew,
/// as with a new daprd: the app is asked again, and `{uuid}` groups are new.
pub(crate) async fn run(runtime: Arc<Runtime>) {
    let Some(app) = &runtime.app else {
        runtime.stopping.cancelled().await;
        return;
    };
    while !runtime.stopping.is_cancelled() {
        let generation = runtime.stopping.child_token();
        tokio::select! {
            () = run_once(&runtime, app, &generation) => {}
            () = restart(&runtime, &generation) => {}
        }
    }
}

/// Never ends by itself, so that what runs beside it always does.
async fn restart(runtime: &Runtime, generation: &CancellationToken) {
    runtime.restart.notified().await;
    tracing::info!(app = runtime.app_id, "the sidecar starts anew");
    generation.cancel();
    std::future::pending::<()>().await;
}

async fn run_once(runtime: &Arc<Runtime>, app: &Arc<App>, generation: &CancellationToken) {
    runtime.set_subscriptions(Vec::new());
    if generation
        .run_until_cancelled(port_opens(app.address))
        .await
        .is_none()
    {
        return;
    }
    let healthy = watch::Sender::new(false);
    let health = health::Probe::new(runtime, app);
    let probing = generation.run_until_cancelled(health.run(&healthy));
    let delivering = deliver_while_healthy(runtime, app, generation, healthy.subscribe());
    tokio::join!(probing, delivering);
}

async fn deliver_while_healthy(
    runtime: &Arc<Runtime>,
    app: &Arc<App>,
    generation: &CancellationToken,
    mut healthy: watch::Receiver<bool>,
) {
    let mut wanted = None;
    loop {
        if !turned(generation, &mut healthy, true).await {
            return;
        }
        if wanted.is_none() {
            let asked = generation.run_until_cancelled(async {
                let subscriptions = subscriptions::Subscriptions::ask(runtime, app).await;
                let bindings = bindings::wanted(runtime, app).await;
                (subscriptions, bindings)
            });
            wanted = asked.await;
        }
        let Some((subscriptions, bindings)) = &wanted else {
            return;
        };

        tracing::info!(app = runtime.app_id, "the app is healthy: deliveries start");
        let active = generation.child_token();
        let workers = TaskTracker::new();
        subscriptions.start(runtime, app, &active, &workers);
        bindings::start(runtime, app, bindings, &active, &workers);
        if turned(generation, &mut healthy, false).await {
            tracing::warn!(
                app = runtime.app_id,
                "the app is unhealthy: deliveries stop"
            );
        }
        active.cancel();
        workers.close();
        workers.wait().await;
    }
}

/// Waits until the app's health is as said. False when the generation ends before.
async fn turned(
    generation: &CancellationToken,
    healthy: &mut watch::Receiver<bool>,
    wanted: bool,
) -> bool {
    let turned = healthy.wait_for(|healthy| *healthy == wanted);
    matches!(generation.run_until_cancelled(turned).await, Some(Ok(_)))
}

/// Dapr dials the app's port every 100 ms, without end, before it calls anything.
async fn port_opens(address: SocketAddr) {
    loop {
        let dial = tokio::time::timeout(Duration::from_millis(500), TcpStream::connect(address));
        if let Ok(Ok(_connection)) = dial.await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
