use domain::{Notification, NotificationKind, ReminderId, TaskId, UserId, ValueError, Violations};

use super::{complete, due_from_wire, moment, optional_moment, required_choice, take};
use crate::{v1, wkt};

impl From<&Notification> for v1::Notification {
    fn from(notification: &Notification) -> Self {
        Self {
            id: notification.id.to_string(),
            kind: v1::NotificationKind::from(notification.kind).into(),
            task_id: notification.task_id.to_string(),
            task_title: notification.task_title.clone(),
            due: notification.due.as_ref().map(v1::Due::from),
            reminder_id: notification.reminder_id.to_string(),
            remind_at: Some(notification.remind_at.into()),
            read: notification.read_at.is_some(),
            read_at: notification.read_at.map(wkt::Timestamp::from),
            created_at: Some(notification.created_at.into()),
            snoozed_until: notification.snoozed_until.map(wkt::Timestamp::from),
            version: notification.version,
        }
    }
}

/// A notification of `owner` that Errand wrote, in an event. The violations name fields of the
/// notification.
pub(super) fn notification_from_wire(
    notification: v1::Notification,
    owner: &UserId,
) -> Result<Notification, Violations> {
    let mut violations = Violations::new();
    let id = violations.take("id", notification.id.parse());
    let kind: Option<NotificationKind> =
        violations.take("kind", required_choice(notification.kind));
    let task_id: Option<TaskId> = violations.take("task_id", notification.task_id.parse());
    let due = notification
        .due
        .as_ref()
        .map(|due| due_from_wire(due, "due"))
        .transpose();
    let due = take(&mut violations, due);
    let reminder_id: Option<ReminderId> =
        violations.take("reminder_id", notification.reminder_id.parse());
    let remind_at = violations.take("remind_at", moment(notification.remind_at));
    let read_at = violations.take("read_at", optional_moment(notification.read_at));
    if notification.read != notification.read_at.is_some() {
        violations.add("read", "must say the same as read_at");
    }
    let created_at = violations.take("created_at", moment(notification.created_at));
    let snoozed_until =
        violations.take("snoozed_until", optional_moment(notification.snoozed_until));
    if notification.task_title.is_empty() {
        violations.add("task_title", ValueError::Missing);
    }
    if notification.version < 1 {
        violations.add("version", "must be 1 or more");
    }
    complete(violations, || {
        Some(Notification {
            id: id?,
            user_id: owner.clone(),
            kind: kind?,
            task_id: task_id?,
            task_title: notification.task_title,
            due: due?,
            reminder_id: reminder_id?,
            remind_at: remind_at?,
            read_at: read_at?,
            created_at: created_at?,
            snoozed_until: snoozed_until?,
            version: notification.version,
        })
    })
}
