use std::sync::Arc;

use domain::{Actor, AppId, Event, UserId};
use jiff::Timestamp;
use proto::event::EventHeader;
use secrecy::SecretString;
use store::{OutboxEntry, SHARDS};

use super::{Database, ManualClock, TestDatabase};
use crate::{
    clock::{Clock as _, SharedClock},
    config::{Config, Reader, Sources},
    context::Context,
    ids::Ids,
    kit::{Kit, Parts},
    lifecycle::Lifecycle,
    outbox::OutboxSignal,
    resources::Resources,
    seal::Seal,
    sidecar_client::SidecarClient,
};

/// The moment at which every test begins, unless it turns the clock.
const START: &str = "2026-03-02T09:00:00Z";

/// A port on which nobody listens: the sidecar's own may be another program's on this machine.
const NOBODYS_PORT: u16 = 1;

/// A kit for a test: a fresh database, a clock that stands still, ids that repeat from run to run,
/// and no sidecar.
#[derive(Debug)]
pub struct TestKit {
    /// The kit.
    pub kit: Kit,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    database: TestDatabase,
}

impl TestKit {
    /// A kit of this service on a fresh database.
    pub async fn start(app: AppId, database: Database) -> Self {
        let database = TestDatabase::create(database).await;
        let clock = Arc::new(ManualClock::at(START.parse().expect("a moment")));
        let kit = kit(
            app,
            Arc::<ManualClock>::clone(&clock),
            database.open().await,
        );
        Self {
            kit,
            clock,
            database,
        }
    }

    /// The kit of another replica or service on the same database, with the same clock.
    pub async fn another(&self, app: AppId) -> Kit {
        kit(
            app,
            Arc::<ManualClock>::clone(&self.clock),
            self.database.open().await,
        )
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The context of a request of this user.
    pub fn context(&self, user: &str) -> Context {
        let user = UserId::parse(user).expect("a user id");
        Context {
            actor: Actor::user(&user, None),
            correlation_id: self.kit.ids().correlation_id(),
            traceparent: None,
            deadline: None,
            token_expires_at: None,
            user,
        }
    }

    /// What this service has published and no relay has taken away, in the order of its commits, as
    /// it goes over the wire.
    pub async fn published(&self, source: AppId) -> Vec<Event> {
        let shards: Vec<u8> = (0..SHARDS).collect();
        let read = self.kit.read().await.expect("the test's database answers");
        let rows = read
            .outbox_fetch(source, &shards, u32::MAX >> 1)
            .await
            .expect("the outbox can be read");
        rows.iter()
            .map(|row| event(row.sequence, &row.entry))
            .collect()
    }

    /// A request of this user, as it reaches a method.
    pub fn request<T>(&self, user: &str, message: T) -> tonic::Request<T> {
        let mut request = tonic::Request::new(message);
        request.extensions_mut().insert(self.context(user));
        request
    }
}

fn event(sequence: i64, entry: &OutboxEntry) -> Event {
    let header = EventHeader {
        event_id: entry.event_id,
        timestamp: entry.occurred_at,
        topic: entry.topic,
        user_id: &entry.user_id,
        correlation_id: &entry.correlation_id,
        sequence,
        source: entry.source,
        actor: &entry.actor_json,
    };
    let message = proto::event::envelope_json(&header, &entry.data);
    proto::event::decode(entry.topic, &message).expect("what was written can be read")
}

fn kit(app: AppId, clock: SharedClock, store: store::Store) -> Kit {
    let mut config = Config::read(&mut Reader::new(Sources::default()));
    config.sidecar.grpc_port = NOBODYS_PORT;
    config.auth.local = true;
    let seal = Seal::new(
        &SecretString::from("a secret of the tests, long enough"),
        None,
    );
    Kit::new(Parts {
        app,
        sidecar: SidecarClient::new(&config.sidecar).expect("the default address is one"),
        config,
        ids: Ids::new(Arc::clone(&clock)),
        clock,
        resources: Resources::ready(store, seal),
        lifecycle: Lifecycle::new(),
        signal: OutboxSignal::default(),
    })
}
