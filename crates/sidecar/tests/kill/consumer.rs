//! An app that takes everything there is, after the publisher has been killed for the last time.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use dapr::dapr::proto::{
    common::v1::{InvokeRequest, InvokeResponse},
    runtime::v1::{
        BindingEventRequest, BindingEventResponse, GetBulkStateRequest, HealthCheckResponse,
        JobEventRequest, JobEventResponse, ListInputBindingsResponse,
        ListTopicSubscriptionsResponse, TopicEventBulkRequest, TopicEventBulkResponse,
        TopicEventRequest, TopicEventResponse, TopicSubscription,
        app_callback_health_check_server::{AppCallbackHealthCheck, AppCallbackHealthCheckServer},
        app_callback_server::{AppCallback, AppCallbackServer},
        dapr_client::DaprClient,
    },
};
use sidecar::{
    ConsumerGroup, Engine, EngineConfig, PubSubComponent, SidecarConfig, StateComponent, start,
};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tonic::{
    Request, Response, Status, async_trait,
    transport::{Server, server::TcpIncoming},
};

/// What the engine still has.
pub struct Found {
    pub delivered: BTreeSet<String>,
    pub saved: BTreeSet<String>,
    /// Whether the offsets of every partition followed one another from 0.
    pub in_order: bool,
}

/// Reads the state of the keys, and takes events until all that are expected have come or a minute
/// has passed.
pub async fn everything(folder: &Path, expected: &BTreeSet<String>) -> Result<Found> {
    let app = App::default();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let mut serving = JoinSet::new();
    serving.spawn(
        Server::builder()
            .add_service(AppCallbackServer::new(app.clone()))
            .add_service(AppCallbackHealthCheckServer::new(app.clone()))
            .serve_with_incoming(TcpIncoming::from(listener)),
    );

    let engine = Engine::open(EngineConfig::new(folder)).await?;
    let mut config = SidecarConfig::new("consumer", address);
    config.pubsub = vec![PubSubComponent::new("pubsub", ConsumerGroup::AppId)];
    config.state = vec![StateComponent {
        name: "statestore".to_owned(),
        key_prefix: "publisher".to_owned(),
    }];
    let sidecar = start(engine.clone(), config, CancellationToken::new()).await?;

    let mut client = DaprClient::connect(format!("http://{}", sidecar.local_addr())).await?;
    let request = GetBulkStateRequest {
        store_name: "statestore".to_owned(),
        keys: expected.iter().cloned().collect(),
        ..GetBulkStateRequest::default()
    };
    let items = client.get_bulk_state(request).await?.into_inner().items;
    let saved = items
        .into_iter()
        .filter(|item| item.data == b"saved")
        .map(|item| item.key);

    let arrived = async {
        while !app.seen(|seen| expected.is_subset(&seen.ids)) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // Whether all have come is for the caller to say, who can name what is missing.
    let _in_time = tokio::time::timeout(Duration::from_mins(1), arrived).await;
    sidecar.stop();
    sidecar.stopped().await?;
    engine.close().await;
    Ok(Found {
        delivered: app.seen(|seen| seen.ids.clone()),
        saved: saved.collect(),
        in_order: app.seen(|seen| seen.in_order),
    })
}

#[derive(Clone)]
struct App(Arc<Mutex<Seen>>);

struct Seen {
    ids: BTreeSet<String>,
    next_offsets: BTreeMap<String, u64>,
    in_order: bool,
}

impl Default for App {
    fn default() -> Self {
        let seen = Seen {
            ids: BTreeSet::new(),
            next_offsets: BTreeMap::new(),
            in_order: true,
        };
        Self(Arc::new(Mutex::new(seen)))
    }
}

impl App {
    fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl AppCallback for App {
    async fn on_invoke(
        &self,
        _request: Request<InvokeRequest>,
    ) -> Result<Response<InvokeResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn list_topic_subscriptions(
        &self,
        _request: Request<()>,
    ) -> Result<Response<ListTopicSubscriptionsResponse>, Status> {
        let subscription = TopicSubscription {
            pubsub_name: "pubsub".to_owned(),
            topic: "journal".to_owned(),
            ..TopicSubscription::default()
        };
        let subscriptions = vec![subscription];
        Ok(Response::new(ListTopicSubscriptionsResponse {
            subscriptions,
        }))
    }

    async fn on_topic_event(
        &self,
        request: Request<TopicEventRequest>,
    ) -> Result<Response<TopicEventResponse>, Status> {
        let text = |name| {
            let value = request
                .metadata()
                .get(name)
                .and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let partition = text("__partition");
        let offset: u64 = text("__offset")
            .parse()
            .map_err(|_| Status::internal("no offset"))?;
        self.seen(|seen| {
            let next = seen.next_offsets.entry(partition).or_default();
            seen.in_order &= *next == offset;
            *next = offset + 1;
            seen.ids.insert(request.into_inner().id);
        });
        Ok(Response::new(TopicEventResponse::default()))
    }

    async fn list_input_bindings(
        &self,
        _request: Request<()>,
    ) -> Result<Response<ListInputBindingsResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn on_binding_event(
        &self,
        _request: Request<BindingEventRequest>,
    ) -> Result<Response<BindingEventResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn on_bulk_topic_event(
        &self,
        _request: Request<TopicEventBulkRequest>,
    ) -> Result<Response<TopicEventBulkResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn on_job_event(
        &self,
        _request: Request<JobEventRequest>,
    ) -> Result<Response<JobEventResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
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
