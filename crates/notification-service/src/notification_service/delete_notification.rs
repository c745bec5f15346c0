use domain::{Notification, NotificationId, UpdateAction};
use proto::request::NotificationRequest;
use proto::v1;
use service_kit::{ApiError, Context, Kit};

/// Removes a notification for good.
pub async fn delete_notification(
    kit: &Kit,
    context: &Context,
    id: NotificationId,
) -> Result<(), ApiError> {
    kit.transact(context, async |mut work| {
        let deleted = work
            .tx()
            .notification_delete(&context.user, id, work.now())
            .await?;
        let last = deleted.ok_or_else(|| ApiError::not_found("notification"))?;
        // A screen that holds the last state has to take this as a later one.
        let gone = Notification {
            version: last.version + 1,
            ..last
        };
        work.publish(gone.update(UpdateAction::Deleted));
        work.commit().await?;
        Ok(())
    })
    .await
}

pub(super) async fn answer(
    kit: &Kit,
    context: &Context,
    request: v1::DeleteNotificationRequest,
) -> Result<v1::DeleteNotificationResponse, ApiError> {
    let NotificationRequest { id } = request.try_into()?;
    delete_notification(kit, context, id).await?;
    Ok(v1::DeleteNotificationResponse {})
}
