//! An app that takes events and does nothing with them but note when they came.

use std::net::Ipv4Addr;

use anyhow::Context as _;
use dapr::dapr::proto::{
    common::v1::{InvokeRequest, InvokeResponse},
    runtime::v1::{
        BindingEventRequest, BindingEventResponse, HealthCheckResponse, JobEventRequest,
        JobEventResponse, ListInputBindingsResponse, ListTopicSubscriptionsResponse,
        TopicEventBulkRequest, TopicEventBulkResponse, TopicEventRequest, TopicEventResponse,
        TopicSubscription,
        app_callback_health_check_server::{AppCallbackHealthCheck, AppCallbackHealthCheckServer},
        app_callback_server::{AppCallback, AppCallbackServer},
    },
};
use tokio::{net::TcpListener, task::JoinSet};
use tonic::{
    Request, Response, Status, async_trait,
    transport::{Server, server::TcpIncoming},
};

use super::daprd::PUBSUB;
use crate::arrivals::Arrivals;

/// The app. It ends when this is dropped.
pub(super) struct Subscriber {
    /// Where its sidecar finds it.
    pub(super) port: u16,
    /// When each event came, by its id.
    pub(super) arrivals: Arrivals,
    _server: JoinSet<Result<(), tonic::transport::Error>>,
}

impl Subscriber {
    /// Serves the callbacks of an app that subscribes to one topic.
    pub(super) async fn serve(topic: &'static str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.context("no port is free")?;
        let port = listener.local_addr()?.port();
        let arrivals = Arrivals::default();
        let app = App {
            topic,
            arrivals: arrivals.clone(),
        };
        let serving = Server::builder()
            .add_service(AppCallbackServer::new(app.clone()))
            .add_service(AppCallbackHealthCheckServer::new(app))
            .serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true)));
        let mut server = JoinSet::new();
        server.spawn(serving);
        Ok(Self {
            port,
            arrivals,
            _server: server,
        })
    }
}

#[derive(Clone)]
struct App {
    topic: &'static str,
    arrivals: Arrivals,
}

#[async_trait]
impl AppCallback for App {
    async fn list_topic_subscriptions(
        &self,
        _request: Request<()>,
    ) -> Result<Response<ListTopicSubscriptionsResponse>, Status> {
        let subscription = TopicSubscription {
            pubsub_name: PUBSUB.to_owned(),
            topic: self.topic.to_owned(),
            ..TopicSubscription::default()
        };
        Ok(Response::new(ListTopicSubscriptionsResponse {
            subscriptions: vec![subscription],
        }))
    }

    async fn on_topic_event(
        &self,
        request: Request<TopicEventRequest>,
    ) -> Result<Response<TopicEventResponse>, Status> {
        self.arrivals.note(request.into_inner().id);
        Ok(Response::new(TopicEventResponse::default()))
    }

    async fn list_input_bindings(
        &self,
        _request: Request<()>,
    ) -> Result<Response<ListInputBindingsResponse>, Status> {
        Ok(Response::new(ListInputBindingsResponse::default()))
    }

    async fn on_invoke(
        &self,
        _request: Request<InvokeRequest>,
    ) -> Result<Response<InvokeResponse>, Status> {
        Err(Status::unimplemented("it takes events alone"))
    }

    async fn on_binding_event(
        &self,
        _request: Request<BindingEventRequest>,
    ) -> Result<Response<BindingEventResponse>, Status> {
        Err(Status::unimplemented("it takes events alone"))
    }

    async fn on_bulk_topic_event(
        &self,
        _request: Request<TopicEventBulkRequest>,
    ) -> Result<Response<TopicEventBulkResponse>, Status> {
        Err(Status::unimplemented("it takes events one by one"))
    }

    async fn on_job_event(
        &self,
        _request: Request<JobEventRequest>,
    ) -> Result<Response<JobEventResponse>, Status> {
        Err(Status::unimplemented("it takes events alone"))
    }
}

#[async_trait]
impl AppCallbackHealthCheck for App {
    async fn health_check(
        &self,
        _request: Request<()>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        Ok(Response::new(HealthCheckResponse::default()))
    }
}
