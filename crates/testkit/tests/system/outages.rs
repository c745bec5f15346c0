//! The world is down for a while: requests fail with a clear status, and nothing is lost.

use std::time::Duration;

use domain::{AppId, Topic};
use proto::v1::{CreateTaskRequest, ListTasksRequest};
use testkit::{Database, Disturbance, Plan, eventually, on_every_database, task};
use tonic::Code;
use tonic_types::StatusExt as _;

on_every_database!(
    a_sidecar_that_is_away_delays_events_and_fails_no_request,
    a_state_store_that_is_away_is_a_miss,
    a_database_that_takes_no_writes_refuses_requests_and_loses_nothing,
);

async fn a_sidecar_that_is_away_delays_events_and_fails_no_request(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let away = system.disturb(usize::MAX, Disturbance::Fail(Code::Unavailable), |call| {
        call.method == "BulkPublishEvent" || call.method == "PublishEvent"
    });
    let mut created = Vec::new();
    for number in 0..20 {
        created.push(alice.create(task(&format!("Task {number}"))).await);
    }
    away.hit(3).await;
    assert_eq!(
        system.outbox().await.parked,
        0,
        "an outage is no event's fault"
    );
    assert_eq!(system.outbox().await.waiting, 40);
    away.release();
    for task in &created {
        assert_eq!(alice.history(&task.id, 1).await, ["task.created"]);
    }
    let trail = alice.audit_trail("").await;
    let sequences: Vec<_> = trail.iter().rev().map(|entry| entry.sequence).collect();
    assert_eq!(sequences, (1..=20).collect::<Vec<_>>());
    system.finish().await;
}

async fn a_state_store_that_is_away_is_a_miss(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let away = system.disturb(usize::MAX, Disturbance::Fail(Code::Internal), |call| {
        matches!(
            call.method.as_str(),
            "GetState" | "GetBulkState" | "SaveState"
        )
    });
    let created = alice.create(task("Buy milk")).await;
    assert_eq!(alice.history(&created.id, 1).await, ["task.created"]);
    assert!(0 < away.hits());
    system.finish().await;
}

/// The outbox cannot be written to: as with a disk that is full, a transaction fails as a whole.
async fn a_database_that_takes_no_writes_refuses_requests_and_loses_nothing(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let before = alice.create(task("Before")).await;
    assert_eq!(alice.history(&before.id, 1).await, ["task.created"]);
    system.published().await;
    system
        .execute("ALTER TABLE errand.outbox RENAME TO outbox_away")
        .await;
    let request = CreateTaskRequest {
        task: Some(task("Not now")),
        ..CreateTaskRequest::default()
    };
    let status = alice.tasks().create_task(request).await.unwrap_err();
    assert!(
        matches!(status.code(), Code::Unavailable | Code::Internal),
        "{status}"
    );
    assert!(!status.message().contains("outbox"), "{status}");
    assert!(status.get_details_error_info().is_some());
    assert_eq!(alice.list().await.len(), 1, "a task without its event");
    system
        .execute("ALTER TABLE errand.outbox_away RENAME TO outbox")
        .await;
    let after = alice.create(task("After")).await;
    assert_eq!(alice.history(&after.id, 1).await, ["task.created"]);
    let trail = alice.audit_trail("").await;
    assert_eq!(trail.len(), 2);
    assert_eq!(trail[0].sequence, 2, "the failed change drew no number");
    system.finish().await;
}

/// Another process holds SQLite's write lock for longer than a request may wait.
#[tokio::test]
async fn a_locked_database_refuses_requests_and_loses_nothing() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let lock = system.store().begin().await.unwrap();
    let request = CreateTaskRequest {
        task: Some(task("Not now")),
        ..CreateTaskRequest::default()
    };
    let status = alice.tasks().create_task(request).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status}");
    assert!(status.get_details_retry_info().is_some());
    assert!(alice.list().await.is_empty(), "reading goes on");
    drop(lock);
    let created = alice.create(task("Now")).await;
    assert_eq!(alice.history(&created.id, 1).await, ["task.created"]);
    system.finish().await;
}

/// Whoever handles events answers RETRY while its database is away, and no event is given up.
#[tokio::test]
async fn events_wait_for_a_database_that_is_away() {
    let system = Plan::new(Database::Sqlite)
        .with(|settings| settings.kit.delivery.max_attempts = 2)
        .start()
        .await;
    let alice = system.user("alice");
    let delivered = system.disturb(usize::MAX, Disturbance::Pass, |call| {
        call.delivers(AppId::AuditService, Topic::TaskCreated.name())
    });
    let held = system.disturb(1, Disturbance::HoldBefore, |call| {
        call.publishes(AppId::BackendApi, Topic::TaskCreated.name())
    });
    let created = alice.create(task("Buy milk")).await;
    held.hit(1).await;
    let lock = system.store().begin().await.unwrap();
    held.release();
    delivered.hit(1).await;
    drop(lock);
    eventually("the event is audited after all", async || {
        (alice.audit_trail(&created.id).await.len() == 1).then_some(())
    })
    .await;
    assert!(system.dead_letters(AppId::AuditService).await.is_empty());
    system.finish().await;
}

#[tokio::test]
async fn a_deadline_that_passes_is_said_to_have_passed() {
    let system = Plan::new(Database::Sqlite)
        .only(&[AppId::BackendApi])
        .with(|settings| settings.kit.limits.in_flight = 1)
        .start()
        .await;
    let alice = system.user("alice");
    let lock = system.store().begin().await.unwrap();
    let mut request = tonic::Request::new(CreateTaskRequest {
        task: Some(task("In no time")),
        ..CreateTaskRequest::default()
    });
    request.set_timeout(Duration::from_millis(100));
    let status = alice.tasks().create_task(request).await.unwrap_err();
    assert!(
        matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled),
        "{status}"
    );
    // The client's clock may ring before the server's. Alice may have one request under way, so one
    // that is let in shows that the server, too, has given hers up.
    eventually("the server has given up", async || {
        let request = ListTasksRequest::default();
        alice.tasks().list_tasks(request).await.ok()
    })
    .await;
    drop(lock);
    assert!(alice.list().await.is_empty());
    system.finish().await;
}
