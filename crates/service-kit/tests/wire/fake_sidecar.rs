//! A sidecar that keeps what it is given and fails as it is told.

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use dapr::dapr::proto::{
    common::v1::StateItem,
    runtime::v1::{
        BulkPublishRequest, BulkPublishResponse, BulkStateItem, GetBulkStateRequest,
        GetBulkStateResponse, GetMetadataRequest, GetMetadataResponse, GetSecretRequest,
        GetSecretResponse, GetStateRequest, GetStateResponse, PublishEventRequest,
        PubsubSubscription, SaveStateRequest, ShutdownRequest,
    },
};
use tokio::{net::TcpListener, task::JoinHandle};
use tonic::{Request, Response, Status, body::Body, server::NamedService, transport::Server};
use tonic_prost::ProstCodec;

/// One event as it was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub topic: String,
    /// Which publishing call it came with.
    pub call: usize,
    pub metadata: HashMap<String, String>,
    pub data: serde_json::Value,
}

type Refuse = Box<dyn Fn(&BulkPublishRequest) -> Result<(), Status> + Send + Sync>;

/// Of a topic and a partition key.
type IsAway = Box<dyn Fn(&str, &str) -> bool + Send + Sync>;

/// The sidecar. Clones are the same one.
#[derive(Clone)]
pub struct FakeSidecar(Arc<Memory>);

#[derive(Default)]
struct Memory {
    address: Mutex<Option<SocketAddr>>,
    published: Mutex<Vec<Published>>,
    calls: AtomicUsize,
    canaries: AtomicUsize,
    refuse: Mutex<Option<Refuse>>,
    canaries_fail: AtomicBool,
    is_away: Mutex<Option<IsAway>>,
    canaries_refused: AtomicUsize,
    hangs: AtomicBool,
    items: Mutex<BTreeMap<String, StateItem>>,
    items_are_away: AtomicBool,
    secrets: Mutex<HashMap<String, HashMap<String, String>>>,
    secrets_asked: AtomicUsize,
    subscriptions: Mutex<Vec<(String, String)>>,
    shutdowns: AtomicUsize,
    server: Mutex<Option<JoinHandle<()>>>,
}

