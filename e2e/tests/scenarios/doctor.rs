//! What the doctor finds where everything is in order.

use domain::AppId;
use e2e::System;

#[tokio::test]
async fn services_have_their_sidecars_their_subscriptions_and_the_topics() {
    let system = System::found();
    // One replica of each, in turn: each look takes a tool of Kafka more than a second.
    let replicas = (0..system.replicas()).cycle();
    for (app, replica) in AppId::ALL.into_iter().zip(replicas) {
        let (is_in_order, said) = system.doctor(app, replica).await;
        for part in [
            &format!("ok       sidecar: that of {app} answers, version 1."),
            "ok       components: ",
            "ok       subscriptions: the sidecar has all ",
            "ok       channel: the sidecar speaks gRPC to ",
            &format!("ok       service: {app} at "),
            "ok       topics: the broker has all 16 as they must be\n",
            "ok       schema: that of this version\n",
            "ok       clock: that of the database shows the same\n",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        // Other tests leave some for a while.
        let mut found = said.lines().filter(|line| line.starts_with("look at  "));
        let is_known = found.all(|line| line.starts_with("look at  dead letters: "));
        assert!(is_known && !said.contains("broken   "), "{said}");
        assert_eq!(is_in_order, !said.contains("look at  "), "{said}");
    }
}
