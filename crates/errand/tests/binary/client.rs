//! A user with a token, over gRPC.

use std::time::Duration;

use domain::AppId;
use errand::topology;
use proto::v1::{
    AuditLog, CreateTaskRequest, ListAuditLogsRequest, ListTasksRequest, Task, TaskFilter,
    TrashFilter, audit_service_client::AuditServiceClient, task_service_client::TaskServiceClient,
};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};

/// How much is listed at once: the most there can be.
const PAGE: i32 = 500;

/// How long a call may take before its outcome counts as unknown.
const CALL: Duration = Duration::from_secs(5);

/// A user of a running `errand up`.
#[derive(Clone)]
pub(crate) struct User {
    /// Tasks.
    pub(crate) tasks: TaskServiceClient<Client>,
    /// The audit trail.
    pub(crate) audit: AuditServiceClient<Client>,
}

/// A channel whose calls bear a token.
pub(crate) type Client = InterceptedService<Channel, Bearer>;

/// Puts the token on each call.
#[derive(Clone)]
pub(crate) struct Bearer(MetadataValue<Ascii>);

impl User {
    /// The user of a token, on the services from this port on. They need not run yet.
    pub(crate) fn new(token: &str, base: u16) -> Self {
        let bearer = Bearer(format!("Bearer {token}").parse().unwrap());
        let client = |app| InterceptedService::new(channel(base, app), bearer.clone());
        Self {
            tasks: TaskServiceClient::new(client(AppId::BackendApi)),
            audit: AuditServiceClient::new(client(AppId::AuditService)),
        }
    }

    /// Makes a task with a title alone.
    pub(crate) async fn create(&self, title: &str) -> Result<Task, Status> {
        let task = Task {
            title: title.to_owned(),
            ..Task::default()
        };
        let request = CreateTaskRequest {
            task: Some(task),
            ..CreateTaskRequest::default()
        };
        let response = self.tasks.clone().create_task(request).await?;
        Ok(response.into_inner().task.expect("the answer has a task"))
    }

    /// All tasks, those in the trash too.
    pub(crate) async fn all_tasks(&self) -> Result<Vec<Task>, Status> {
        let mut request = ListTasksRequest {
            filter: Some(TaskFilter {
                trash: TrashFilter::Include.into(),
                ..TaskFilter::default()
            }),
            page_size: PAGE,
            ..ListTasksRequest::default()
        };
        let mut tasks = Vec::new();
        loop {
            let page = self.tasks.clone().list_tasks(request.clone()).await?;
            let page = page.into_inner();
            tasks.extend(page.tasks);
            if page.next_page_token.is_empty() {
                return Ok(tasks);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// The whole audit trail, oldest first.
    pub(crate) async fn all_logs(&self) -> Result<Vec<AuditLog>, Status> {
        let mut request = ListAuditLogsRequest {
            page_size: PAGE,
            ..ListAuditLogsRequest::default()
        };
        let mut logs = Vec::new();
        loop {
            let page = self.audit.clone().list_audit_logs(request.clone()).await?;
            let page = page.into_inner();
            logs.extend(page.audit_logs);
            if page.next_page_token.is_empty() {
                logs.reverse();
                return Ok(logs);
            }
            request.page_token = page.next_page_token;
        }
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("authorization", self.0.clone());
        Ok(request)
    }
}

fn channel(base: u16, app: AppId) -> Channel {
    let port = base + topology::port_offset(app);
    let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{port}")).unwrap();
    endpoint.timeout(CALL).connect_lazy()
}
