//! Measures the embedded sidecar: publishing, delivery and the time between the two.
//!
//! `cargo run --release -p sidecar --example throughput` prints one line a figure. Everything runs
//! in this process, on loopback, on a folder below the current one, so that its disk is measured.

use std::{
    collections::HashMap,
    io::Write as _,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use dapr::dapr::proto::{
    common::v1::{InvokeRequest, InvokeResponse},
    runtime::v1::{
        BindingEventRequest, BindingEventResponse, BulkPublishRequest, BulkPublishRequestEntry,
        BulkSubscribeConfig, HealthCheckResponse, JobEventRequest, JobEventResponse,
        ListInputBindingsResponse, ListTopicSubscriptionsResponse, PublishEventRequest,
        TopicEventBulkRequest, TopicEventBulkResponse, TopicEventBulkResponseEntry,
        TopicEventRequest, TopicEventResponse, TopicSubscription,
        app_callback_health_check_server::{AppCallbackHealthCheck, AppCallbackHealthCheckServer},
        app_callback_server::{AppCallback, AppCallbackServer},
        dapr_client::DaprClient,
    },
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use sidecar::{
    ConsumerGroup, Engine, EngineConfig, PubSubComponent, SidecarConfig, TopicConfig, start,
};
use tokio::{net::TcpListener, sync::watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{
    Request, Response, Status, async_trait,
    transport::{Channel, Endpoint, Server, server::TcpIncoming},
};

const PARTITIONS: u32 = 12;
const DATA_BYTES: usize = 600;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::TempDir::new_in(".")?;
    let mut config = EngineConfig::new(folder.path());
    for name in ["published", "single", "bulk", "latency"] {
        let retention = Duration::from_hours(1);
        config.topics.push(TopicConfig {
            name: name.to_owned(),
            partitions: PARTITIONS,
            retention,
        });
    }
    let engine = Engine::open(config).await?;
    let publisher = sidecar(&engine, "publisher", App::new(&[]).serve().await?).await?;

    for in_flight in [1, 16, 64] {
        let mut latencies = Latencies::default();
        let started = Instant::now();
        let count = 2_000 * in_flight.min(10);
        let calls = stream::iter(0..count).map(|number| publish(&publisher, "published", number));
        let mut calls = calls.buffer_unordered(in_flight);
        while let Some(latency) = calls.next().await {
            latencies.add(latency?);
        }
        report(
            &format!("publish, {in_flight} in flight"),
            count,
            started,
            Some(&mut latencies),
        )?;
    }
    for in_flight in [1, 4] {
        let mut latencies = Latencies::default();
        let started = Instant::now();
        let calls =
            stream::iter(0..300).map(|number| publish_bulk(&publisher, "published", number));
        let mut calls = calls.buffer_unordered(in_flight);
        while let Some(latency) = calls.next().await {
            latencies.add(latency?);
        }
        let name = format!("bulk publish of 100, {in_flight} in flight");
        report(&name, 30_000, started, Some(&mut latencies))?;
    }

    latency(&engine, &publisher).await?;
    backlog(&engine, &publisher, "single", None).await?;
    let bulk = BulkSubscribeConfig {
        enabled: true,
        max_messages_count: 80,
        max_await_duration_ms: 50,
    };
    backlog(&engine, &publisher, "bulk", Some(bulk)).await?;
    engine.close().await;
    Ok(())
}

/// The time from the call of `PublishEvent` to the handler.
async fn latency(engine: &Engine, publisher: &DaprClient<Channel>) -> Result<()> {
    let app = App::new(&[("latency", None)]);
    let mut received = app.received.subscribe();
    let _sidecar = sidecar(engine, "latency", app.serve().await?).await?;
    publish(publisher, "latency", 0).await?;
    received.wait_for(|count| *count == 1).await?;
    let mut latencies = Latencies::default();
    let started = Instant::now();
    for number in 1..=2_000 {
        let call = Instant::now();
        let (acknowledged, arrived) = tokio::join!(
            publish(publisher, "latency", number),
            received.wait_for(|count| *count == number + 1),
        );
        arrived?;
        latencies.add(call.elapsed());
        acknowledged?;
    }
    report(
        "publish to handler, one at a time",
        2_000,
        started,
        Some(&mut latencies),
    )
}

/// How fast a backlog goes through a handler that does nothing.
async fn backlog(
    engine: &Engine,
    publisher: &DaprClient<Channel>,
    topic: &'static str,
    bulk: Option<BulkSubscribeConfig>,
) -> Result<()> {
    let count = 50_000;
    stream::iter(0..count / 100)
        .map(|number| publish_bulk(publisher, topic, number))
        .buffer_unordered(4)
        .try_for_each(|_| std::future::ready(Ok(())))
        .await?;
    let app = App::new(&[(topic, bulk)]);
    let mut received = app.received.subscribe();
    let started = Instant::now();
    let _sidecar = sidecar(engine, topic, app.serve().await?).await?;
    received.wait_for(|received| *received == count).await?;
    report(
        &format!("delivery of a backlog, {topic}"),
        count,
        started,
        None,
    )
}

async fn publish(client: &DaprClient<Channel>, topic: &str, number: usize) -> Result<Duration> {
    let started = Instant::now();
    let request = PublishEventRequest {
        pubsub_name: "pubsub".to_owned(),
        topic: topic.to_owned(),
        data: data(),
        data_content_type: "application/json".to_owned(),
        metadata: metadata(number),
    };
    client.clone().publish_event(request).await?;
    Ok(started.elapsed())
}

async fn publish_bulk(
    client: &DaprClient<Channel>,
    topic: &str,
    number: usize,
) -> Result<Duration> {
    let started = Instant::now();
    let entries = (0..100).map(|index| BulkPublishRequestEntry {
        entry_id: index.to_string(),
        event: data(),
        content_type: "application/json".to_owned(),
        metadata: metadata(number * 100 + index),
    });
    let request = BulkPublishRequest {
        pubsub_name: "pubsub".to_owned(),
        topic: topic.to_owned(),
        entries: entries.collect(),
        metadata: HashMap::new(),
    };
    client.clone().bulk_publish_event(request).await?;
    Ok(started.elapsed())
}

fn metadata(number: usize) -> HashMap<String, String> {
    HashMap::from([
        ("partitionKey".to_owned(), format!("user-{}", number % 50)),
        ("cloudevent.id".to_owned(), format!("event-{number}")),
        ("cloudevent.type".to_owned(), "a.type".to_owned()),
    ])
}

fn data() -> Vec<u8> {
    format!(r#"{{"title":"{}"}}"#, "x".repeat(DATA_BYTES - 12)).into_bytes()
}

async fn sidecar(engine: &Engine, app_id: &str, app: SocketAddr) -> Result<DaprClient<Channel>> {
    let mut config = SidecarConfig::new(app_id, app);
    config.pubsub = vec![PubSubComponent::new("pubsub", ConsumerGroup::AppId)];
    let sidecar = start(engine.clone(), config, CancellationToken::new()).await?;
    let endpoint = Endpoint::from_shared(format!("http://{}", sidecar.local_addr()))?;
    let channel = endpoint.tcp_nodelay(true).connect().await?;
    Ok(DaprClient::new(channel))
}

#[derive(Default)]
struct Latencies(Vec<Duration>);

impl Latencies {
    fn add(&mut self, latency: Duration) {
        self.0.push(latency);
    }

    fn at(&mut self, percent: usize) -> Result<Duration> {
        self.0.sort();
        self.0
            .get(self.0.len() * percent / 100)
            .copied()
            .context("a latency")
    }
}

fn report(
    name: &str,
    count: usize,
    started: Instant,
    latencies: Option<&mut Latencies>,
) -> Result<()> {
    let elapsed = started.elapsed();
    #[expect(clippy::cast_precision_loss, reason = "a rate is a float")]
    let rate = count as f64 / elapsed.as_secs_f64();
    let mut out = std::io::stdout();
    write!(out, "{name}: {rate:.0}/s")?;
    if let Some(latencies) = latencies {
        write!(
            out,
            ", p50 {:.2?}, p99 {:.2?}",
            latencies.at(50)?,
            latencies.at(99)?
        )?;
    }
    writeln!(out)?;
    Ok(())
}

/// An app that accepts everything and counts it.
#[derive(Clone)]
struct App {
    subscriptions: Vec<TopicSubscription>,
    count: Arc<AtomicUsize>,
    received: Arc<watch::Sender<usize>>,
}

impl App {
    fn new(topics: &[(&str, Option<BulkSubscribeConfig>)]) -> Self {
        let subscription =
            |&(topic, bulk): &(&str, Option<BulkSubscribeConfig>)| TopicSubscription {
                pubsub_name: "pubsub".to_owned(),
                topic: topic.to_owned(),
                bulk_subscribe: bulk,
                ..TopicSubscription::default()
            };
        Self {
            subscriptions: topics.iter().map(subscription).collect(),
            count: Arc::default(),
            received: Arc::new(watch::Sender::new(0)),
        }
    }

    async fn serve(&self) -> Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let serving = Server::builder()
            .http2_max_header_list_size(4 << 20)
            .add_service(AppCallbackServer::new(self.clone()))
            .add_service(AppCallbackHealthCheckServer::new(self.clone()))
            .serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true)));
        // It lives as long as the process.
        TaskTracker::new().spawn(serving);
        Ok(address)
    }

    fn add(&self, count: usize) {
        let before = self.count.fetch_add(count, Ordering::SeqCst);
        self.received
            .send_modify(|received| *received = (before + count).max(*received));
    }
}

