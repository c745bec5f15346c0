//! Once nobody changes anything any more: everything has arrived, once, and nothing is left.

use std::time::Duration;

use domain::AppId;
use e2e::{Counts, Left, Screen, ScreenCounts, System, Trail, say};
use testkit::eventually;
use tokio::{task::JoinSet, time::Instant};

use crate::load::Known;

/// How long everything may take to arrive. Far more than it does: the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(4);

/// How much there was of everything.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// Changes that were acknowledged.
    pub(crate) acknowledged: usize,
    /// Changes that may have happened or not.
    pub(crate) unknown: usize,
    /// What came of them.
    pub(crate) counts: Counts,
    /// What the screens went through.
    pub(crate) screens: ScreenCounts,
    /// How many screens there were.
    pub(crate) screens_open: usize,
    /// How long it took until everything had arrived.
    pub(crate) settled: Duration,
}

/// Waits until everything has arrived, and panics where something has not, or twice.
pub(crate) async fn settle(system: &System, load: Known, probes: Known) -> Totals {
    let began = Instant::now();
    let mut totals = Totals::default();
    let mut checks = JoinSet::new();
    let users = load.users.into_iter().chain(probes.users);
    for (user, journal) in users {
        totals.acknowledged += journal.acknowledged();
        totals.unknown += journal.unknown();
        checks.spawn(async move {
            let trail = Trail::settled_by(&user, began + PATIENCE).await;
            trail.assert_whole(user.name());
            journal.assert_told_by(&trail);
            trail.counts()
        });
    }
    for counts in checks.join_all().await {
        totals.counts += counts;
    }
    totals.settled = began.elapsed();
    say(&format!(
        "chaos: all told, after {:.1} s",
        totals.settled.as_secs_f64()
    ));
    for screen in load.screens.iter().chain(&probes.screens) {
        as_listed(screen).await;
        totals.screens += screen.counts();
        totals.screens_open += 1;
    }
    nothing_left(system).await;
    no_consumer_behind(system).await;
    totals
}

/// A screen that was open all the time shows what a fresh list has.
async fn as_listed(screen: &Screen) {
    let user = screen.user();
    let mut difference = None;
    let what = format!("the screen of {} shows what is", user.name());
    eventually(&what, async || {
        let tasks = user.all_tasks().await.ok()?;
        let notifications = user.all_notifications().await.ok()?;
        let now = screen.differs_from(&tasks, &notifications);
        if now != difference {
            if let Some(now) = &now {
                say(&format!("chaos: {} waits: {now}", user.name()));
            }
            difference.clone_from(&now);
        }
        now.is_none().then_some(())
    })
    .await;
}

/// Every outbox is empty, nothing is parked, and there is no dead letter.
async fn nothing_left(system: &System) {
    let store = system.store().await;
    let mut left = None;
    eventually("empty outboxes", async || {
        let now = Left::in_store(&store).await.ok()?;
        let is_empty = now.outbox.is_empty();
        left = Some(now);
        is_empty.then_some(())
    })
    .await;
    let left = left.expect("it was looked at");
    assert!(left.is_nothing(), "{left:?}");
    store.close().await;
}

/// Every partition of every service's topics has a consumer, which has taken everything. The groups
/// that replicas of realtime-service had before they started anew are nobody's, and of canaries
/// there is always one under way.
async fn no_consumer_behind(system: &System) {
    let groups = AppId::ALL.map(|app| app.to_string());
    let mut before = Vec::new();
    eventually("every consumer has taken everything", async || {
        let table = system.kafka(["groups", "--describe", "--all-groups"]).await;
        let lines = table.lines().map(|line| line.split_whitespace().collect());
        let lines: Vec<Vec<&str>> = lines.collect();
        let of_services = lines.iter().filter(|line| {
            let mut groups = groups.iter();
            line.len() >= 7
                && groups.any(|group| group == line[0])
                && !line[1].starts_with("canary.")
        });
        let behind = of_services.clone().filter(|line| {
            let [_, _, _, _, end, lag, consumer, ..] = line[..] else {
                return true;
            };
            consumer == "-" || (lag != "0" && end != "0")
        });
        let behind: Vec<String> = behind.map(|line| line.join(" ")).collect();
        if behind != before {
            for line in &behind {
                say(&format!("chaos: behind: {line}"));
            }
            before.clone_from(&behind);
        }
        (behind.is_empty() && 0 < of_services.count()).then_some(())
    })
    .await;
}
