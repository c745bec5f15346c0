//! A service: what it subscribes to, what it serves.

mod route;

use std::{convert::Infallible, sync::Arc};

use axum::{Router, response::IntoResponse};
use domain::{AppId, Topic};
use tonic::{body::Body, server::NamedService, service::Routes};
use tower::Service as TowerService;

use crate::{
    handler::{BulkOptions, EventType, FanOut, Handle, HandleBatch, HandleBinding},
    health::ReadinessCheck,
};

pub(crate) use self::route::{BindingRoute, Consume, HandleAny, TopicRoute, TypedHandler};

/// A service: a list of handlers and what it serves besides. It is built before anything is
/// connected, so that the subscriptions can be told from the moment the port is bound.
#[must_use]
pub struct Service {
    pub(crate) app: AppId,
    pub(crate) topics: Vec<TopicRoute>,
    pub(crate) bindings: Vec<BindingRoute>,
    pub(crate) grpc: Routes,
    pub(crate) grpc_names: Vec<&'static str>,
    pub(crate) http: Router,
    pub(crate) http_public: Router,
    pub(crate) readiness: Vec<Arc<dyn ReadinessCheck>>,
}

impl Service {
    /// A service that does nothing yet.
    pub fn new(app: AppId) -> Self {
        Self {
            app,
            topics: Vec::new(),
            bindings: Vec::new(),
            grpc: Routes::default(),
            grpc_names: Vec::new(),
            http: Router::new(),
            http_public: Router::new(),
            readiness: Vec::new(),
        }
    }

    /// Handles the events of one type, one at a time.
    pub fn subscribe<E: EventType>(self, _event_type: E, handler: impl Handle<E>) -> Self {
        let handler = Arc::new(TypedHandler::<E, _>::new(handler));
        self.with_topic(E::TOPIC, Consume::Single(handler))
    }

    /// Handles the events of these topics in batches.
    pub fn subscribe_bulk(
        self,
        topics: impl IntoIterator<Item = Topic>,
        handler: impl HandleBatch,
        options: BulkOptions,
    ) -> Self {
        let handler: Arc<dyn HandleBatch> = Arc::new(handler);
        topics.into_iter().fold(self, |service, topic| {
            service.with_topic(topic, Consume::Bulk(Arc::clone(&handler), options))
        })
    }

    /// Takes every event of a topic on every replica.
    pub fn fan_out(self, topic: Topic, handler: impl FanOut) -> Self {
        self.with_topic(topic, Consume::FanOut(Arc::new(handler)))
    }

    /// Runs each time the input binding fires.
    pub fn binding(mut self, name: &'static str, handler: impl HandleBinding) -> Self {
        self.bindings
            .push(BindingRoute::new(name, Arc::new(handler)));
        self
    }

    /// Serves a gRPC service to users. Every call has a verified token: see [`crate::Context::of`].
    pub fn grpc<S>(mut self, service: S) -> Self
    where
        S: TowerService<http::Request<Body>, Error = Infallible>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Response: IntoResponse,
        S::Future: Send + 'static,
    {
        self.grpc = self.grpc.add_service(service);
        self.grpc_names.push(S::NAME);
        self
    }

    /// Serves HTTP routes to users. Every request has a verified token, and a [`crate::Context`] in
    /// its extensions.
    pub fn http(mut self, routes: Router) -> Self {
        self.http = self.http.merge(routes);
        self
    }

    /// Serves HTTP routes to anybody.
    pub fn http_public(mut self, routes: Router) -> Self {
        self.http_public = self.http_public.merge(routes);
        self
    }

    /// The service is ready only if this says so, too.
    pub fn ready_when(mut self, check: impl ReadinessCheck) -> Self {
        self.readiness.push(Arc::new(check));
        self
    }

    /// Which service it is.
    pub fn app(&self) -> AppId {
        self.app
    }

    fn with_topic(mut self, topic: Topic, consume: Consume) -> Self {
        self.topics.push(TopicRoute { topic, consume });
        self
    }
}
