//! One port for everything: gRPC, gRPC-web, reflection, health, HTTP, and the sidecar's callbacks.

mod admission;
mod answer;
mod connections;
mod cors;
mod ending;
mod http_endpoints;
mod limits;
mod methods;
mod readiness;
mod routes;

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::{admission::Gate, limits::UserLimits, routes::routes};
use crate::{
    callback::{Callback, CallbackGuard, SubscriptionTable},
    canary::Canary,
    delivery::Consumer,
    health::{Health, SubscriptionWatch},
    kit::Kit,
    outbox::Relay,
    service::Service,
};

/// The address of whoever is at the other end of the connection, in the extensions of every
/// request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// What the routes are made of.
pub(crate) struct Parts {
    pub(crate) service: Service,
    pub(crate) gate: Gate,
    pub(crate) guard: CallbackGuard,
    pub(crate) callback: Callback,
    pub(crate) health: Health,
    pub(crate) kit: Kit,
}

/// A service on its port.
pub struct Server {
    service: Service,
    kit: Kit,
    health: Health,
}

impl Server {
    /// The server of a service. Nothing runs yet.
    pub fn new(service: Service, kit: Kit) -> Self {
        let health = Health::new(&kit, service.readiness.clone());
        Self {
            service,
            kit,
            health,
        }
    }

    /// What is known of the service's health, before and while it is served.
    pub fn health(&self) -> Health {
        self.health.clone()
    }

    /// Serves until the drain has ended: the port, the sidecar's callbacks, the outbox relay, and
    /// the watch over the sidecar.
    ///
    /// The port answers at once. Whatever needs database or secrets answers UNAVAILABLE, or RETRY
    /// to an event, until [`crate::open_resources`] has found them.
    pub async fn serve(self, listener: TcpListener) {
        let Self {
            service,
            kit,
            health,
        } = self;
        let lifecycle = kit.lifecycle().clone();
        let app = service.app;
        let table = SubscriptionTable::new(&service, &kit.config().sidecar);
        let canary = Canary::new(kit.clone(), table.pubsubs());
        let limits = UserLimits::new(&kit.config().limits);
        let consumer = Consumer::new(kit.clone(), &service);
        let relay_stop = CancellationToken::new();
        let relay = Relay::new(kit.clone(), relay_stop.clone());
        let watch = SubscriptionWatch::new(kit.clone(), health.clone(), table.entries());

        lifecycle.spawn(format!("{app} outbox relay"), relay.run());
        lifecycle.spawn(format!("{app} canary"), canary.clone().run());
        lifecycle.spawn(format!("{app} subscription watch"), watch.run());
        let upkeep = limits.clone().keep_up(lifecycle.clone());
        lifecycle.spawn(format!("{app} limits upkeep"), upkeep);

        let router = routes(Parts {
            gate: Gate::new(&kit, limits),
            guard: CallbackGuard::new(&kit.config().sidecar),
            callback: Callback::new(consumer, table, canary),
            health,
            service,
            kit: kit.clone(),
        });
        connections::serve(listener, router, &kit.config().server, &lifecycle).await;
        // What the last requests wrote is committed: the relay may end once it has published it.
        relay_stop.cancel();
    }
}