impl FakeSidecar {
    #[expect(clippy::disallowed_methods, reason = "the server ends with the test")]
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sidecar = Self(Arc::default());
        *sidecar.0.address.lock().unwrap() = Some(listener.local_addr().unwrap());
        let service = sidecar.clone();
        let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
        let server = tokio::spawn(async move {
            let server = Server::builder().add_service(service);
            server.serve_with_incoming(incoming).await.unwrap();
        });
        *sidecar.0.server.lock().unwrap() = Some(server);
        sidecar
    }

    pub fn address(&self) -> SocketAddr {
        self.0.address.lock().unwrap().unwrap()
    }

    /// What was published and accepted, canaries left out, in the order of the calls.
    pub fn published(&self) -> Vec<Published> {
        self.0.published.lock().unwrap().clone()
    }

    /// How many publishing calls came, refused ones included.
    pub fn calls(&self) -> usize {
        self.0.calls.load(Ordering::SeqCst)
    }

    /// How many canaries were refused.
    pub fn canaries_refused(&self) -> usize {
        self.0.canaries_refused.load(Ordering::SeqCst)
    }

    /// How often a secret was asked for.
    pub fn secrets_asked(&self) -> usize {
        self.0.secrets_asked.load(Ordering::SeqCst)
    }

    /// How many canaries were accepted.
    pub fn canaries(&self) -> usize {
        self.0.canaries.load(Ordering::SeqCst)
    }

    /// Decides from now on which publishing calls fail.
    pub fn refuse(
        &self,
        refuse: impl Fn(&BulkPublishRequest) -> Result<(), Status> + Send + Sync + 'static,
    ) {
        *self.0.refuse.lock().unwrap() = Some(Box::new(refuse));
    }

    /// From now on nothing gets into the partitions that these partition keys of a topic are of.
    pub fn take_away(&self, is_away: impl Fn(&str, &str) -> bool + Send + Sync + 'static) {
        *self.0.is_away.lock().unwrap() = Some(Box::new(is_away));
    }

    pub fn accept_all(&self) {
        *self.0.refuse.lock().unwrap() = None;
        *self.0.is_away.lock().unwrap() = None;
        self.set_canaries_fail(false);
    }

    pub fn set_canaries_fail(&self, fail: bool) {
        self.0.canaries_fail.store(fail, Ordering::SeqCst);
    }

    /// From now on no publishing call is answered.
    pub fn hang(&self) {
        self.0.hangs.store(true, Ordering::SeqCst);
    }

    pub fn set_state_down(&self, is_down: bool) {
        self.0.items_are_away.store(is_down, Ordering::SeqCst);
    }

    /// The state items by key.
    pub fn state(&self) -> BTreeMap<String, StateItem> {
        self.0.items.lock().unwrap().clone()
    }

    /// What the secret store has from now on, as a secret of that name alone.
    pub fn set_secret(&self, name: &str, value: &str) {
        self.set_secret_of(name, name, value);
    }

    /// A value that a secret has from now on, beside its others.
    pub fn set_secret_of(&self, secret: &str, name: &str, value: &str) {
        let mut secrets = self.0.secrets.lock().unwrap();
        let values = secrets.entry(secret.to_owned()).or_default();
        values.insert(name.to_owned(), value.to_owned());
    }

    pub fn set_subscriptions(&self, subscriptions: Vec<(String, String)>) {
        *self.0.subscriptions.lock().unwrap() = subscriptions;
    }

    pub fn shutdowns(&self) -> usize {
        self.0.shutdowns.load(Ordering::SeqCst)
    }

    /// Ends without a word, as a sidecar that was killed.
    pub fn kill(&self) {
        if let Some(server) = self.0.server.lock().unwrap().take() {
            server.abort();
        }
    }

    fn publish(&self, request: &PublishEventRequest) -> Result<(), Status> {
        assert_eq!(
            request.metadata["cloudevent.type"], "errand.canary",
            "only canaries go out singly"
        );
        let key = &request.metadata["partitionKey"];
        if self.0.canaries_fail.load(Ordering::SeqCst) || self.is_away(&request.topic, key) {
            self.0.canaries_refused.fetch_add(1, Ordering::SeqCst);
            return Err(Status::internal("the broker is away"));
        }
        self.0.canaries.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn bulk_publish(&self, request: BulkPublishRequest) -> Result<BulkPublishResponse, Status> {
        let call = self.0.calls.fetch_add(1, Ordering::SeqCst);
        assert!(
            request.metadata.is_empty(),
            "metadata of a call would win over that of entries"
        );
        if let Some(refuse) = &*self.0.refuse.lock().unwrap() {
            refuse(&request)?;
        }
        let mut entries = request.entries.iter();
        if entries.any(|entry| self.is_away(&request.topic, &entry.metadata["partitionKey"])) {
            return Err(Status::internal("kafka: Failed to deliver 1 messages."));
        }
        let published = request.entries.into_iter().map(|entry| Published {
            topic: request.topic.clone(),
            call,
            metadata: entry.metadata,
            data: serde_json::from_slice(&entry.event).unwrap(),
        });
        self.0.published.lock().unwrap().extend(published);
        Ok(BulkPublishResponse::default())
    }

    fn is_away(&self, topic: &str, key: &str) -> bool {
        let is_away = self.0.is_away.lock().unwrap();
        is_away.as_ref().is_some_and(|is_away| is_away(topic, key))
    }

    fn check_state(&self) -> Result<(), Status> {
        if self.0.items_are_away.load(Ordering::SeqCst) {
            return Err(Status::internal("the state store is away"));
        }
        Ok(())
    }

    fn get_state(&self, request: &GetStateRequest) -> Result<GetStateResponse, Status> {
        self.check_state()?;
        let data = self
            .0
            .items
            .lock()
            .unwrap()
            .get(&request.key)
            .map(|item| item.value.clone());
        Ok(GetStateResponse {
            data: data.unwrap_or_default(),
            ..GetStateResponse::default()
        })
    }

    fn get_bulk_state(&self, request: GetBulkStateRequest) -> Result<GetBulkStateResponse, Status> {
        self.check_state()?;
        let state = self.0.items.lock().unwrap();
        let items = request.keys.into_iter().map(|key| BulkStateItem {
            data: state
                .get(&key)
                .map(|item| item.value.clone())
                .unwrap_or_default(),
            key,
            ..BulkStateItem::default()
        });
        Ok(GetBulkStateResponse {
            items: items.collect(),
        })
    }

    fn save_state(&self, request: SaveStateRequest) -> Result<(), Status> {
        self.check_state()?;
        let items = request
            .states
            .into_iter()
            .map(|item| (item.key.clone(), item));
        self.0.items.lock().unwrap().extend(items);
        Ok(())
    }

    fn secret(&self, request: &GetSecretRequest) -> Result<GetSecretResponse, Status> {
        let data = self.0.secrets.lock().unwrap().get(&request.key).cloned();
        self.0.secrets_asked.fetch_add(1, Ordering::SeqCst);
        let data = data.ok_or_else(|| Status::internal("no such secret"))?;
        Ok(GetSecretResponse { data })
    }

    fn metadata(&self) -> GetMetadataResponse {
        let subscriptions = self.0.subscriptions.lock().unwrap().clone();
        let subscriptions =
            subscriptions
                .into_iter()
                .map(|(pubsub_name, topic)| PubsubSubscription {
                    pubsub_name,
                    topic,
                    ..PubsubSubscription::default()
                });
        GetMetadataResponse {
            subscriptions: subscriptions.collect(),
            ..GetMetadataResponse::default()
        }
    }
}

