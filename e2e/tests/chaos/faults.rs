//! What goes wrong, and in which order.

use std::{fmt, time::Duration};

use domain::AppId;
use e2e::{Process, System};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use tokio::time::{Instant, sleep};

/// How long a paused process stands still, in milliseconds: longer than a group waits for its
/// consumer (6 s) and a request for a connection (5 s), and about as long as a client or a relay
/// waits for an answer (10 s).
const PAUSE: std::ops::Range<u64> = 6_500..11_500;

/// How long the database is away before something is killed.
const AWAY_BEFORE: Duration = Duration::from_secs(4);

/// How long it is away after that: longer than a lease (10 s) and than a sidecar waits until it takes
/// a service that cannot handle events for gone (`scripts/chaos` has that be 15 s instead of 60 s).
const AWAY_AFTER: Duration = Duration::from_secs(26);

/// Something that goes wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// A process is killed, and started again by the supervisor.
    Kill(Process),
    /// A process stands still with its children for so long.
    Pause(Process, Duration),
    /// The database is away for long, and these are killed meanwhile: a service, which cannot handle
    /// events before the database is back, so that its sidecar takes it for gone; and a sidecar, which
    /// cannot start before that.
    DatabaseAway([Process; 2]),
}

impl Fault {
    /// Everything that can go wrong, once, in an order and with replicas and times that follow from
    /// the seed.
    pub(crate) fn all(seed: u64, replicas: usize) -> Vec<Self> {
        let mut random = StdRng::seed_from_u64(seed);
        let mut faults = Vec::new();
        for app in AppId::ALL {
            let mut any = || random.random_range(0..replicas);
            faults.push(Self::Kill(Process::Service(app, any())));
            faults.push(Self::Kill(Process::Sidecar(app, any())));
        }
        for process in [Process::Kafka, Process::Postgres] {
            faults.push(Self::Kill(process));
            let time = Duration::from_millis(random.random_range(PAUSE));
            faults.push(Self::Pause(process, time));
        }
        let mut apps = AppId::ALL;
        apps.shuffle(&mut random);
        let mut any = || random.random_range(0..replicas);
        let service = Process::Service(apps[0], any());
        let sidecar = Process::Sidecar(apps[1], any());
        faults.push(Self::DatabaseAway([service, sidecar]));
        faults.shuffle(&mut random);
        faults
    }

    /// Lets it happen; gives the moment at which it was over but for what follows from it.
    pub(crate) async fn strike(&self, system: &System) -> Instant {
        match *self {
            Self::Kill(process) => system.kill(process).await,
            Self::Pause(process, time) => {
                system.pause(process).await;
                sleep(time).await;
                system.resume(process).await;
            }
            Self::DatabaseAway(killed) => {
                system.stop(Process::Postgres).await;
                sleep(AWAY_BEFORE).await;
                for process in killed {
                    system.kill(process).await;
                }
                sleep(AWAY_AFTER).await;
                system.start(Process::Postgres).await;
            }
        }
        Instant::now()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill(process) => write!(formatter, "{process} killed"),
            Self::Pause(process, _) => write!(formatter, "{process} stands still"),
            Self::DatabaseAway([service, sidecar]) => write!(
                formatter,
                "{} away, {service} and {sidecar} killed meanwhile",
                Process::Postgres
            ),
        }
    }
}
