//! What a test asks for.

use std::{collections::BTreeMap, time::Duration};

use domain::AppId;
use errand::settings::Settings;
use jiff::Timestamp;
use service_kit::{config::Sources, testing::Database};

use crate::system::System;

/// The moment at which every test begins: a Monday.
const START: &str = "2026-03-02T09:00:00Z";

/// What a test asks for. Begins with one replica of each service at 2026-03-02T09:00:00Z.
#[derive(Debug)]
pub struct Plan {
    pub(crate) database: Database,
    pub(crate) start: Timestamp,
    pub(crate) replicas: BTreeMap<AppId, usize>,
    pub(crate) settings: Settings,
}

impl Plan {
    /// One replica of each service, on this database.
    pub fn new(database: Database) -> Self {
        let settings = Settings::read(Sources::default()).expect("the defaults are valid");
        Self {
            database,
            start: START.parse().expect("a moment"),
            replicas: AppId::ALL.into_iter().map(|app| (app, 1)).collect(),
            settings: hurried(settings),
        }
    }

    /// So many replicas of each service.
    #[must_use]
    pub fn replicas(mut self, count: usize) -> Self {
        for replicas in self.replicas.values_mut() {
            *replicas = count;
        }
        self
    }

    /// These services and no others.
    #[must_use]
    pub fn only(mut self, apps: &[AppId]) -> Self {
        self.replicas.retain(|app, _| apps.contains(app));
        self
    }

    /// The clock stands at this moment at first.
    #[must_use]
    pub fn at(mut self, moment: &str) -> Self {
        self.start = moment.parse().expect("a moment in RFC 3339");
        self
    }

    /// Configured otherwise.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Starts everything and returns once it is ready.
    pub async fn start(self) -> System {
        Box::pin(System::start(self)).await
    }
}

/// Tests wait for conditions, so what only spares a quiet machine is made short. Bounds that are
/// tested are set by the test.
fn hurried(mut settings: Settings) -> Settings {
    let kit = &mut settings.kit;
    kit.outbox.poll = Duration::from_millis(50);
    kit.outbox.idle_poll = Duration::from_millis(100);
    kit.outbox.backoff = Duration::from_millis(10);
    kit.outbox.max_backoff = Duration::from_millis(100);
    // A machine that is busy with other tests must not look like a state store that is away.
    kit.sidecar.state_timeout = Duration::from_secs(10);
    kit.limits.requests_per_second = 10_000;
    kit.limits.burst = 10_000;
    kit.process.grace_period = Duration::from_secs(10);
    settings
}
