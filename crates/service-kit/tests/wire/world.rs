//! A running service and everything around it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use dapr::dapr::proto::runtime::v1::{
    TopicEventBulkRequestEntry, TopicEventCeRequest, TopicEventRequest, TopicEventResponse,
    app_callback_client::AppCallbackClient, topic_event_bulk_request_entry::Event as Content,
};
use domain::{AppId, Event, Payload, Topic};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::SecretString;
use serde_json::json;
use service_kit::{
    Context, Health, Ids, Kit, Lifecycle, OutboxSignal, Parts, Resources, Seal, Server, Service,
    SidecarClient,
    config::{Config, IssuerConfig, IssuerKeys, Reader, Sources, TokenAlgorithm},
    testing::{Database, ManualClock, TestDatabase},
};
use store::{DeadLetter, OutboxRow, SHARDS, Store};
use tokio::net::TcpListener;
use tonic::{Request, Status, transport::Channel};

use crate::{fake_sidecar::FakeSidecar, samples};

/// What the sidecar sends to prove that it is the sidecar.
pub const APP_TOKEN: &str = "the sidecar's own token";

const JWT_SECRET: &str = "a secret that is shared with an issuer";

/// How long a condition may take to come true.
const PATIENCE: Duration = Duration::from_mins(2);

/// A service on its port, beside a fake sidecar, on a SQLite file.
pub struct World {
    pub kit: Kit,
    pub sidecar: FakeSidecar,
    pub address: SocketAddr,
    pub health: Health,
    pub clock: Arc<ManualClock>,
    pub database: Arc<TestDatabase>,
}

/// A configuration for tests: short pauses, and silence from what the test is not about.
pub fn config() -> Config {
    let mut config = Config::read(&mut Reader::new(Sources::default()));
    config.sidecar.app_api_token = Some(SecretString::from(APP_TOKEN));
    config.auth.issuers = vec![IssuerConfig {
        issuer: None,
        audience: None,
        algorithm: TokenAlgorithm::Hs256,
        keys: IssuerKeys::Secret(SecretString::from(JWT_SECRET)),
    }];
    config.outbox.poll = Duration::from_millis(20);
    config.outbox.backoff = Duration::from_millis(5);
    config.outbox.max_backoff = Duration::from_millis(40);
    config.canary.interval = Duration::from_hours(1);
    config
}

impl World {
    /// A service with everything it needs.
    pub async fn start(app: AppId, service: impl FnOnce(&Kit) -> Service) -> Self {
        Self::with_config(app, config(), service).await
    }

    /// The same, otherwise configured.
    pub async fn with_config(
        app: AppId,
        config: Config,
        service: impl FnOnce(&Kit) -> Service,
    ) -> Self {
        Self::on(Database::Sqlite, app, config, service).await
    }

    /// The same, on another database.
    pub async fn on(
        database: Database,
        app: AppId,
        config: Config,
        service: impl FnOnce(&Kit) -> Service,
    ) -> Self {
        let database = Arc::new(TestDatabase::create(database).await);
        let resources = Resources::ready(database.open().await, seal());
        let sidecar = FakeSidecar::start().await;
        Self::assemble(app, config, service, database, resources, sidecar).await
    }

    /// A service that has not found its database and secrets yet.
    pub async fn unready(app: AppId, service: impl FnOnce(&Kit) -> Service) -> Self {
        let database = Arc::new(TestDatabase::create(Database::Sqlite).await);
        let sidecar = FakeSidecar::start().await;
        Self::assemble(app, config(), service, database, Resources::new(), sidecar).await
    }

