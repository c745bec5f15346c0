//! `errand up` on a disk that becomes full.

use std::collections::BTreeSet;

use e2e::{Trail, User};
use proto::v1::{CreateTaskRequest, Task};
use tonic::{Code, Status};

use crate::{
    client::{left, user},
    process::{Home, eventually, free_ports},
};

/// How large a file may become, in blocks of 512 bytes: 4 MiB.
const BLOCKS: u32 = 8 << 10;

/// How often a change is tried once the disk is full.
const TRIES: usize = 5;

#[tokio::test]
async fn changes_fail_clearly_and_what_was_acknowledged_is_there_afterwards() {
    let home = Home::new();
    let mut up = home.spawn_on_small_disk(BLOCKS, &home.data(), free_ports());
    up.ready().await;
    let token = home.token("ann", &home.data()).await;
    let ann = user("ann", &token, up.base());
    let mut acknowledged = BTreeSet::new();
    let mut failures = Vec::new();
    while failures.len() < TRIES {
        match create(&ann, acknowledged.len()).await {
            Ok(task) => {
                acknowledged.insert(task.id);
            }
            Err(status) => failures.push(status.code()),
        }
        assert!(acknowledged.len() < 10_000, "the disk is never full");
    }
    assert_eq!(failures, [Code::Unavailable; TRIES], "{}", up.log());
    // What is there can still be read.
    assert!(!ann.all_tasks().await.unwrap().is_empty());
    up.kill().await;

    let up = home.up(&home.data()).await;
    let trail = Trail::settled(&user("ann", &token, up.base())).await;
    trail.assert_whole("ann");
    let kept: BTreeSet<String> = trail.tasks.keys().cloned().collect();
    let lost: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "{lost:?}");
    eventually("an empty outbox", async || {
        let now = left(&home.data()).await;
        now.is_nothing().then_some(())
    })
    .await;
    assert_eq!(up.terminate().await, Some(0));
}

/// Makes a task that takes up room.
async fn create(user: &User, number: usize) -> Result<Task, Status> {
    let task = Task {
        title: format!("task {number}"),
        description: "x".repeat(9_000),
        ..Task::default()
    };
    let request = CreateTaskRequest {
        task: Some(task),
        ..CreateTaskRequest::default()
    };
    let response = user.tasks(0).create_task(request).await?;
    Ok(response.into_inner().task.expect("the answer has a task"))
}
