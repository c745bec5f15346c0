//! A user with a token, over gRPC, on whichever replica a test likes.

mod changes;
mod waits;

use std::time::Duration;

use domain::AppId;
use proto::v1::{
    AuditLog, CreateTaskRequest, ListAuditLogsRequest, ListNotificationsRequest, ListTasksRequest,
    Notification, StreamUpdatesRequest, Task, TaskFilter, TrashFilter,
    account_service_client::AccountServiceClient, audit_service_client::AuditServiceClient,
    notification_service_client::NotificationServiceClient, task_service_client::TaskServiceClient,
    update_service_client::UpdateServiceClient,
};
use testkit::Updates;
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};

use crate::system::System;

/// How much is listed at once: the most there can be.
const PAGE: i32 = 500;

/// How long a call may take before its outcome counts as unknown.
const CALL: Duration = Duration::from_secs(10);

/// A user of the system, with a connection to each replica that lasts. Replicas need not run.
#[derive(Clone, Debug)]
pub struct User {
    name: String,
    bearer: Bearer,
    channels: Vec<(AppId, usize, Channel)>,
    stream_channels: Vec<Channel>,
}

/// A channel whose calls bear a token.
pub type Client = InterceptedService<Channel, Bearer>;

/// Puts the token on each call.
#[derive(Clone, Debug)]
pub struct Bearer(MetadataValue<Ascii>);

impl User {
    pub(crate) fn new(system: &System, name: &str, token: &str) -> Self {
        let bearer = format!("Bearer {token}").parse();
        let replicas = || {
            let apps = AppId::ALL.into_iter();
            apps.flat_map(|app| (0..system.replicas()).map(move |replica| (app, replica)))
        };
        let endpoint = |app, replica| {
            let address = format!("http://{}", system.address(app, replica));
            Endpoint::from_shared(address).expect("an address is a URI")
        };
        let channel = |(app, replica)| {
            let channel = endpoint(app, replica).timeout(CALL).connect_lazy();
            (app, replica, channel)
        };
        let streams = (0..system.replicas()).map(|replica| {
            // A stream that says nothing for so long is dead: a heartbeat comes every 15 seconds.
            endpoint(AppId::RealtimeService, replica)
                .connect_timeout(CALL)
                .connect_lazy()
        });
        Self {
            name: name.to_owned(),
            bearer: Bearer(bearer.expect("a token is visible ASCII")),
            channels: replicas().map(channel).collect(),
            stream_channels: streams.collect(),
        }
    }

    /// The user's id.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Tasks, by this replica.
    pub fn tasks(&self, replica: usize) -> TaskServiceClient<Client> {
        TaskServiceClient::new(self.client(AppId::BackendApi, replica))
    }

    /// The account, by this replica.
    pub fn account(&self, replica: usize) -> AccountServiceClient<Client> {
        AccountServiceClient::new(self.client(AppId::BackendApi, replica))
    }

    /// Notifications, by this replica.
    pub fn notifications(&self, replica: usize) -> NotificationServiceClient<Client> {
        NotificationServiceClient::new(self.client(AppId::NotificationService, replica))
    }

    /// The audit trail, by this replica.
    pub fn audit(&self, replica: usize) -> AuditServiceClient<Client> {
        AuditServiceClient::new(self.client(AppId::AuditService, replica))
    }

    /// Live updates, by this replica.
    pub fn updates(&self, replica: usize) -> UpdateServiceClient<Client> {
        let channel = self.stream_channels[replica].clone();
        UpdateServiceClient::new(InterceptedService::new(channel, self.bearer.clone()))
    }

    /// A channel to a replica of a service, for clients that are not here.
    pub fn client(&self, app: AppId, replica: usize) -> Client {
        let mut channels = self.channels.iter();
        let channel = channels.find(|(of, number, _)| (*of, *number) == (app, replica));
        let (_, _, channel) = channel.expect("the system has such a replica");
        InterceptedService::new(channel.clone(), self.bearer.clone())
    }

    /// Opens a live stream and waits for its first message. An empty cursor begins now.
    pub async fn watch(&self, replica: usize, cursor: &str) -> Result<Updates, Status> {
        let request = StreamUpdatesRequest {
            cursor: cursor.to_owned(),
        };
        let answer = self.updates(replica).stream_updates(request).await?;
        Updates::begin(answer.into_inner()).await
    }

    /// Creates a task.
    pub async fn create(&self, replica: usize, task: Task) -> Result<Task, Status> {
        let request = CreateTaskRequest {
            task: Some(task),
            ..CreateTaskRequest::default()
        };
        let response = self.tasks(replica).create_task(request).await?;
        Ok(response.into_inner().task.expect("the answer has a task"))
    }

    /// All tasks, those in the trash too.
    pub async fn all_tasks(&self) -> Result<Vec<Task>, Status> {
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
            let page = self.tasks(0).list_tasks(request.clone()).await?;
            let page = page.into_inner();
            tasks.extend(page.tasks);
            if page.next_page_token.is_empty() {
                return Ok(tasks);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// The whole audit trail, oldest first.
    pub async fn all_logs(&self) -> Result<Vec<AuditLog>, Status> {
        let mut request = ListAuditLogsRequest {
            page_size: PAGE,
            ..ListAuditLogsRequest::default()
        };
        let mut logs = Vec::new();
        loop {
            let page = self.audit(0).list_audit_logs(request.clone()).await?;
            let page = page.into_inner();
            logs.extend(page.audit_logs);
            if page.next_page_token.is_empty() {
                logs.reverse();
                return Ok(logs);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// All notifications.
    pub async fn all_notifications(&self) -> Result<Vec<Notification>, Status> {
        let mut request = ListNotificationsRequest {
            page_size: PAGE,
            ..ListNotificationsRequest::default()
        };
        let mut notifications = Vec::new();
        loop {
            let mut client = self.notifications(0);
            let page = client.list_notifications(request.clone()).await?;
            let page = page.into_inner();
            notifications.extend(page.notifications);
            if page.next_page_token.is_empty() {
                return Ok(notifications);
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
