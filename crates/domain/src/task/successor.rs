use jiff::Timestamp;

use super::{Change, ChangeKind, Status, Task};
use crate::NewIds;
use crate::reminder::carry;

impl Task {
    /// What follows a completed recurring task: the task itself with the link to its successor, and
    /// the successor's creation. `None` if it is not completed, does not recur, has a successor
    /// already, or is the last of its series. One that was completed and then put in the trash
    /// still has a successor.
    ///
    /// The link is bookkeeping, not an edit: version and `updated_at` of the task stay.
    pub fn successor(&self, now: Timestamp, ids: &mut dyn NewIds) -> Option<(Task, Change)> {
        let completed_at = self.completed_at()?;
        let (recurrence, due) = self.recurrence.as_ref().zip(self.due.as_ref())?;
        if self.successor_task_id.is_some() {
            return None;
        }
        let (occurrence, next_due) = recurrence.next(completed_at, due.zone()).ok()?;
        let from = (due, self.nominal_due(due));
        let carried = carry(&self.reminders, from, (&next_due, occurrence.local));
        let successor = Task {
            id: ids.task_id(),
            user_id: self.user_id.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            priority: self.priority,
            category: self.category,
            status: Status::Pending,
            tags: self.tags.clone(),
            due: Some(next_due),
            recurrence: Some(recurrence.at(&occurrence)),
            reminders: carried
                .into_iter()
                .map(|carried| carried.renewed(ids))
                .collect(),
            parent_task_id: Some(self.parent_task_id.unwrap_or(self.id)),
            predecessor_task_id: Some(self.id),
            successor_task_id: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        };
        let predecessor = Task {
            successor_task_id: Some(successor.id),
            ..self.clone()
        };
        Some((
            predecessor,
            Change {
                before: None,
                after: successor,
                kind: ChangeKind::Created,
            },
        ))
    }

    /// Takes back a successor that nobody has touched since it was made: it goes to the trash and
    /// gives up its predecessor's key, so that completing the predecessor again makes a new one.
    /// `None` if it was touched.
    pub fn take_back(successor: Task, now: Timestamp) -> Option<Change> {
        if successor.version != 1 || !successor.is_active() {
            return None;
        }
        let before = successor.clone();
        let after = Task {
            deleted_at: Some(now),
            predecessor_task_id: None,
            ..successor.next_version(now)
        };
        Some(Change {
            before: Some(before),
            after,
            kind: ChangeKind::Deleted,
        })
    }
}