    /// Another replica: same database, same sidecar's memory, its own port and relay.
    pub async fn replica(&self, service: impl FnOnce(&Kit) -> Service) -> Self {
        let resources = Resources::ready(self.database.open().await, seal());
        let (app, config) = (self.kit.app(), self.kit.config().clone());
        let (database, sidecar) = (Arc::clone(&self.database), self.sidecar.clone());
        Self::assemble(app, config, service, database, resources, sidecar).await
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the service ends with the test's runtime"
    )]
    async fn assemble(
        app: AppId,
        mut config: Config,
        service: impl FnOnce(&Kit) -> Service,
        database: Arc<TestDatabase>,
        resources: Resources,
        sidecar: FakeSidecar,
    ) -> Self {
        config.sidecar.host = sidecar.address().ip().to_string();
        config.sidecar.grpc_port = sidecar.address().port();
        let clock = Arc::new(ManualClock::at(samples::now()));
        let shared: Arc<dyn service_kit::Clock> = Arc::<ManualClock>::clone(&clock);
        let kit = Kit::new(Parts {
            app,
            sidecar: SidecarClient::new(&config.sidecar).unwrap(),
            config,
            ids: Ids::new(Arc::clone(&shared)),
            clock: shared,
            resources,
            lifecycle: Lifecycle::new(),
            signal: OutboxSignal::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::new(service(&kit), kit.clone());
        let health = server.health();
        tokio::spawn(server.serve(listener));
        Self {
            kit,
            sidecar,
            address,
            health,
            clock,
            database,
        }
    }

    pub fn store(&self) -> Store {
        self.kit.store().unwrap()
    }

    /// Commits events of these users, each in a transaction of its own.
    pub async fn publish(&self, events: &[(&str, Topic)]) {
        for (owner, topic) in events {
            self.publish_payload(
                owner,
                samples::payload(*topic, samples::task(owner, "buy milk")),
            )
            .await;
        }
    }

    pub async fn publish_payload(&self, owner: &str, payload: Payload) {
        let mut work = self.kit.begin(&self.context(owner)).await.unwrap();
        work.publish(payload);
        work.commit().await.unwrap();
    }

    /// The context of a request of a user.
    pub fn context(&self, owner: &str) -> Context {
        let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let context = self.kit.own_context(samples::user(owner));
        Context {
            traceparent: Some(traceparent.to_owned()),
            ..context
        }
    }

    /// What waits in the outbox, parked rows left out.
    pub async fn outbox(&self) -> Vec<OutboxRow> {
        let shards: Vec<u8> = (0..SHARDS).collect();
        let tx = self.store().read().await.unwrap();
        tx.outbox_fetch(self.kit.app(), &shards, 100_000)
            .await
            .unwrap()
    }

    pub async fn dead_letters(&self) -> Vec<DeadLetter> {
        let tx = self.store().read().await.unwrap();
        tx.dead_letter_list(Some(self.kit.app()), None, 1000)
            .await
            .unwrap()
    }

    /// A client of the callbacks without a token.
    pub async fn callback(&self) -> AppCallbackClient<Channel> {
        let channel = self.channel().await;
        AppCallbackClient::new(channel).max_encoding_message_size(64 << 20)
    }

    pub async fn channel(&self) -> Channel {
        let endpoint = Channel::from_shared(format!("http://{}", self.address)).unwrap();
        endpoint
            .http2_max_header_list_size(4 << 20)
            .connect()
            .await
            .unwrap()
    }

    /// Delivers as the sidecar does, and says what the answer was.
    pub async fn deliver(&self, event: TopicEventRequest) -> i32 {
        let answer = self
            .callback()
            .await
            .on_topic_event(as_sidecar(event))
            .await;
        let TopicEventResponse { status } = answer.unwrap().into_inner();
        status
    }

    /// A token of a user.
    pub fn token(&self, owner: &str) -> String {
        service_kit::auth::install_cryptography();
        let expires_at = self.kit.now().as_second() + 3600;
        let claims = json!({"sub": owner, "exp": expires_at, "jti": "token-1"});
        let key = EncodingKey::from_secret(JWT_SECRET.as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap()
    }
}

/// SUCCESS, RETRY and DROP on the wire.
pub const SUCCESS: i32 = 0;
pub const RETRY: i32 = 1;
pub const DROP: i32 = 2;

fn seal() -> Seal {
    Seal::new(
        &SecretString::from("a secret of the tests, long enough"),
        None,
    )
}

/// A request with the sidecar's token.
pub fn as_sidecar<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request
        .metadata_mut()
        .insert("dapr-api-token", APP_TOKEN.parse().unwrap());
    request
}

/// An event as `OnTopicEvent` brings it.
pub fn delivery(event: &Event) -> TopicEventRequest {
    let topic = event.payload.topic();
    TopicEventRequest {
        id: event.id.to_string(),
        source: event.source.to_string(),
        r#type: topic.event_type().to_owned(),
        spec_version: "1.0".to_owned(),
        data_content_type: "application/json".to_owned(),
        data: proto::event::event_json(event),
        topic: topic.name().to_owned(),
        pubsub_name: "pubsub".to_owned(),
        ..TopicEventRequest::default()
    }
}

/// An event as an entry of `OnBulkTopicEvent`.
pub fn bulk_entry(entry_id: &str, event: &Event) -> TopicEventBulkRequestEntry {
    let single = delivery(event);
    let content = TopicEventCeRequest {
        id: single.id,
        source: single.source,
        r#type: single.r#type,
        spec_version: single.spec_version,
        data_content_type: single.data_content_type,
        data: single.data,
        extensions: None,
    };
    TopicEventBulkRequestEntry {
        entry_id: entry_id.to_owned(),
        content_type: String::new(),
        metadata: [("partitionKey".to_owned(), event.user_id.to_string())].into(),
        event: Some(Content::CloudEvent(content)),
    }
}

/// Waits until a condition holds.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let is_in_time = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
    assert!(is_in_time, "{what}: not within {PATIENCE:?}");
}

/// A user's own words for a failure.
pub fn internal(message: &str) -> Status {
    Status::internal(message)
}
