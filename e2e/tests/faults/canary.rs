//! A subscription that dies without a word is noticed, and the sidecar started again.

use std::{net::SocketAddr, time::Duration};

use domain::AppId;
use e2e::System;
use proto::v1::{RecurrenceMode, Task};
use testkit::{eventually, instant, task};
use tokio::time::{Instant, sleep};

use crate::{Turn, broker_proxy::BrokerProxy, own_replica::OwnReplica};

/// The service whose subscriptions die. Its topic has twelve partitions, and so has its canaries'.
const APP: AppId = AppId::RecurringService;

/// So many that some are in any four of the twelve partitions, which are one replica's of three.
const USERS: usize = 24;

/// Canaries in a hurry. The replica has a third of the partitions, and hears a third of its own.
const SETTINGS: [(&str, &str); 2] = [
    ("ERRAND_CANARY_INTERVAL", "100ms"),
    ("ERRAND_CANARY_QUIET", "8s"),
];

/// How long anything may take, by far.
const PATIENCE: Duration = Duration::from_secs(90);

/// The time between looks.
const INTERVAL: Duration = Duration::from_millis(100);

/// Where the broker is, from the first port of an engine.
const BROKER_PORT: u16 = 501;

#[tokio::test]
#[expect(
    clippy::print_stdout,
    reason = "how long it takes is of interest, and no test's business"
)]
async fn a_sidecar_that_delivers_nothing_more_is_started_again() {
    let turn = Turn::begin().await;
    let system = &turn.system;
    let mut users = Vec::new();
    for number in 0..USERS {
        let user = system.user(&format!("canary-{number}")).await;
        let created = user.create(number % 2, daily()).await.unwrap();
        users.push((user, created));
    }
    let proxy = BrokerProxy::open(broker(system)).await;
    let mut replica = OwnReplica::start(system, APP, proxy.address, &SETTINGS).await;
    heard_more(system, &mut replica).await;
    let (asked, starts) = (restarts(system, &replica).await, replica.sidecar_starts);

    proxy.fall_silent();
    let began = Instant::now();
    for (number, (user, task)) in users.iter().enumerate() {
        user.complete(number % 2, &task.id).await.unwrap();
    }
    let (mut waiting, mut is_ready) = (0, false);
    // The canaries of the last seconds have to be missed before anybody can know.
    while proxy.is_silent() {
        assert!(began.elapsed() < PATIENCE, "nobody has noticed");
        (waiting, is_ready) = (unhandled(system).await, replica.is_ready().await);
        sleep(INTERVAL).await;
    }
    let noticed = began.elapsed();
    assert!(0 < waiting && waiting < USERS, "{waiting} waited");
    assert!(is_ready, "only the canaries told");
    while 0 < unhandled(system).await {
        assert!(began.elapsed() < PATIENCE, "they wait for ever");
        replica.look_after();
        sleep(INTERVAL).await;
    }
    let handled = began.elapsed();
    heard_more(system, &mut replica).await;
    assert_eq!(restarts(system, &replica).await, asked + 1);
    assert_eq!(replica.sidecar_starts, starts + 1);
    println!(
        "one of three replicas was delivered nothing, and {waiting} of {USERS} events waited for it; \
         its sidecar was ended after {noticed:.1?}, and all were handled after {handled:.1?}"
    );
    replica.end().await;
    turn.end().await;
}

/// Returns once the replica has heard ten more.
async fn heard_more(system: &System, replica: &mut OwnReplica) {
    let label = [("step", "received")];
    let name = "errand_canaries_total";
    let before = system.counter(APP, replica.number, name, &label).await;
    eventually("canaries", async || {
        replica.look_after();
        let heard = system.counter(APP, replica.number, name, &label).await;
        (before + 10 <= heard).then_some(())
    })
    .await;
}

/// How often the replica has asked its sidecar to start again.
async fn restarts(system: &System, replica: &OwnReplica) -> u64 {
    let name = "errand_sidecar_restarts_total";
    system.counter(APP, replica.number, name, &[]).await
}

/// How many completions have not been handled.
async fn unhandled(system: &System) -> usize {
    let count = system.sql(
        "SELECT count(*) FROM tasks WHERE user_id LIKE 'canary-%' \
         AND completed_at IS NOT NULL AND successor_task_id IS NULL",
    );
    count.await.trim().parse().unwrap()
}

fn broker(system: &System) -> SocketAddr {
    let mut broker = system.address(AppId::BackendApi, 0);
    broker.set_port(broker.port() + BROKER_PORT);
    broker
}

fn daily() -> Task {
    Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        recurrence_mode: RecurrenceMode::EveryOccurrence.into(),
        ..task("Stretch")
    }
}
