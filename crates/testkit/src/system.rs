//! The whole system.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use domain::{AppId, UserId};
use errand::{secret, settings::Settings, sidecars};
use jiff::{SignedDuration, Timestamp};
use service_kit::{
    Clock as _, Kit, Seal,
    testing::{Database, ManualClock, TestDatabase},
};
use sidecar::{Clock, Engine, EngineConfig};
use store::{DeadLetter, OutboxDepth, Store};
use tempfile::TempDir;

use crate::{
    address_book::AddressBook,
    call::Call,
    disturbance::{Disturbance, Disturbances, Disturbed},
    eventually::eventually,
    log_lines,
    plan::Plan,
    replica::{Replica, Replicas, Surroundings},
    user::User,
    wire::forward,
};

/// How often the engine applies retention.
const PURGE: Duration = Duration::from_millis(100);

/// Five services, their sidecars and one engine. Ends with [`System::finish`].
pub struct System {
    around: Surroundings,
    replicas: Replicas,
    /// The test's own view of the database.
    store: Store,
    dead_letters_expected: bool,
    is_finished: bool,
    _engine_folder: TempDir,
}

impl System {
    pub(crate) async fn start(plan: Plan) -> Self {
        log_lines::install();
        let clock = Arc::new(ManualClock::at(plan.start));
        let folder = tempfile::tempdir().expect("a folder for the engine");
        let machine_clock = Arc::clone(&clock);
        let engine = Engine::open(EngineConfig {
            clock: Clock::new(move || SystemTime::from(machine_clock.now())),
            purge_interval: PURGE,
            ..sidecars::engine(folder.path(), &plan.settings.realtime)
        });
        let (engine, database) =
            tokio::join!(engine, Box::pin(TestDatabase::create(plan.database)));
        let secret = || secret::random().expect("the operating system has entropy");
        let store = database.open().await;
        let around = Surroundings {
            shared_store: (plan.database == Database::Sqlite).then(|| store.clone()),
            database,
            settings: plan.settings,
            engine: engine.expect("the engine opens"),
            tokens: sidecars::Tokens {
                api: secret(),
                app_api: secret(),
            },
            seal: Seal::new(&secret(), None),
            clock,
            addresses: AddressBook::default(),
            disturbances: Disturbances::default(),
        };
        let mut system = Self {
            around,
            replicas: BTreeMap::new(),
            store,
            dead_letters_expected: false,
            is_finished: false,
            _engine_folder: folder,
        };
        for (app, count) in plan.replicas {
            for number in 0..count {
                system.launch(app, number).await;
            }
        }
        futures::future::join_all(system.replicas.values().map(Replica::ready)).await;
        system
    }

    /// The clock.
    pub fn clock(&self) -> &ManualClock {
        &self.around.clock
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        self.around.clock.now()
    }

    /// Turns the clock on.
    pub fn turn(&self, by: SignedDuration) {
        self.around.clock.advance(by);
    }

