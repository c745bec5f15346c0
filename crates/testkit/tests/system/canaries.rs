//! Canaries of two replicas, which share the partitions of their topic.

use std::time::Duration;

use domain::AppId;
use testkit::{Database, Disturbance, Disturbed, Plan, System};

/// The service whose canaries are watched.
const APP: AppId = AppId::AuditService;

#[tokio::test(flavor = "multi_thread")]
async fn each_replica_hears_canaries_wherever_the_partitions_are() {
    let mut system = plan().replicas(2).start().await;
    let heard = [0, 1].map(|replica| canaries(&system, replica, Disturbance::Pass));
    let restarts = [0, 1].map(|replica| restarts(&system, replica));
    for replica in &heard {
        some_more(replica).await;
    }
    system.kill_replica(APP, 1).await;
    some_more(&heard[0]).await;
    system.start_replica(APP, 1).await;
    for replica in &heard {
        some_more(replica).await;
    }
    assert_eq!(restarts.map(|replica| replica.hits()), [0, 0]);
    system.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_hears_none_has_its_own_sidecar_start_again() {
    let mut system = plan().start().await;
    let restarts = [0, 1].map(|replica| restarts(&system, replica));
    // It never hears any: what its sidecar delivers is lost on the way.
    let lost = canaries(&system, 1, Disturbance::Swallow);
    system.start_replica(APP, 1).await;
    restarts[1].hit(1).await;
    lost.release();
    let heard = canaries(&system, 1, Disturbance::Pass);
    some_more(&heard).await;
    assert_eq!(restarts[0].hits(), 0, "the other one hears them");
    system.finish().await;
}

/// One service, with canaries in a hurry.
fn plan() -> Plan {
    Plan::new(Database::Sqlite).only(&[APP]).with(|settings| {
        settings.kit.canary.interval = Duration::from_millis(20);
        settings.kit.canary.quiet = Duration::from_secs(4);
    })
}

/// Disturbs every canary that is delivered to a replica.
fn canaries(system: &System, replica: usize, disturbance: Disturbance) -> Disturbed {
    let topic = service_kit::canary_topic(APP);
    system.disturb(usize::MAX, disturbance, move |call| {
        call.replica == replica && call.delivers(APP, &topic)
    })
}

/// The times that a replica asks its sidecar to start again.
fn restarts(system: &System, replica: usize) -> Disturbed {
    system.disturb(usize::MAX, Disturbance::Pass, move |call| {
        call.replica == replica && call.is(APP, "Shutdown")
    })
}

/// Returns once a replica has heard ten more.
async fn some_more(heard: &Disturbed) {
    heard.hit(heard.hits() + 10).await;
}
