use domain::{Notification, NotificationId, UpdateAction};
use proto::request::NotificationRequest;
use proto::v1;
use service_kit::{ApiError, Context, Kit};

/// Marks a notification as read. One that is read already stays as it is.
pub async fn mark_notification_read(
    kit: &Kit,
    context: &Context,
    id: NotificationId,
) -> Result<Notification, ApiError> {
    kit.transact(context, async |mut work| {
        let found = work
            .tx()
            .notification_get_for_update(&context.user, id)
            .await?;
        let notification = found.ok_or_else(|| ApiError::not_found("notification"))?;
        let Some(read) = notification.clone().mark_read(work.now()) else {
            return Ok(notification);
        };
        work.tx().notification_update(&read).await?;
        work.publish(read.clone().update(UpdateAction::Updated));
        work.commit().await?;
        Ok(read)
    })
    .await
}

pub(super) async fn answer(
    kit: &Kit,
    context: &Context,
    request: v1::MarkNotificationReadRequest,
) -> Result<v1::MarkNotificationReadResponse, ApiError> {
    let NotificationRequest { id } = request.try_into()?;
    let notification = mark_notification_read(kit, context, id).await?;
    Ok(v1::MarkNotificationReadResponse {
        notification: Some((&notification).into()),
    })
}
