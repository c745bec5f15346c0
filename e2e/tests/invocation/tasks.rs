//! Unary calls.

use domain::AppId;
use e2e::System;
use proto::v1::{
    CreateTaskRequest, GetTaskRequest, ListAuditLogsRequest, ListTasksRequest, Task,
    audit_service_client::AuditServiceClient, task_service_client::TaskServiceClient,
};
use testkit::{eventually, task};
use tonic::{Code, Request, metadata::MetadataMap};
use tonic_types::StatusExt as _;

use crate::caller::{Caller, call};

/// The header that ties a request to everything that follows from it.
const CORRELATION_ID: &str = "x-correlation-id";

/// Makes a task, finds it, and finds what is told of it in the audit trail, all through sidecars.
pub(crate) async fn make_and_find_a_task(caller: &Caller) {
    let mut tasks = TaskServiceClient::new(caller.to(AppId::BackendApi));
    let mut request = Request::new(creation(task("Water the plants")));
    let given = "of-another-app".parse().unwrap();
    request.metadata_mut().insert(CORRELATION_ID, given);
    let created = tasks.create_task(request).await.unwrap();
    assert_eq!(correlation_id(created.metadata()), "of-another-app");
    let created = created.into_inner().task.unwrap();

    let listed = tasks.list_tasks(ListTasksRequest::default()).await.unwrap();
    assert!(listed.into_inner().tasks.contains(&created));

    let mut audit = AuditServiceClient::new(caller.to(AppId::AuditService));
    let logs = eventually("the audit row", async || {
        let request = ListAuditLogsRequest {
            task_id: created.id.clone(),
            ..ListAuditLogsRequest::default()
        };
        let logs = audit.list_audit_logs(request).await.unwrap();
        Some(logs.into_inner().audit_logs).filter(|logs| !logs.is_empty())
    })
    .await;
    let told: Vec<_> = logs
        .iter()
        .map(|log| (log.event_type.as_str(), log.correlation_id.as_str()))
        .collect();
    assert_eq!(told, [("task.created", "of-another-app")]);
}

#[tokio::test]
async fn a_task_is_made_and_found_through_another_apps_sidecar() {
    let system = System::found();
    let web = Caller::web(&system, "tasks-through-web").await;
    make_and_find_a_task(&web).await;
}

#[tokio::test]
async fn what_is_wrong_with_a_call_comes_back_in_full() {
    let system = System::found();
    let web = Caller::web(&system, "errors-through-web").await;
    let mut tasks = TaskServiceClient::new(web.to(AppId::BackendApi));

    let mut request = Request::new(creation(task("")));
    let given = "of-a-mistake".parse().unwrap();
    request.metadata_mut().insert(CORRELATION_ID, given);
    let status = tasks.create_task(request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument, "{status}");
    assert_eq!(correlation_id(status.metadata()), "of-a-mistake");
    let fields = status.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<_> = fields
        .into_iter()
        .map(|violation| violation.field)
        .collect();
    assert_eq!(fields, ["task.title"]);
    let info = status.get_details_error_info().unwrap();
    assert_eq!(info.reason, "INVALID_FIELD");
    assert_eq!(info.metadata["correlation_id"], "of-a-mistake");

    let request = GetTaskRequest {
        id: "01a22f14-f658-722c-ae3c-64217a6695af".to_owned(),
    };
    let status = tasks.get_task(request).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound, "{status}");
    assert!(status.get_details_error_info().is_some());

    // The sidecar's word is not taken for the user's.
    let nobody = web.signed_out();
    let request = ListTasksRequest::default();
    let path = "/errand.v1.TaskService/ListTasks";
    let status = call(nobody.to(AppId::BackendApi), path, request).await;
    let status = status.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated, "{status}");
    assert!(status.get_details_error_info().is_some());
}

fn correlation_id(metadata: &MetadataMap) -> &str {
    metadata.get(CORRELATION_ID).unwrap().to_str().unwrap()
}

fn creation(task: Task) -> CreateTaskRequest {
    CreateTaskRequest {
        task: Some(task),
        ..CreateTaskRequest::default()
    }
}
