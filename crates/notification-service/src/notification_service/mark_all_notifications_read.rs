use domain::{Payload, Update, UpdateAction, UpdateItem};
use service_kit::{ApiError, Context, Kit};

/// Marks all the user's notifications as read, and tells how many were not. Open screens are told
/// with one frame, however many there were.
pub async fn mark_all_notifications_read(kit: &Kit, context: &Context) -> Result<i64, ApiError> {
    kit.transact(context, async |mut work| {
        let through = work.now();
        let count = work
            .tx()
            .notification_mark_all_read(&context.user, through)
            .await?;
        if count > 0 {
            let item = UpdateItem::NotificationsRead { through };
            work.publish(Payload::Updates(Update {
                action: UpdateAction::Updated,
                item,
            }));
            work.commit().await?;
        }
        i64::try_from(count).map_err(ApiError::internal)
    })
    .await
}