impl NamedService for FakeSidecar {
    const NAME: &'static str = "dapr.proto.runtime.v1.Dapr";
}

impl tower::Service<http::Request<Body>> for FakeSidecar {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let sidecar = self.clone();
        let method = request.uri().path().rsplit('/').next().unwrap().to_owned();
        Box::pin(async move {
            if method == "BulkPublishEvent" && sidecar.0.hangs.load(Ordering::SeqCst) {
                sidecar.0.calls.fetch_add(1, Ordering::SeqCst);
                return std::future::pending().await;
            }
            Ok(match method.as_str() {
                "PublishEvent" => unary(request, move |request| sidecar.publish(&request)).await,
                "BulkPublishEvent" => {
                    unary(request, move |request| sidecar.bulk_publish(request)).await
                }
                "GetState" => unary(request, move |request| sidecar.get_state(&request)).await,
                "GetBulkState" => {
                    unary(request, move |request| sidecar.get_bulk_state(request)).await
                }
                "SaveState" => unary(request, move |request| sidecar.save_state(request)).await,
                "GetSecret" => unary(request, move |request| sidecar.secret(&request)).await,
                "GetMetadata" => {
                    unary(request, move |_: GetMetadataRequest| Ok(sidecar.metadata())).await
                }
                "Shutdown" => {
                    unary(request, move |_: ShutdownRequest| {
                        sidecar.0.shutdowns.fetch_add(1, Ordering::SeqCst);
                        Ok(())
                    })
                    .await
                }
                _ => Status::unimplemented(method).into_http(),
            })
        })
    }
}

async fn unary<Q, A, F>(request: http::Request<Body>, answer: F) -> http::Response<Body>
where
    Q: prost::Message + Default + Send + 'static,
    A: prost::Message + Default + Send + Sync + 'static,
    F: FnOnce(Q) -> Result<A, Status> + Clone + Send + Sync + 'static,
{
    let service = tower::service_fn(move |request: Request<Q>| {
        let answer = answer.clone();
        async move { answer(request.into_inner()).map(Response::new) }
    });
    let codec = ProstCodec::<A, Q>::default();
    tonic::server::Grpc::new(codec)
        .max_decoding_message_size(64 << 20)
        .unary(service, request)
        .await
}
