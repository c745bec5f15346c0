//! Five services and their engine in one process: what `errand up` runs.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::Context as _;
use domain::AppId;
use secrecy::SecretString;
use service_kit::{
    Health, Ids, Kit, Lifecycle, OutboxSignal, Parts, Resources, Seal, Server, SharedClock,
    SidecarClient, config,
};
use sidecar::{Engine, Sidecar};
use store::{Store, StoreConfig};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    secret, services,
    settings::Settings,
    sidecars::{self, Tokens},
};

/// How often a service that is not ready is looked at again.
const READY_POLL: Duration = Duration::from_millis(10);

/// What is needed to start.
#[derive(Debug)]
pub struct Plan {
    /// The configuration.
    pub settings: Settings,
    /// The address of the business data.
    pub database: StoreConfig,
    /// The folder of the engine.
    pub engine: PathBuf,
    /// What page tokens, cursors and local tokens are sealed with.
    pub secret: SecretString,
    /// Where each service answers: bound already, so that ports are known to be free.
    pub listeners: BTreeMap<AppId, TcpListener>,
    /// The time.
    pub clock: SharedClock,
}

/// The sidecar of an app that only calls services: how it is reached.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// Where it serves the Dapr API, and takes calls to services.
    pub address: SocketAddr,
    /// What it demands as `dapr-api-token`.
    pub api_token: SecretString,
}

/// What runs.
pub struct Embedded {
    engine: Engine,
    sidecars: Vec<Sidecar>,
    store: Store,
    stop_sidecars: CancellationToken,
    kits: BTreeMap<AppId, Kit>,
    health: BTreeMap<AppId, Health>,
    addresses: BTreeMap<AppId, SocketAddr>,
}

impl Embedded {
    /// Migrates the database, opens the engine and starts everything. What runs belongs to
    /// `lifecycle`; after its end call [`Embedded::close`].
    pub async fn start(plan: Plan, lifecycle: &Lifecycle) -> anyhow::Result<Self> {
        let Plan {
            settings,
            database,
            engine,
            secret,
            listeners,
            clock,
        } = plan;
        let file = database.url.expose().trim_start_matches("sqlite://");
        migrations::run(database.url.expose())
            .await
            .with_context(|| format!("cannot use {file}"))?;
        let store = Store::connect(&database).await?;
        store.check().await?;
        let seal = Seal::new(&secret, settings.kit.secrets.previous.as_ref());
        let resources = Resources::ready(store.clone(), seal);
        let engine = Engine::open(sidecars::engine(&engine, &settings.realtime)).await?;
        let tokens = Tokens {
            api: secret::random()?,
            app_api: secret::random()?,
        };
        let mut embedded = Self {
            engine,
            sidecars: Vec::new(),
            store,
            stop_sidecars: CancellationToken::new(),
            kits: BTreeMap::new(),
            health: BTreeMap::new(),
            addresses: BTreeMap::new(),
        };
        for (app, listener) in listeners {
            let address = listener.local_addr()?;
            let sidecar = embedded.start_sidecar(app, address, &tokens).await?;
            let config = service_config(&settings.kit, sidecar.local_addr(), &tokens);
            let kit = Kit::new(Parts {
                app,
                sidecar: SidecarClient::new(&config.sidecar)?,
                config,
                clock: clock.clone(),
                ids: Ids::new(clock.clone()),
                resources: resources.clone(),
                lifecycle: lifecycle.clone(),
                signal: OutboxSignal::new(),
            });
            let server = Server::new(services::service(&kit, &settings), kit.clone());
            embedded.health.insert(app, server.health());
            lifecycle.spawn_short(server.serve(listener));
            embedded.sidecars.push(sidecar);
            embedded.kits.insert(app, kit);
            embedded.addresses.insert(app, address);
        }
        embedded.watch(lifecycle);
        Ok(embedded)
    }

    /// Where each service answers.
    pub fn addresses(&self) -> &BTreeMap<AppId, SocketAddr> {
        &self.addresses
    }

    /// The kit of each service.
    pub fn kits(&self) -> &BTreeMap<AppId, Kit> {
        &self.kits
    }

    /// Returns once a service is ready to be sent requests.
    pub async fn ready(&self, app: AppId) {
        let (Some(health), Some(kit)) = (self.health.get(&app), self.kits.get(&app)) else {
            return;
        };
        while !health.report().await.ready && !kit.lifecycle().is_draining() {
            tokio::time::sleep(READY_POLL).await;
        }
    }

    /// Starts a sidecar for an app outside of this process that only calls services.
    pub async fn open_gateway(&mut self, app_id: &str) -> anyhow::Result<Gateway> {
        let api_token = secret::random()?;
        let config = sidecars::caller(app_id, &api_token);
        let stop = self.stop_sidecars.clone();
        let sidecar = sidecar::start(self.engine.clone(), config, stop).await?;
        let address = sidecar.local_addr();
        self.sidecars.push(sidecar);
        Ok(Gateway { address, api_token })
    }

    /// Ends the sidecars, the engine and the database, in this order, once the services have ended.
    pub async fn close(self) {
        self.stop_sidecars.cancel();
        for sidecar in &self.sidecars {
            if let Err(error) = sidecar.stopped().await {
                tracing::warn!(%error, "a sidecar did not end well");
            }
        }
        self.engine.close().await;
        self.store.close().await;
    }

    async fn start_sidecar(
        &self,
        app: AppId,
        address: SocketAddr,
        tokens: &Tokens,
    ) -> anyhow::Result<Sidecar> {
        let config = sidecars::sidecar(app, address, tokens);
        let stop = self.stop_sidecars.clone();
        Ok(sidecar::start(self.engine.clone(), config, stop).await?)
    }

    /// A sidecar or an engine that ends by itself takes the process down.
    fn watch(&self, lifecycle: &Lifecycle) {
        let engine = self.engine.clone();
        let (draining, life) = (lifecycle.clone(), lifecycle.clone());
        lifecycle.spawn_short(async move {
            tokio::select! {
                () = engine.failed().cancelled() => life.fail("engine", "one of its threads has failed"),
                () = draining.draining() => {}
            }
        });
    }
}

/// The configuration of a service beside its embedded sidecar.
pub fn service_config(
    shared: &config::Config,
    sidecar: SocketAddr,
    tokens: &Tokens,
) -> config::Config {
    let mut config = shared.clone();
    config.sidecar.host = sidecar.ip().to_string();
    config.sidecar.grpc_port = sidecar.port();
    config.sidecar.api_token = Some(tokens.api.clone());
    config.sidecar.app_api_token = Some(tokens.app_api.clone());
    config.auth.local = true;
    config
}
