use domain::{Payload, Update, UpdateAction, UpdateItem};
use service_kit::{ApiError, Context, Kit};

/// Marks all the user's notifications as read, and tells how many were not. Open screens are told
/// with one frame, however many there were: up to which moment they are read. One that is stored
/// meanwhile is either among them or later than that moment.
pub async fn mark_all_notifications_read(kit: &Kit, context: &Context) -> Result<i64, ApiError> {
    kit.transact(context, async |mut work| {
        let marked = work
            .tx()
            .notification_mark_all_read(&context.user, work.now())
            .await?;
        let Some(marked) = marked else {
            return Ok(0);
        };
        work.publish(Payload::Updates(Update {
            action: UpdateAction::Updated,
            item: UpdateItem::NotificationsRead {
                through: marked.through,
            },
        }));
        work.commit().await?;
        i64::try_from(marked.count).map_err(ApiError::internal)
    })
    .await
}
