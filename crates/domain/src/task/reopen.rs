use jiff::Timestamp;

use super::{Change, ChangeKind, Status, Task, TaskError};
use crate::Reminder;

/// What reopening a task changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopened {
    /// The task itself, still to do.
    pub task: Change,
    /// The occurrence that its completion had made, taken back because nobody had touched it.
    pub taken_back: Option<Change>,
}

impl Task {
    /// Marks a completed task as still to do.
    ///
    /// `successor` is the stored task that `successor_task_id` names, `None` if there is none or
    /// no longer one. An untouched one is taken back and forgotten, so that completing again makes
    /// a new one; a touched one stays, and so does the link to it: completing again makes no
    /// second. Reminders whose time has passed stay quiet.
    pub fn reopen(self, successor: Option<Task>, now: Timestamp) -> Result<Reopened, TaskError> {
        self.refuse_deleted()?;
        if self.status == Status::Pending {
            return Err(TaskError::Pending);
        }
        let taken_back = successor
            .filter(|successor| {
                self.successor_task_id == Some(successor.id)
                    && successor.predecessor_task_id == Some(self.id)
            })
            .and_then(|successor| Task::take_back(successor, now));
        let before = self.clone();
        let after = Task {
            status: Status::Pending,
            successor_task_id: self.successor_task_id.filter(|_| taken_back.is_none()),
            reminders: back(&self.reminders, now),
            ..self.next_version(now)
        };
        let task = Change {
            before: Some(before),
            after,
            kind: ChangeKind::Reopened,
        };
        Ok(Reopened { task, taken_back })
    }
}

/// The reminders of a task that was away and is back.
pub(super) fn back(reminders: &[Reminder], now: Timestamp) -> Vec<Reminder> {
    reminders
        .iter()
        .cloned()
        .map(|reminder| reminder.back_at(now))
        .collect()
}