    /// A user with good tokens, who need not have been here before.
    pub fn user(&self, name: &str) -> User {
        User::new(
            UserId::parse(name).expect("a user id"),
            self.around.seal.clone(),
            Arc::clone(&self.around.clock),
            self.around.addresses.clone(),
        )
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Changes the database behind everybody's back. Errand's tables are in `errand.` on PostgreSQL,
    /// and that is taken away on SQLite.
    pub async fn execute(&self, sql: &str) {
        self.around.database.execute(sql).await;
    }

    /// What a replica was given.
    pub fn kit(&self, app: AppId, replica: usize) -> &Kit {
        let replica = self.replicas.get(&(app, replica));
        replica.expect("the replica runs").kit()
    }

    /// What is configured.
    pub fn settings(&self) -> &Settings {
        &self.around.settings
    }

    /// The keys of page tokens, cursors and local tokens.
    pub fn seal(&self) -> &Seal {
        &self.around.seal
    }

    /// The tokens between services and sidecars.
    pub fn tokens(&self) -> &sidecars::Tokens {
        &self.around.tokens
    }

    /// Where a replica answers.
    pub fn address(&self, app: AppId, replica: usize) -> SocketAddr {
        self.around.addresses.address(app, replica)
    }

    /// Disturbs the next `times` calls between services and sidecars that match.
    pub fn disturb(
        &self,
        times: usize,
        disturbance: Disturbance,
        matches: impl Fn(&Call) -> bool + Send + Sync + 'static,
    ) -> Disturbed {
        self.around.disturbances.add(times, disturbance, matches)
    }

    /// The events that have been delivered to a service so far, in the order of their arrival.
    pub fn deliveries(&self, app: AppId) -> Vec<Arc<Call>> {
        let mut deliveries = self.around.disturbances.deliveries();
        deliveries.retain(|call| call.app == app);
        deliveries
    }

    /// From now on the deliveries there were are not among [`System::deliveries`].
    pub fn forget_deliveries(&self) {
        self.around.disturbances.forget_deliveries();
    }

    /// Delivers an event once more to the first replica, as it was delivered before, and returns
    /// once that has answered.
    pub async fn redeliver(&self, call: &Call) {
        let channel = self.around.addresses.channel(call.app, 0);
        let answer = forward(call, channel).await;
        let status = tonic::Status::from_header_map(answer.headers());
        assert!(
            status.is_none_or(|status| status.code() == tonic::Code::Ok),
            "{} could not be redelivered: {:?}",
            call.method,
            answer.headers()
        );
    }

    /// Starts a replica, anew if it was stopped or killed, and returns once it is ready.
    pub async fn start_replica(&mut self, app: AppId, number: usize) {
        self.launch(app, number).await;
        self.replicas[&(app, number)].ready().await;
    }

    /// Ends a replica and its sidecar as SIGTERM does.
    pub async fn stop_replica(&mut self, app: AppId, number: usize) {
        self.take(app, number).stop().await;
    }

    /// Ends a replica and its sidecar as SIGKILL does.
    pub async fn kill_replica(&mut self, app: AppId, number: usize) {
        self.take(app, number).kill().await;
    }

    /// What waits in the outboxes of all services together.
    pub async fn outbox(&self) -> OutboxDepth {
        let read = self.store.read().await.expect("the database answers");
        let mut all = OutboxDepth::default();
        for app in AppId::ALL {
            let depth = read
                .outbox_depth(app)
                .await
                .expect("the outbox can be read");
            all.waiting += depth.waiting;
            all.parked += depth.parked;
        }
        all
    }

    /// Returns once every event has been published.
    pub async fn published(&self) {
        eventually("an empty outbox", async || {
            (self.outbox().await == OutboxDepth::default()).then_some(())
        })
        .await;
    }

    /// The dead letters of a service.
    pub async fn dead_letters(&self, app: AppId) -> Vec<DeadLetter> {
        let read = self.store.read().await.expect("the database answers");
        let letters = read.dead_letter_list(Some(app), None, 100).await;
        letters.expect("the dead letters can be read")
    }

    /// From now on dead letters do not fail the test.
    pub fn expect_dead_letters(&mut self) {
        self.dead_letters_expected = true;
    }

    /// Fails the test if an event is left in an outbox, or parked, or a dead letter that was not
    /// expected; then ends everything, and fails the test if anything does not end well.
    pub async fn finish(mut self) {
        self.published().await;
        if !self.dead_letters_expected {
            for app in AppId::ALL {
                let letters = self.dead_letters(app).await;
                assert!(letters.is_empty(), "dead letters: {letters:#?}");
            }
        }
        self.end().await;
    }

    /// Ends everything, whatever is left in an outbox.
    pub async fn finish_with_events_left(mut self) {
        self.end().await;
    }

    async fn end(&mut self) {
        let stopping = std::mem::take(&mut self.replicas).into_values();
        futures::future::join_all(stopping.map(Replica::stop)).await;
        self.around.engine.close().await;
        self.store.close().await;
        self.is_finished = true;
    }

    async fn launch(&mut self, app: AppId, number: usize) {
        let replica = Replica::start(&self.around, app, number).await;
        let replaced = self.replicas.insert((app, number), replica);
        assert!(replaced.is_none(), "replica {number} of {app} runs already");
    }

    fn take(&mut self, app: AppId, number: usize) -> Replica {
        let replica = self.replicas.remove(&(app, number));
        replica.unwrap_or_else(|| panic!("replica {number} of {app} does not run"))
    }
}

impl Drop for System {
    fn drop(&mut self) {
        assert!(
            self.is_finished || std::thread::panicking(),
            "a test of the system ends with `finish`"
        );
    }
}
