//! `errand <service>`: one service beside its own sidecar.

use std::{net::SocketAddr, process::ExitCode};

use anyhow::Context as _;
use domain::AppId;
use service_kit::{
    Ids, Kit, Lifecycle, OutboxSignal, Parts, Resources, Server, SidecarClient, SystemClock,
    telemetry::Telemetry,
};
use tokio::net::TcpListener;

use crate::{metrics, services, settings::Settings, signals::Signals, topology};

/// Runs the service until a signal ends it.
pub(super) fn run(app: AppId, settings: Settings) -> anyhow::Result<ExitCode> {
    super::runtime()?.block_on(serve(app, settings))
}

async fn serve(app: AppId, settings: Settings) -> anyhow::Result<ExitCode> {
    let telemetry = Telemetry::start(&settings.kit.telemetry, app.as_str())?;
    metrics::describe();
    let server = &settings.kit.server;
    let port = server
        .port
        .unwrap_or(topology::PORT_BASE + topology::port_offset(app));
    let address = SocketAddr::new(server.address, port);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{app} cannot listen on {address}"))?;
    let lifecycle = Lifecycle::new();
    let signals = Signals::listen()?;
    let clock = SystemClock::shared();
    let kit = Kit::new(Parts {
        app,
        sidecar: SidecarClient::new(&settings.kit.sidecar)?,
        ids: Ids::new(clock.clone()),
        clock,
        resources: Resources::new(),
        lifecycle: lifecycle.clone(),
        signal: OutboxSignal::new(),
        config: settings.kit.clone(),
    });
    tracing::info!(service = %app, %address, "listening");
    let service = services::service(&kit, &settings);
    lifecycle.spawn_short(Server::new(service, kit.clone()).serve(listener));
    lifecycle.spawn_short(open(kit));
    let grace = settings.kit.process.grace_period;
    let ended = signals.run_to_end(&lifecycle, grace).await;
    telemetry.flush();
    ended?;
    Ok(ExitCode::SUCCESS)
}

/// Finds database and secrets; without them the process has no future.
async fn open(kit: Kit) {
    let opened = service_kit::open_resources(
        kit.config(),
        kit.app(),
        kit.sidecar(),
        kit.resources(),
        kit.lifecycle(),
    )
    .await;
    if let Err(error) = opened {
        kit.lifecycle()
            .fail("start", format!("{:#}", anyhow::Error::from(error)));
    }
}
