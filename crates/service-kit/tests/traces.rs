//! One trace from the request over the outbox and the `CloudEvent` to the handler, sent by OTLP. In a
//! process of its own, since a process has one place that traces go to.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

#[path = "wire/fake_sidecar.rs"]
#[expect(dead_code, reason = "this test needs little of it")]
mod fake_sidecar;
#[path = "wire/samples.rs"]
#[expect(dead_code, reason = "this test needs little of it")]
mod samples;
#[path = "wire/world.rs"]
#[expect(dead_code, reason = "this test needs little of it")]
mod world;

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    task::{Context as TaskContext, Poll},
};

use async_trait::async_trait;
use axum::{Router, extract::Extension, extract::State, routing::post};
use domain::{AppId, Task, Topic};
use futures::future::BoxFuture;
use http_body_util::BodyExt as _;
use prost_types::{Struct, Value, value::Kind};
use service_kit::{
    Context, Handle, HandleError, Kit, Received, Service, TaskCompleted, UnitOfWork,
    telemetry::Telemetry,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tonic::{body::Body, server::NamedService, transport::Server};

use crate::world::{SUCCESS, World, config, delivery, eventually};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// Takes traces and keeps their bytes.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<u8>>>);

impl NamedService for Collector {
    const NAME: &'static str = "opentelemetry.proto.collector.trace.v1.TraceService";
}

impl tower::Service<http::Request<Body>> for Collector {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _context: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let kept = Arc::clone(&self.0);
        Box::pin(async move {
            let body = request.into_body().collect().await.unwrap().to_bytes();
            kept.lock().unwrap().extend_from_slice(&body);
            let trailers = http::HeaderMap::from_iter([(
                http::HeaderName::from_static("grpc-status"),
                http::HeaderValue::from_static("0"),
            )]);
            // One empty message, which says that everything was taken.
            let answer = http_body_util::Full::from(&[0; 5][..])
                .with_trailers(async { Some(Ok::<_, Infallible>(trailers)) });
            let response = http::Response::builder().header("content-type", "application/grpc");
            Ok(response.body(Body::new(answer)).unwrap())
        })
    }
}

impl Collector {
    /// Whether a span of this name came, and all of the same trace.
    fn has(&self, name: &str) -> bool {
        let bytes = self.0.lock().unwrap();
        bytes
            .windows(name.len())
            .any(|window| window == name.as_bytes())
    }

    fn has_trace(&self, trace: &[u8]) -> bool {
        self.0
            .lock()
            .unwrap()
            .windows(trace.len())
            .any(|window| window == trace)
    }
}

/// Publishes what a request asks for.
async fn publish(State(kit): State<Kit>, Extension(context): Extension<Context>) {
    let mut work = kit.begin(&context).await.unwrap();
    work.publish(samples::payload(
        Topic::TaskCompleted,
        samples::task("alice", "buy milk"),
    ));
    work.commit().await.unwrap();
}

/// Keeps the trace contexts in which it was called.
#[derive(Clone, Default)]
struct Traced(Arc<Mutex<Vec<String>>>);

#[async_trait]
impl Handle<TaskCompleted> for Traced {
    async fn handle(
        &self,
        _task: &Task,
        _received: &Received<'_>,
        work: &mut UnitOfWork,
    ) -> Result<(), HandleError> {
        self.0
            .lock()
            .unwrap()
            .push(work.context().traceparent.clone().unwrap_or_default());
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(
    clippy::disallowed_methods,
    reason = "the collector ends with the test"
)]
async fn a_trace_goes_from_the_request_to_the_handler() {
    let collector = Collector::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = config();
    config.telemetry.otlp_endpoint = Some(format!("http://{}", listener.local_addr().unwrap()));
    let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
    let service = collector.clone();
    tokio::spawn(
        Server::builder()
            .add_service(service)
            .serve_with_incoming(incoming),
    );
    let telemetry = Telemetry::start(&config.telemetry, "recurring-service").unwrap();

    let traced = Traced::default();
    let handler = traced.clone();
    let world = World::with_config(AppId::RecurringService, config, |kit| {
        let routes = Router::new()
            .route("/api/publish", post(publish))
            .with_state(kit.clone());
        Service::new(AppId::RecurringService)
            .subscribe(TaskCompleted, handler)
            .http(routes)
    })
    .await;
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let request = format!(
        "POST /api/publish HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-length: 0\r\nauthorization: Bearer {}\r\n\
         traceparent: 00-{TRACE}-b7ad6b7169203331-01\r\n\r\n",
        world.token("alice")
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    eventually("the event is out", async || {
        world.sidecar.published().len() == 1
    })
    .await;
    let [published] = world.sidecar.published().try_into().unwrap();
    let traceparent = published.metadata["cloudevent.traceparent"].clone();
    assert!(
        traceparent.starts_with(&format!("00-{TRACE}-")),
        "{traceparent}"
    );
    assert!(
        !traceparent.contains("b7ad6b7169203331"),
        "the request's own span is the parent now"
    );

    let json = serde_json::to_vec(&published.data).unwrap();
    let event = proto::event::decode(Topic::TaskCompleted, &json).unwrap();
    let text = Value {
        kind: Some(Kind::StringValue(traceparent.clone())),
    };
    let mut request = delivery(&event);
    request.extensions = Some(Struct {
        fields: [("traceparent".to_owned(), text)].into(),
    });
    assert_eq!(world.deliver(request).await, SUCCESS);
    let [in_handler] = traced.0.lock().unwrap().clone().try_into().unwrap();
    assert!(
        in_handler.starts_with(&format!("00-{TRACE}-")),
        "{in_handler}"
    );
    assert_ne!(in_handler, traceparent, "the handler has a span of its own");

    tokio::task::spawn_blocking(|| telemetry.flush())
        .await
        .unwrap();
    let trace: Vec<u8> = (0..16)
        .map(|index| u8::from_str_radix(&TRACE[2 * index..2 * index + 2], 16).unwrap())
        .collect();
    assert!(
        collector.has("request") && collector.has("event"),
        "both spans were sent"
    );
    assert!(collector.has_trace(&trace));
}
