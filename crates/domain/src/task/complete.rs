use jiff::Timestamp;

use super::{Change, ChangeKind, Status, Task, TaskError};

impl Task {
    /// Marks a pending task as done. If it recurs, [`Task::successor`] makes what follows.
    pub fn complete(self, now: Timestamp) -> Result<Change, TaskError> {
        self.refuse_deleted()?;
        if self.status != Status::Pending {
            return Err(TaskError::Completed);
        }
        let before = self.clone();
        let after = Task {
            status: Status::Completed { at: now },
            ..self.next_version(now)
        };
        Ok(Change {
            before: Some(before),
            after,
            kind: ChangeKind::Completed,
        })
    }
}
