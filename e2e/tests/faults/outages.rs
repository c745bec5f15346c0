//! What services work with is away for a while, or hangs, and none of it is anybody's loss.

use domain::AppId;
use e2e::{Process, System, User};
use service_kit::{Clock as _, SystemClock};
use testkit::task;

use crate::Turn;

/// So many that some are in shards of each relay.
const USERS: usize = 12;

/// A sidecar that stands still keeps its connections and answers nothing, so nobody starts it again.
#[tokio::test]
#[expect(
    clippy::print_stdout,
    reason = "how long it takes is of interest, and no test's business"
)]
async fn a_sidecar_that_hangs_leaves_its_events_to_the_other_replica() {
    let turn = Turn::begin().await;
    let system = &turn.system;
    let users = users(system, "hanging").await;
    let hanging = Process::Sidecar(AppId::BackendApi, 0);
    system.pause(hanging).await;
    let began = SystemClock.now();
    for (number, user) in users.iter().enumerate() {
        user.create(number % 2, task("Buy milk")).await.unwrap();
    }
    for user in &users {
        user.logs(1).await;
    }
    let took = SystemClock.now().duration_since(began);
    system.resume(hanging).await;
    for user in &users {
        user.create(0, task("Buy bread")).await.unwrap();
        assert_eq!(user.logs(2).await.len(), 2);
    }
    println!("{hanging} stood still, and {USERS} events were audited {took:#} after that");
    turn.end().await;
}

/// The keys of what was handled can neither be read nor written: each is a miss, and no error.
#[tokio::test]
async fn a_state_store_that_is_away_is_a_miss() {
    let turn = Turn::begin().await;
    let system = &turn.system;
    let users = users(system, "stateless").await;
    let misses = misses(system).await;
    system
        .sql("ALTER TABLE errand_state.dapr_state RENAME TO dapr_state_away")
        .await;
    for (number, user) in users.iter().enumerate() {
        let created = user.create(number % 2, task("Buy milk")).await.unwrap();
        user.complete((number + 1) % 2, &created.id).await.unwrap();
    }
    for user in &users {
        assert_eq!(user.logs(2).await.len(), 2);
    }
    assert!(misses < self::misses(system).await);
    system
        .sql("ALTER TABLE errand_state.dapr_state_away RENAME TO dapr_state")
        .await;
    turn.end().await;
}

/// The first replica of every service is ended in order and started again, and then the other one, as
/// an update does it.
#[tokio::test]
async fn an_update_of_one_replica_after_the_other_loses_nothing() {
    let turn = Turn::begin().await;
    let system = &turn.system;
    let users = users(system, "updated").await;
    let mut created = 0;
    for replica in 0..system.replicas() {
        let other = (replica + 1) % 2;
        let change_all = async || {
            for user in &users {
                user.create(other, task("Buy milk")).await.unwrap();
            }
        };
        let processes = AppId::ALL.map(|app| Process::Service(app, replica));
        let [one, two, three, four, five] = processes.map(|process| system.stop(process));
        tokio::join!(one, two, three, four, five, change_all());
        change_all().await;
        let [one, two, three, four, five] = processes.map(|process| system.start(process));
        tokio::join!(one, two, three, four, five, change_all());
        created += 3;
        system.ready().await;
    }
    for user in &users {
        assert_eq!(user.logs(created).await.len(), created);
        assert_eq!(user.all_tasks().await.unwrap().len(), created);
    }
    turn.end().await;
}

async fn users(system: &System, name: &str) -> Vec<User> {
    let mut users = Vec::new();
    for number in 0..USERS {
        users.push(system.user(&format!("{name}-{number}")).await);
    }
    users
}

/// How often audit-service, which asks about every event, got no answer from the state store.
async fn misses(system: &System) -> u64 {
    let mut misses = 0;
    for replica in 0..system.replicas() {
        let name = "errand_state_misses_total";
        misses += system
            .counter(AppId::AuditService, replica, name, &[])
            .await;
    }
    misses
}
