//! A user of the system, with typed clients.

use std::{sync::Arc, time::Duration};

use domain::{AppId, UserId};
use proto::v1::{
    AuditLog, CompleteTaskRequest, CreateTaskRequest, GetTaskRequest, ListAuditLogsRequest,
    ListNotificationsRequest, ListTasksRequest, Notification, Task,
    account_service_client::AccountServiceClient, audit_service_client::AuditServiceClient,
    notification_service_client::NotificationServiceClient,
    profile_service_client::ProfileServiceClient, task_service_client::TaskServiceClient,
    update_service_client::UpdateServiceClient,
};
use service_kit::{Clock as _, Seal, auth::mint_local_token, testing::ManualClock};
use tonic::{
    Request, Status,
    service::{Interceptor, interceptor::InterceptedService},
    transport::Channel,
};
use uuid::Uuid;

use crate::{address_book::AddressBook, eventually::eventually, updates::Updates};

/// How long a user's token is good, from the moment of the call.
const LIFETIME: Duration = Duration::from_hours(1);

/// A user of the system. A cheap handle.
#[derive(Clone)]
pub struct User {
    bearer: Bearer,
    addresses: AddressBook,
}

/// Puts a fresh token on each call.
#[derive(Clone)]
pub struct Bearer {
    user: UserId,
    seal: Seal,
    clock: Arc<ManualClock>,
    lifetime: Duration,
}

/// A channel whose calls bear a token.
pub type Client = InterceptedService<Channel, Bearer>;

impl User {
    pub(crate) fn new(
        user: UserId,
        seal: Seal,
        clock: Arc<ManualClock>,
        addresses: AddressBook,
    ) -> Self {
        let bearer = Bearer {
            user,
            seal,
            clock,
            lifetime: LIFETIME,
        };
        Self { bearer, addresses }
    }

    /// Whose tokens these are.
    pub fn id(&self) -> &UserId {
        &self.bearer.user
    }

    /// The same user with tokens that are good for so long.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.bearer.lifetime = lifetime;
        self
    }

    /// A token as it is made now.
    pub fn token(&self) -> String {
        self.bearer.token()
    }

    /// A channel to a replica of a service, for clients that are not here.
    pub fn client(&self, app: AppId, replica: usize) -> Client {
        InterceptedService::new(self.addresses.channel(app, replica), self.bearer.clone())
    }

    /// Tasks.
    pub fn tasks(&self) -> TaskServiceClient<Client> {
        self.tasks_on(0)
    }

    /// Tasks, by this replica.
    pub fn tasks_on(&self, replica: usize) -> TaskServiceClient<Client> {
        TaskServiceClient::new(self.client(AppId::BackendApi, replica))
    }

    /// The profile.
    pub fn profile(&self) -> ProfileServiceClient<Client> {
        ProfileServiceClient::new(self.client(AppId::BackendApi, 0))
    }

    /// The account.
    pub fn account(&self) -> AccountServiceClient<Client> {
        AccountServiceClient::new(self.client(AppId::BackendApi, 0))
    }

    /// Notifications.
    pub fn notifications(&self) -> NotificationServiceClient<Client> {
        NotificationServiceClient::new(self.client(AppId::NotificationService, 0))
    }

    /// The audit trail.
    pub fn audit(&self) -> AuditServiceClient<Client> {
        AuditServiceClient::new(self.client(AppId::AuditService, 0))
    }

    /// Live updates, by this replica.
    pub fn updates_on(&self, replica: usize) -> UpdateServiceClient<Client> {
        UpdateServiceClient::new(self.client(AppId::RealtimeService, replica))
    }

    /// Opens a live stream and waits for its first message. An empty cursor begins now.
    pub async fn watch(&self, replica: usize, cursor: &str) -> Updates {
        Updates::open(self.updates_on(replica), cursor).await
    }

    /// Creates a task.
    pub async fn create(&self, task: Task) -> Task {
        let request = CreateTaskRequest {
            task: Some(task),
            ..CreateTaskRequest::default()
        };
        let response = self.tasks().create_task(request).await;
        let response = response.expect("the task is created");
        response.into_inner().task.expect("the answer has a task")
    }

    /// Completes a task.
    pub async fn complete(&self, id: &str) -> Task {
        let request = CompleteTaskRequest {
            id: id.to_owned(),
            ..CompleteTaskRequest::default()
        };
        let response = self.tasks().complete_task(request).await;
        let response = response.expect("the task is completed");
        response.into_inner().task.expect("the answer has a task")
    }

    /// A task.
    pub async fn get(&self, id: &str) -> Task {
        let request = GetTaskRequest { id: id.to_owned() };
        let response = self.tasks().get_task(request).await;
        let response = response.expect("the task is there");
        response.into_inner().task.expect("the answer has a task")
    }

    /// The first page of tasks, the trash left out.
    pub async fn list(&self) -> Vec<Task> {
        let response = self.tasks().list_tasks(ListTasksRequest::default()).await;
        response.expect("tasks are listed").into_inner().tasks
    }

    /// The first page of notifications.
    pub async fn list_notifications(&self) -> Vec<Notification> {
        let request = ListNotificationsRequest::default();
        let response = self.notifications().list_notifications(request).await;
        let response = response.expect("notifications are listed");
        response.into_inner().notifications
    }

    /// The first page of the audit trail, latest first, of a task or, when empty, of all.
    pub async fn audit_trail(&self, task_id: &str) -> Vec<AuditLog> {
        let request = ListAuditLogsRequest {
            task_id: task_id.to_owned(),
            page_size: 100,
            ..ListAuditLogsRequest::default()
        };
        let response = self.audit().list_audit_logs(request).await;
        response
            .expect("the audit trail is listed")
            .into_inner()
            .audit_logs
    }

    /// The types of a task's events in the order in which they happened, once there are so many.
    pub async fn history(&self, task_id: &str, length: usize) -> Vec<String> {
        let what = format!("{length} audited events of {task_id}");
        let mut trail = eventually(&what, async || {
            let trail = self.audit_trail(task_id).await;
            (length <= trail.len()).then_some(trail)
        })
        .await;
        trail.sort_by_key(|entry| entry.sequence);
        trail.into_iter().map(|entry| entry.event_type).collect()
    }

    /// What follows a completed task, once it is there.
    pub async fn successor(&self, id: &str) -> Task {
        let what = format!("a successor of {id}");
        let successor = eventually(&what, async || {
            Some(self.get(id).await.successor_task_id).filter(|id| !id.is_empty())
        });
        let successor = successor.await;
        self.get(&successor).await
    }

    /// Notifications, once there are so many.
    pub async fn notified(&self, count: usize) -> Vec<Notification> {
        eventually(&format!("{count} notifications"), async || {
            let notifications = self.list_notifications().await;
            (count <= notifications.len()).then_some(notifications)
        })
        .await
    }
}

impl Bearer {
    fn token(&self) -> String {
        // The id is what tells tokens apart; those of a test need not be.
        let id = Uuid::from_u128(1);
        mint_local_token(&self.seal, &self.user, self.clock.now(), self.lifetime, id)
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let value = format!("Bearer {}", self.token());
        let value = value.parse().expect("a token is visible ASCII");
        request.metadata_mut().insert("authorization", value);
        Ok(request)
    }
}
