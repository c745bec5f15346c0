//! A change reaches everybody it is for, whichever replicas are on its way.

use e2e::System;
use testkit::{eventually, task};

#[tokio::test]
async fn a_task_is_on_every_screen_and_in_the_audit_trail() {
    let system = System::found();
    let user = system.user("tasks-everywhere").await;
    let mut screens = Vec::new();
    for replica in 0..system.replicas() {
        screens.push(user.watch(replica, "").await.unwrap());
    }
    let mut expected = Vec::new();
    for replica in 0..system.replicas() {
        let task = user.create(replica, task("Water the plants")).await;
        expected.push(task.unwrap().id);
    }
    for screen in &mut screens {
        let mut seen = Vec::new();
        for _ in &expected {
            seen.push(screen.task().await.1.id);
        }
        seen.sort();
        assert_eq!(seen, expected);
    }
    let logs = eventually("every audit row", async || {
        let logs = user.all_logs().await.unwrap();
        (logs.len() == expected.len()).then_some(logs)
    })
    .await;
    let sequences: Vec<i64> = logs.iter().map(|log| log.sequence).collect();
    assert_eq!(sequences, [1, 2]);
}
