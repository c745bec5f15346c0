//! What a user has: whole lists, by the first replica that can tell.

use std::future::Future;

use proto::v1::{
    AuditLog, ListAuditLogsRequest, ListNotificationsRequest, ListTasksRequest, Notification, Task,
    TaskFilter, TrashFilter,
};
use tonic::Status;

use super::User;

/// How much is listed at once: the most there can be.
const PAGE: i32 = 500;

impl User {
    /// All tasks, those in the trash too.
    pub async fn all_tasks(&self) -> Result<Vec<Task>, Status> {
        self.by_any(|replica| self.tasks_by(replica)).await
    }

    /// The whole audit trail, oldest first.
    pub async fn all_logs(&self) -> Result<Vec<AuditLog>, Status> {
        self.by_any(|replica| self.logs_by(replica)).await
    }

    /// All notifications.
    pub async fn all_notifications(&self) -> Result<Vec<Notification>, Status> {
        self.by_any(|replica| self.notifications_by(replica)).await
    }

    /// The answer of the first replica that has one; the last failure where none has.
    async fn by_any<T, F>(&self, ask: impl Fn(usize) -> F) -> Result<T, Status>
    where
        F: Future<Output = Result<T, Status>>,
    {
        let mut answer = ask(0).await;
        for replica in 1..self.replicas() {
            if answer.is_ok() {
                break;
            }
            answer = ask(replica).await;
        }
        answer
    }

    async fn tasks_by(&self, replica: usize) -> Result<Vec<Task>, Status> {
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
            let page = self.tasks(replica).list_tasks(request.clone()).await?;
            let page = page.into_inner();
            tasks.extend(page.tasks);
            if page.next_page_token.is_empty() {
                return Ok(tasks);
            }
            request.page_token = page.next_page_token;
        }
    }

    async fn logs_by(&self, replica: usize) -> Result<Vec<AuditLog>, Status> {
        let mut request = ListAuditLogsRequest {
            page_size: PAGE,
            ..ListAuditLogsRequest::default()
        };
        let mut logs = Vec::new();
        loop {
            let page = self.audit(replica).list_audit_logs(request.clone()).await?;
            let page = page.into_inner();
            logs.extend(page.audit_logs);
            if page.next_page_token.is_empty() {
                logs.reverse();
                return Ok(logs);
            }
            request.page_token = page.next_page_token;
        }
    }

    async fn notifications_by(&self, replica: usize) -> Result<Vec<Notification>, Status> {
        let mut request = ListNotificationsRequest {
            page_size: PAGE,
            ..ListNotificationsRequest::default()
        };
        let mut notifications = Vec::new();
        loop {
            let mut client = self.notifications(replica);
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
