//! The message of an event made field by field with the generated types.

use domain::{Event, Payload};
use proto::v1;
use serde::Serialize;

macro_rules! message {
    ($message:ident, $event:expr, $data:expr) => {
        bytes(&v1::$message {
            event_id: $event.id.to_string(),
            timestamp: Some($event.occurred_at.into()),
            event_type: $event.payload.topic().event_type().into(),
            user_id: $event.user_id.to_string(),
            correlation_id: $event.correlation_id.to_string(),
            sequence: $event.sequence,
            schema_version: 1,
            source: $event.source.to_string(),
            actor: Some(v1::Actor::from(&$event.actor)),
            data: Some($data),
        })
    };
}

/// The JSON that pbjson writes for the typed message of an event.
pub fn typed_json(event: &Event) -> Vec<u8> {
    match &event.payload {
        Payload::TaskCreated { task } => {
            message!(
                TaskCreated,
                event,
                v1::TaskCreatedData {
                    task: Some((&**task).into())
                }
            )
        }
        Payload::TaskUpdated {
            before,
            after,
            changed_fields,
        } => {
            let data = v1::TaskUpdatedData {
                before: Some((&**before).into()),
                after: Some((&**after).into()),
                changed_fields: changed_fields.clone(),
            };
            message!(TaskUpdated, event, data)
        }
        Payload::TaskCompleted { task } => {
            message!(
                TaskCompleted,
                event,
                v1::TaskCompletedData {
                    task: Some((&**task).into())
                }
            )
        }
        Payload::TaskDeleted { task } => {
            message!(
                TaskDeleted,
                event,
                v1::TaskDeletedData {
                    task: Some((&**task).into())
                }
            )
        }
        Payload::ReminderDue {
            reminder_id,
            remind_at,
            task,
        } => {
            let data = v1::ReminderDueData {
                reminder_id: reminder_id.to_string(),
                remind_at: Some((*remind_at).into()),
                task: Some((&**task).into()),
            };
            message!(ReminderDue, event, data)
        }
        Payload::Updates(update) => message!(TaskUpdates, event, v1::UpdateData::from(update)),
    }
}

fn bytes<T: Serialize>(message: &T) -> Vec<u8> {
    serde_json::to_vec(message).unwrap()
}
