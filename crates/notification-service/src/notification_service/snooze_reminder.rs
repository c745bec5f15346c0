use domain::{Notification, Reminder, UpdateAction};
use proto::request::SnoozeReminder;
use proto::v1;
use service_kit::{ApiError, Context, ErrorKind, Kit};

/// A reminder that was put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snoozed {
    /// The reminder, waiting again.
    pub reminder: Reminder,
    /// The notification, read and put off.
    pub notification: Notification,
}

/// Puts off the reminder behind a notification.
pub async fn snooze_reminder(
    kit: &Kit,
    context: &Context,
    request: SnoozeReminder,
) -> Result<Snoozed, ApiError> {
    let SnoozeReminder {
        notification_id,
        until,
    } = request;
    let user = &context.user;
    kit.transact(context, async |mut work| {
        let not_found = || ApiError::not_found("notification");
        let found = work.tx().notification_get(user, notification_id).await?;
        let (task_id, reminder_id) = found
            .map(|found| (found.task_id, found.reminder_id))
            .ok_or_else(not_found)?;
        // The task is locked before the notification, as everywhere.
        let task = work.tx().task_get_for_update(user, task_id).await?;
        let task = task.ok_or(ErrorKind::ReminderGone)?;
        let reminder = task.snooze(reminder_id, until)?;
        let found = work
            .tx()
            .notification_get_for_update(user, notification_id)
            .await?;
        let notification = found.ok_or_else(not_found)?.snooze(until, work.now());
        if !work.tx().reminder_snooze(user, task_id, &reminder).await? {
            return Err(ErrorKind::ReminderGone.into());
        }
        work.tx().notification_update(&notification).await?;
        work.publish(notification.clone().update(UpdateAction::Updated));
        work.commit().await?;
        Ok(Snoozed {
            reminder,
            notification,
        })
    })
    .await
}

pub(super) async fn answer(
    kit: &Kit,
    context: &Context,
    request: &v1::SnoozeReminderRequest,
) -> Result<v1::SnoozeReminderResponse, ApiError> {
    let request = SnoozeReminder::parse(request, kit.now())?;
    let Snoozed {
        reminder,
        notification,
    } = snooze_reminder(kit, context, request).await?;
    Ok(v1::SnoozeReminderResponse {
        reminder: Some((&reminder).into()),
        notification: Some((&notification).into()),
    })
}
