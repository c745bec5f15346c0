use domain::{Update, UpdateItem, UserId, ValueError, Violations};

use super::notification::notification_from_wire;
use super::{WireContext, complete, moment, required_choice, take, task_from_wire, task_to_wire};
use crate::v1;
use crate::v1::update_data::Item;

/// A change as a stream has it: its task with the time at which it is purged.
pub fn update_to_wire(update: &Update, context: &WireContext) -> v1::UpdateData {
    match &update.item {
        UpdateItem::Task(task) => v1::UpdateData {
            action: v1::UpdateAction::from(update.action).into(),
            item: Some(Item::Task(task_to_wire(task, context))),
        },
        _ => v1::UpdateData::from(update),
    }
}

impl From<&Update> for v1::UpdateData {
    /// A change as an event has it.
    fn from(update: &Update) -> Self {
        let item = match &update.item {
            UpdateItem::Task(task) => Item::Task(v1::Task::from(&**task)),
            UpdateItem::Notification(notification) => {
                Item::Notification(v1::Notification::from(&**notification))
            }
            UpdateItem::NotificationsRead { through } => {
                Item::NotificationsRead(v1::NotificationsRead {
                    through: Some((*through).into()),
                })
            }
            UpdateItem::AccountDeleted { deleted_at } => Item::AccountDeleted(v1::AccountDeleted {
                deleted_at: Some((*deleted_at).into()),
            }),
        };
        Self {
            action: v1::UpdateAction::from(update.action).into(),
            item: Some(item),
        }
    }
}

/// A change of a thing of `owner` that Errand wrote. The violations name fields of the message.
pub(crate) fn update_from_wire(
    update: v1::UpdateData,
    owner: &UserId,
) -> Result<Update, Violations> {
    let mut violations = Violations::new();
    let action = violations.take("action", required_choice(update.action));
    let item = match update.item {
        None => Err(Violations::one("item", ValueError::Missing)),
        Some(Item::Task(task)) => task_from_wire(&task, owner)
            .map(|task| UpdateItem::Task(Box::new(task)))
            .map_err(|violations| violations.scoped("task")),
        Some(Item::Notification(notification)) => notification_from_wire(notification, owner)
            .map(|notification| UpdateItem::Notification(Box::new(notification)))
            .map_err(|violations| violations.scoped("notification")),
        Some(Item::NotificationsRead(read)) => moment(read.through)
            .map(|through| UpdateItem::NotificationsRead { through })
            .map_err(|error| Violations::one("notifications_read.through", error)),
        Some(Item::AccountDeleted(deleted)) => moment(deleted.deleted_at)
            .map(|deleted_at| UpdateItem::AccountDeleted { deleted_at })
            .map_err(|error| Violations::one("account_deleted.deleted_at", error)),
    };
    let item = take(&mut violations, item);
    complete(violations, || {
        Some(Update {
            action: action?,
            item: item?,
        })
    })
}
