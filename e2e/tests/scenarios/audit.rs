//! What the audit trail keeps: who, what, in which order, in which request.

use e2e::System;
use proto::v1::{CompleteTaskRequest, ListAuditLogsRequest, RecurrenceMode, Task};
use testkit::{instant, task};
use tonic::Request;

#[tokio::test]
async fn the_trail_has_order_and_old_and_new_values_on_every_replica() {
    let system = System::found();
    let user = system.user("audit-values").await;
    let created = user.create(0, task("Buy milk")).await.unwrap();
    let renamed = Task {
        title: "Buy oat milk".into(),
        ..created.clone()
    };
    let renamed = user.update(1, renamed, &["title"]).await.unwrap();
    let completed = user.complete(0, &created.id).await.unwrap();
    // When it will be purged is no part of the change.
    let deleted = Task {
        purge_at: None,
        ..user.delete(1, &created.id).await.unwrap()
    };
    let logs = user.logs(4).await;
    let told: Vec<_> = logs
        .iter()
        .map(|log| (log.sequence, log.event_type.as_str(), log.after.as_ref()))
        .collect();
    assert_eq!(
        told,
        [
            (1, "task.created", Some(&created)),
            (2, "task.updated", Some(&renamed)),
            (3, "task.completed", Some(&completed)),
            (4, "task.deleted", Some(&deleted)),
        ]
    );
    assert_eq!(logs[1].before.as_ref(), Some(&created));
    assert_eq!(logs[1].changed_fields, ["title"]);
    assert!(logs.iter().all(|log| {
        log.source == "backend-api"
            && log
                .actor
                .as_ref()
                .is_some_and(|actor| actor.id == user.name())
    }));
    // Pages of one replica go on at the other.
    let mut request = ListAuditLogsRequest {
        page_size: 1,
        ..ListAuditLogsRequest::default()
    };
    for (number, expected) in logs.iter().rev().enumerate() {
        let mut client = user.audit(number % system.replicas());
        let page = client.list_audit_logs(request.clone()).await.unwrap();
        let page = page.into_inner();
        assert_eq!(page.audit_logs, std::slice::from_ref(expected));
        request.page_token = page.next_page_token;
    }
    assert!(request.page_token.is_empty());
}

#[tokio::test]
async fn a_correlation_id_goes_from_a_request_to_all_that_follows() {
    const ID: &str = "from-the-browser-4711";
    let system = System::found();
    let user = system.user("audit-correlation").await;
    let daily = Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        recurrence_mode: RecurrenceMode::EveryOccurrence.into(),
        ..task("Stretch")
    };
    let first = user.create(0, daily).await.unwrap();
    let mut request = Request::new(CompleteTaskRequest {
        id: first.id.clone(),
        ..CompleteTaskRequest::default()
    });
    let metadata = request.metadata_mut();
    metadata.insert("x-correlation-id", ID.parse().unwrap());
    let answer = user.tasks(1).complete_task(request).await.unwrap();
    assert_eq!(answer.metadata().get("x-correlation-id").unwrap(), ID);

    let second = user.successor(0, &first.id).await;
    let logs = user.logs(3).await;
    let told: Vec<_> = logs
        .iter()
        .map(|log| {
            let is_in_the_request = log.correlation_id == ID;
            (
                log.entity_id.as_str(),
                log.event_type.as_str(),
                log.source.as_str(),
                is_in_the_request,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (first.id.as_str(), "task.created", "backend-api", false),
            (first.id.as_str(), "task.completed", "backend-api", true),
            (
                second.id.as_str(),
                "task.created",
                "recurring-service",
                true
            ),
        ]
    );
}
