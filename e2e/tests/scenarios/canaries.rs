//! Canaries of two replicas, which share the twelve partitions of their topic.

use domain::AppId;
use e2e::System;
use testkit::eventually;

/// How many more of them each replica is seen to hear.
const MORE: u64 = 2;

#[tokio::test]
async fn every_replica_hears_canaries_and_asks_for_no_restart() {
    let system = System::found();
    let mut before = Vec::new();
    for app in AppId::ALL {
        for replica in 0..system.replicas() {
            let restarts = restarts(&system, app, replica).await;
            before.push((app, replica, heard(&system, app, replica).await, restarts));
        }
    }
    for (app, replica, before, restarted) in before {
        eventually(
            &format!("canaries of replica {replica} of {app}"),
            async || (before + MORE <= heard(&system, app, replica).await).then_some(()),
        )
        .await;
        assert_eq!(restarts(&system, app, replica).await, restarted, "{app}");
    }
}

async fn heard(system: &System, app: AppId, replica: usize) -> u64 {
    let label = ("step", "received");
    system
        .counter(app, replica, "errand_canaries_total", &[label])
        .await
}

async fn restarts(system: &System, app: AppId, replica: usize) -> u64 {
    system
        .counter(app, replica, "errand_sidecar_restarts_total", &[])
        .await
}
