use domain::Topic;

use super::DecodeError;
use super::read::read;
use crate::v1;

/// What an event tells of its task's past and present, for the audit trail.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The task as it was, where the event tells it.
    pub before: Option<v1::Task>,
    /// The task as it became.
    pub after: Option<v1::Task>,
    /// The names of the task's fields that changed, where the event tells them.
    pub changed_fields: Vec<String>,
}

/// Reads the member `data` of an audited event, as it was stored.
///
/// It is read as it was written, without regard to what a task may be today: the past does not
/// change with the rules. An event of `task-updates` tells no history.
pub fn history(topic: Topic, data: &str) -> Result<History, DecodeError> {
    let json = data.as_bytes();
    let after = |after| History {
        after,
        ..History::default()
    };
    Ok(match topic {
        Topic::TaskCreated => after(read::<v1::TaskCreatedData>(json)?.task),
        Topic::TaskUpdated => {
            let data: v1::TaskUpdatedData = read(json)?;
            let v1::TaskUpdatedData {
                before,
                after,
                changed_fields,
            } = data;
            History {
                before,
                after,
                changed_fields,
            }
        }
        Topic::TaskCompleted => after(read::<v1::TaskCompletedData>(json)?.task),
        Topic::TaskDeleted => after(read::<v1::TaskDeletedData>(json)?.task),
        Topic::ReminderDue => after(read::<v1::ReminderDueData>(json)?.task),
        Topic::TaskUpdates => History::default(),
    })
}