#[async_trait]
impl AppCallback for App {
    async fn on_invoke(
        &self,
        _request: Request<InvokeRequest>,
    ) -> Result<Response<InvokeResponse>, Status> {
        Err(Status::unimplemented("not measured"))
    }

    async fn list_topic_subscriptions(
        &self,
        _request: Request<()>,
    ) -> Result<Response<ListTopicSubscriptionsResponse>, Status> {
        let subscriptions = self.subscriptions.clone();
        Ok(Response::new(ListTopicSubscriptionsResponse {
            subscriptions,
        }))
    }

    async fn on_topic_event(
        &self,
        _request: Request<TopicEventRequest>,
    ) -> Result<Response<TopicEventResponse>, Status> {
        self.add(1);
        Ok(Response::new(TopicEventResponse::default()))
    }

    async fn list_input_bindings(
        &self,
        _request: Request<()>,
    ) -> Result<Response<ListInputBindingsResponse>, Status> {
        Err(Status::unimplemented("not measured"))
    }

    async fn on_binding_event(
        &self,
        _request: Request<BindingEventRequest>,
    ) -> Result<Response<BindingEventResponse>, Status> {
        Err(Status::unimplemented("not measured"))
    }

    async fn on_bulk_topic_event(
        &self,
        request: Request<TopicEventBulkRequest>,
    ) -> Result<Response<TopicEventBulkResponse>, Status> {
        let entries = request.into_inner().entries;
        self.add(entries.len());
        let statuses = entries
            .into_iter()
            .map(|entry| TopicEventBulkResponseEntry {
                entry_id: entry.entry_id,
                status: 0,
            });
        Ok(Response::new(TopicEventBulkResponse {
            statuses: statuses.collect(),
        }))
    }

    async fn on_job_event(
        &self,
        _request: Request<JobEventRequest>,
    ) -> Result<Response<JobEventResponse>, Status> {
        Err(Status::unimplemented("not measured"))
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
