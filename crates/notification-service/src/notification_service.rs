//! `errand.v1.NotificationService`, one RPC a file: each reads its request, does its one use case,
//! and answers.

mod delete_notification;
mod list_notifications;
mod mark_all_notifications_read;
mod mark_notification_read;
mod snooze_reminder;

use proto::v1;
use proto::v1::notification_service_server::NotificationService;
use service_kit::{Context, Kit};
use tonic::{Request, Response, Status};

pub use delete_notification::delete_notification;
pub use list_notifications::{NotificationPage, list_notifications};
pub use mark_all_notifications_read::mark_all_notifications_read;
pub use mark_notification_read::mark_notification_read;
pub use snooze_reminder::{Snoozed, snooze_reminder};

/// Serves `NotificationService`.
#[derive(Debug, Clone)]
pub struct NotificationGrpc {
    kit: Kit,
}

impl NotificationGrpc {
    /// Serves it with this kit.
    pub fn new(kit: Kit) -> Self {
        Self { kit }
    }
}

#[tonic::async_trait]
impl NotificationService for NotificationGrpc {
    async fn list_notifications(
        &self,
        request: Request<v1::ListNotificationsRequest>,
    ) -> Result<Response<v1::ListNotificationsResponse>, Status> {
        let context = Context::of(&request)?;
        let answer = list_notifications::answer(&self.kit, &context, request.into_inner()).await?;
        Ok(Response::new(answer))
    }

    async fn mark_notification_read(
        &self,
        request: Request<v1::MarkNotificationReadRequest>,
    ) -> Result<Response<v1::MarkNotificationReadResponse>, Status> {
        let context = Context::of(&request)?;
        let answer =
            mark_notification_read::answer(&self.kit, &context, request.into_inner()).await?;
        Ok(Response::new(answer))
    }

    async fn mark_all_notifications_read(
        &self,
        request: Request<v1::MarkAllNotificationsReadRequest>,
    ) -> Result<Response<v1::MarkAllNotificationsReadResponse>, Status> {
        let context = Context::of(&request)?;
        let count = mark_all_notifications_read(&self.kit, &context).await?;
        Ok(Response::new(v1::MarkAllNotificationsReadResponse {
            count,
        }))
    }

    async fn delete_notification(
        &self,
        request: Request<v1::DeleteNotificationRequest>,
    ) -> Result<Response<v1::DeleteNotificationResponse>, Status> {
        let context = Context::of(&request)?;
        let answer = delete_notification::answer(&self.kit, &context, request.into_inner()).await?;
        Ok(Response::new(answer))
    }

    async fn snooze_reminder(
        &self,
        request: Request<v1::SnoozeReminderRequest>,
    ) -> Result<Response<v1::SnoozeReminderResponse>, Status> {
        let context = Context::of(&request)?;
        let answer = snooze_reminder::answer(&self.kit, &context, request.get_ref()).await?;
        Ok(Response::new(answer))
    }
}
