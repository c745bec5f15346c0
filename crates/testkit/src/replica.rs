//! One replica of a service beside its sidecar.

use std::{collections::BTreeMap, net::Ipv4Addr, sync::Arc, time::Duration};

use domain::AppId;
use errand::{
    embedded::service_config,
    services,
    settings::Settings,
    sidecars::{self, Tokens},
};
use service_kit::{
    Health, Ids, Kit, Lifecycle, OutboxSignal, Parts, Resources, Seal, Server, SharedClock,
    SidecarClient,
    testing::{ManualClock, TestDatabase},
};
use sidecar::{AppHealth, Engine, InboundRetry, Sidecar, SidecarConfig};
use store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    address_book::AddressBook, disturbance::Disturbances, eventually::eventually, wire::Wire,
};

/// How often crons fire in tests: whoever turned the clock does not wait for a second, or a minute.
const REMINDERS: &str = "@every 50ms";
const MAINTENANCE: &str = "@every 500ms";

/// The time between attempts to deliver.
const RETRY: Duration = Duration::from_millis(20);

/// What all replicas share.
pub(crate) struct Surroundings {
    pub(crate) database: TestDatabase,
    /// On SQLite all services are one process and share one store, as in `errand up`. On PostgreSQL
    /// each replica opens its own.
    pub(crate) shared_store: Option<Store>,
    pub(crate) settings: Settings,
    pub(crate) engine: Engine,
    pub(crate) tokens: Tokens,
    pub(crate) seal: Seal,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) addresses: AddressBook,
    pub(crate) disturbances: Disturbances,
}

/// One replica of a service beside its sidecar.
pub(crate) struct Replica {
    app: AppId,
    number: usize,
    lifecycle: Lifecycle,
    wires: Lifecycle,
    kit: Kit,
    own_store: Option<Store>,
    health: Health,
    sidecar: Sidecar,
    grace: Duration,
}

impl Replica {
    /// Starts it. It is not ready yet.
    pub(crate) async fn start(around: &Surroundings, app: AppId, number: usize) -> Self {
        let (lifecycle, wires) = (Lifecycle::new(), Lifecycle::new());
        let wire = || Wire {
            app,
            replica: number,
            disturbances: around.disturbances.clone(),
        };
        let (service, to_service) = (listener().await, listener().await);
        let address = service.local_addr().expect("a bound socket has an address");
        let callbacks = to_service
            .local_addr()
            .expect("a bound socket has an address");
        wire().lay(to_service, address, &wires);
        let config = hurried(sidecars::sidecar(app, callbacks, &around.tokens));
        let sidecar = sidecar::start(around.engine.clone(), config, CancellationToken::new())
            .await
            .expect("the sidecar starts");
        let to_sidecar = listener().await;
        let api = to_sidecar
            .local_addr()
            .expect("a bound socket has an address");
        wire().lay(to_sidecar, sidecar.local_addr(), &wires);

        let mut config = service_config(&around.settings.kit, api, &around.tokens);
        config.process.instance = Some(format!("{app}-{number}"));
        let own_store = match &around.shared_store {
            Some(_) => None,
            None => Some(around.database.open().await),
        };
        let store = own_store.as_ref().or(around.shared_store.as_ref());
        let store = store.expect("one of the two is there").clone();
        let clock: SharedClock = Arc::<ManualClock>::clone(&around.clock);
        let grace = config.process.grace_period;
        let kit = Kit::new(Parts {
            app,
            sidecar: SidecarClient::new(&config.sidecar).expect("an address of loopback"),
            config,
            ids: Ids::new(Arc::clone(&clock)),
            clock,
            resources: Resources::ready(store, around.seal.clone()),
            lifecycle: lifecycle.clone(),
            signal: OutboxSignal::new(),
        });
        let server = Server::new(services::service(&kit, &around.settings), kit.clone());
        let health = server.health();
        lifecycle.spawn_short(server.serve(service));
        around.addresses.enter(app, number, address);
        Self {
            app,
            number,
            lifecycle,
            wires,
            kit,
            own_store,
            health,
            sidecar,
            grace,
        }
    }

    /// Returns once it is ready.
    pub(crate) async fn ready(&self) {
        let what = format!("replica {} of {} gets ready", self.number, self.app);
        eventually(&what, async || {
            let report = self.health.report().await;
            tracing::trace!(app = %self.app, ?report, "not ready yet");
            report.ready.then_some(())
        })
        .await;
    }

    /// What the service was given.
    pub(crate) fn kit(&self) -> &Kit {
        &self.kit
    }

    /// Ends it as SIGTERM does. Fails if a part of it had failed, or does not end in time.
    pub(crate) async fn stop(self) {
        self.lifecycle.drain();
        let ended = self.lifecycle.run(self.grace).await;
        self.sidecar.stop();
        let stopped = self.sidecar.stopped().await;
        self.wires.abort();
        self.close_store().await;
        let (app, number) = (self.app, self.number);
        assert!(ended.is_ok(), "replica {number} of {app}: {ended:?}");
        assert!(stopped.is_ok(), "the sidecar of {app}: {stopped:?}");
    }

    /// Ends it and its sidecar as SIGKILL does: nothing in flight is finished.
    pub(crate) async fn kill(self) {
        self.wires.abort();
        self.lifecycle.abort();
        self.sidecar.abort();
        let _ = self.lifecycle.run(Duration::ZERO).await;
        let _ = self.sidecar.stopped().await;
        // Whoever held a connection is gone, and with it the transaction.
        self.close_store().await;
    }

    async fn close_store(&self) {
        if let Some(store) = &self.own_store {
            store.close().await;
        }
    }
}

/// The replicas by service and number.
pub(crate) type Replicas = BTreeMap<(AppId, usize), Replica>;

async fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("loopback has a free port")
}

fn hurried(config: SidecarConfig) -> SidecarConfig {
    let bindings = config.bindings.into_iter().map(|mut binding| {
        let is_maintenance = binding.name == "maintenance-cron";
        let tick = if is_maintenance {
            MAINTENANCE
        } else {
            REMINDERS
        };
        tick.clone_into(&mut binding.schedule);
        binding
    });
    SidecarConfig {
        bindings: bindings.collect(),
        retry: InboundRetry { interval: RETRY },
        health: AppHealth {
            timeout: Duration::from_secs(5),
            ..AppHealth::default()
        },
        drain: Duration::from_secs(1),
        ..config
    }
}
