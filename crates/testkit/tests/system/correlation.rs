//! One id ties a request to everything that follows from it.

use domain::AppId;
use proto::v1::{CompleteTaskRequest, CreateTaskRequest, Task};
use testkit::{Database, LogLines, Plan, eventually, instant, task};
use tonic::Request;

#[tokio::test]
async fn a_correlation_id_goes_from_the_request_to_every_service() {
    const ID: &str = "from-the-browser-4711";
    let system = Plan::new(Database::Sqlite).start().await;
    let lines = LogLines::mentioning(ID);
    let alice = system.user("alice");
    let daily = Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    };
    let first = alice.create(daily).await;
    let mut request = Request::new(CompleteTaskRequest {
        id: first.id.clone(),
        ..CompleteTaskRequest::default()
    });
    request
        .metadata_mut()
        .insert("x-correlation-id", ID.parse().unwrap());
    let answer = alice.tasks().complete_task(request).await.unwrap();
    assert_eq!(answer.metadata().get("x-correlation-id").unwrap(), ID);

    let second = alice.successor(&first.id).await;
    assert_eq!(alice.history(&second.id, 1).await, ["task.created"]);
    assert_eq!(alice.history(&first.id, 2).await.len(), 2);
    for entry in alice.audit_trail("").await {
        let is_first = entry.entity_id == first.id && entry.event_type == "task.created";
        assert_eq!(entry.correlation_id == ID, !is_first, "{entry:?}");
    }
    // The reminder service has no part in it.
    for app in [
        AppId::BackendApi,
        AppId::RecurringService,
        AppId::AuditService,
        AppId::RealtimeService,
    ] {
        eventually(&format!("a log line of {app} with the id"), async || {
            let name = format!("\"service\":\"{app}\"");
            lines
                .so_far()
                .iter()
                .any(|line| line.contains(&name))
                .then_some(())
        })
        .await;
    }
    system.finish().await;
}

#[tokio::test]
async fn a_request_without_an_id_is_given_one_and_one_that_is_none_is_replaced() {
    let system = Plan::new(Database::Sqlite)
        .only(&[AppId::BackendApi])
        .start()
        .await;
    let alice = system.user("alice");
    for given in [None, Some(""), Some("with space"), Some("ü")] {
        let mut request = Request::new(CreateTaskRequest {
            task: Some(task("Anything")),
            ..CreateTaskRequest::default()
        });
        if let Some(given) = given.and_then(|given| given.parse().ok()) {
            request.metadata_mut().insert("x-correlation-id", given);
        }
        let answer = alice.tasks().create_task(request).await.unwrap();
        let id = answer
            .metadata()
            .get("x-correlation-id")
            .unwrap()
            .to_str()
            .unwrap();
        assert!(!id.is_empty() && Some(id) != given, "{id}");
    }
    system.finish().await;
}
