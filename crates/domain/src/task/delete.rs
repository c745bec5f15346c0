use jiff::Timestamp;

use super::reopen::back;
use super::{Change, ChangeKind, Task, TaskError};

impl Task {
    /// Puts a task in the trash.
    pub fn delete(self, now: Timestamp) -> Result<Change, TaskError> {
        self.refuse_deleted()?;
        let before = self.clone();
        let after = Task {
            deleted_at: Some(now),
            ..self.next_version(now)
        };
        Ok(Change {
            before: Some(before),
            after,
            kind: ChangeKind::Deleted,
        })
    }

    /// Brings a task back from the trash. Reminders whose time has passed stay quiet.
    pub fn undelete(self, now: Timestamp) -> Result<Change, TaskError> {
        if !self.is_deleted() {
            return Err(TaskError::NotDeleted);
        }
        let before = self.clone();
        let after = Task {
            deleted_at: None,
            reminders: back(&self.reminders, now),
            ..self.next_version(now)
        };
        Ok(Change {
            before: Some(before),
            after,
            kind: ChangeKind::Undeleted,
        })
    }
}
