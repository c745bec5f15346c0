//! How long it takes after a fault until everything works again, for everybody.

use std::{sync::Arc, time::Duration};

use e2e::{Change, Screen, System, User, Writer};
use proto::v1::{AuditLog, ListAuditLogsRequest, Task, TaskStatus};
use rand::{SeedableRng as _, rngs::StdRng};
use service_kit::{Clock as _, SystemClock};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::load::{Known, users};

/// How many users ask at the same time. Events of a user are in one partition of each topic, and a
/// fault need not concern them all.
const USERS: usize = 12;

/// The time between two looks.
const INTERVAL: Duration = Duration::from_millis(100);

/// How many of the newest audit rows are looked through. A probe makes five.
const NEWEST: i32 = 20;

/// How long anything may take. Far more than it does: the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(4);

/// Users who look whether everything works.
pub(crate) struct Prober {
    probes: Vec<Probe>,
}

/// How long something took, until the last of the users had it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Recovered {
    /// Until a change was acknowledged.
    pub(crate) acknowledged: Duration,
    /// Until what follows from a change had arrived: audit rows, a successor, a notification, and all
    /// of it on a screen.
    pub(crate) flowing: Duration,
}

/// One of the users.
struct Probe {
    user: User,
    writer: Writer,
    screen: Screen,
}

impl Prober {
    pub(crate) async fn new(system: &Arc<System>, seed: u64) -> Self {
        let probes = users(system, "probe", USERS).await.into_iter().enumerate();
        let probes = probes.map(|(number, user)| {
            let place = u64::try_from(number).unwrap();
            let random = StdRng::seed_from_u64(seed ^ place.wrapping_sub(1));
            Probe {
                writer: Writer::new(user.clone(), number, random, Duration::ZERO),
                screen: Screen::open(user.clone(), number % 2),
                user,
            }
        });
        Self {
            probes: probes.collect(),
        }
    }

    /// Every user makes some changes and waits for all that follows from them.
    pub(crate) async fn measure(&mut self, fault: &str, since: Instant) -> Recovered {
        let mut all = JoinSet::new();
        for mut probe in self.probes.drain(..) {
            let fault = fault.to_owned();
            all.spawn(async move {
                let recovered = probe.measure(&fault, since).await;
                (probe, recovered)
            });
        }
        let mut slowest = Recovered::default();
        for (probe, recovered) in all.join_all().await {
            slowest.acknowledged = slowest.acknowledged.max(recovered.acknowledged);
            slowest.flowing = slowest.flowing.max(recovered.flowing);
            self.probes.push(probe);
        }
        slowest
    }

    /// What the users know.
    pub(crate) fn end(self) -> Known {
        let mut known = Known {
            users: Vec::new(),
            screens: Vec::new(),
        };
        for probe in self.probes {
            known.users.push((probe.user, probe.writer.into_journal()));
            known.screens.push(probe.screen);
        }
        known
    }
}

impl Probe {
    async fn measure(&mut self, fault: &str, since: Instant) -> Recovered {
        let writer = &mut self.writer;
        let reminding = writer.new_reminding_task(SystemClock.now());
        let reminding = writer.insist(Change::Create(Box::new(reminding))).await;
        let acknowledged = since.elapsed();
        let daily = writer.new_daily_task();
        let daily = writer.insist(Change::Create(Box::new(daily))).await;
        let complete = Change::Complete {
            id: daily.id.clone(),
        };
        writer.insist(complete).await;

        let given_up = Instant::now() + PATIENCE;
        let mut missing = self.missing(&reminding.id, &daily.id).await;
        while let Some(what) = missing {
            assert!(
                Instant::now() < given_up,
                "after {fault} {} of {} never came",
                what,
                self.user.name()
            );
            sleep(INTERVAL).await;
            missing = self.missing(&reminding.id, &daily.id).await;
        }
        Recovered {
            acknowledged,
            flowing: since.elapsed(),
        }
    }

    /// What has not arrived yet. What a screen shows costs nothing to ask for, so it is asked first.
    async fn missing(&self, reminding: &str, daily: &str) -> Option<String> {
        let screen = &self.screen;
        let is_done = |task: &Task| task.status() == TaskStatus::Completed;
        if screen
            .tasks(|task| task.id == daily && is_done(task))
            .is_empty()
        {
            return Some(format!("the completion of {daily} on the screen"));
        }
        let successors = screen.tasks(|task| task.predecessor_task_id == daily);
        let Some(successor) = successors.first() else {
            return Some(format!("what follows {daily} on the screen"));
        };
        if !screen.notifies_of(reminding) {
            return Some(format!("the notification of {reminding} on the screen"));
        }
        let logs = self.newest_logs().await;
        let expected = [
            ("task.created", reminding),
            ("reminder.due", reminding),
            ("task.created", daily),
            ("task.completed", daily),
            ("task.created", &successor.id),
        ];
        let mut missing = expected.into_iter().filter(|(event_type, id)| {
            let mut logs = logs.iter();
            !logs.any(|log| log.event_type == *event_type && log.entity_id == *id)
        });
        let (event_type, id) = missing.next()?;
        Some(format!("the audit row {event_type} of {id}"))
    }

    /// By the first replica that can tell; none where none can.
    async fn newest_logs(&self) -> Vec<AuditLog> {
        for replica in 0..self.user.replicas() {
            let request = ListAuditLogsRequest {
                page_size: NEWEST,
                ..ListAuditLogsRequest::default()
            };
            let page = self.user.audit(replica).list_audit_logs(request).await;
            if let Ok(page) = page {
                return page.into_inner().audit_logs;
            }
        }
        Vec::new()
    }
}
