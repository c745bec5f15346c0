//! One port for everything: gRPC, gRPC-web, reflection, health, HTTP, and the sidecar's callbacks.

mod admission;
mod answer;
mod connections;
mod cors;
mod http_endpoints;
mod limits;
mod readiness;
mod routes;

use std::net::SocketAddr;

use dapr::dapr::proto::runtime::v1::TopicSubscription;
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

/// The address of whoever is at the other end of the connection, in the extensions of every request.
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

/// Serves a service until the drain has ended: its port, its callbacks, its relay, and the watch over its sidecar.
///
/// The port answers at once. Whatever needs database or secrets answers UNAVAILABLE, or RETRY to an event, until
/// [`crate::open_resources`] has found them.
pub async fn serve(service: Service, kit: Kit, listener: TcpListener) {
    let lifecycle = kit.lifecycle().clone();
    let app = service.app;
    let table = SubscriptionTable::new(&service, &kit.config().sidecar);
    let subscriptions: Vec<TopicSubscription> = table.entries().to_vec();
    let canary = Canary::new(kit.clone(), table.pubsubs());
    let health = Health::new(&kit, service.readiness.clone());
    let limits = UserLimits::new(&kit.config().limits);
    let consumer = Consumer::new(kit.clone(), &service);
    let relay_stop = CancellationToken::new();
    let relay = Relay::new(kit.clone(), relay_stop.clone());

    lifecycle.spawn(format!("{app} outbox relay"), relay.run());
    lifecycle.spawn(format!("{app} canary"), canary.clone().run());
    let watch = SubscriptionWatch::new(kit.clone(), health.clone(), &subscriptions);
    lifecycle.spawn(format!("{app} subscription watch"), watch.run());
    lifecycle.spawn(
        format!("{app} limits upkeep"),
        limits.clone().keep_up(lifecycle.clone()),
    );

    let router = routes(Parts {
        gate: Gate::new(&kit, limits),
        guard: CallbackGuard::new(&kit.config().sidecar),
        callback: Callback::new(consumer, table, canary),
        health,
        service,
        kit: kit.clone(),
    });
    connections::serve(listener, router, &kit.config().server, &lifecycle).await;
    // What the last requests wrote has been committed: the relay may stop once its own calls are done.
    relay_stop.cancel();
}
