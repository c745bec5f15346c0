use async_trait::async_trait;
use domain::{Notification, UpdateAction};
use service_kit::{Handle, HandleError, Received, ReminderDue, ReminderDueData, UnitOfWork};

/// Stores what the user is told of a reminder that went off, and tells their open screens.
///
/// The notification bears the event's id, so that an event that comes again makes no second one,
/// not even after the user has deleted the first.
#[derive(Debug, Clone, Copy)]
pub struct StoreNotification;

#[async_trait]
impl Handle<ReminderDue> for StoreNotification {
    async fn handle(
        &self,
        due: ReminderDueData<'_>,
        received: &Received<'_>,
        work: &mut UnitOfWork,
    ) -> Result<(), HandleError> {
        let ReminderDueData {
            reminder_id,
            remind_at,
            task,
        } = due;
        let event = received.event.id;
        let notification =
            Notification::of_reminder(event, reminder_id, remind_at, task, work.now());
        let stored = work.tx().notification_insert_once(&notification).await?;
        if let Some(stored) = stored {
            work.publish(stored.update(UpdateAction::Created));
        }
        Ok(())
    }
}
