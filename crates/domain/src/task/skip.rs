use jiff::Timestamp;

use super::{Change, ChangeKind, Status, Task, TaskError};
use crate::reminder::{Carried, carry};

impl Task {
    /// Moves a pending recurring task to the occurrence that would follow were it completed now.
    /// Its reminders keep their distance and are armed again.
    pub fn skip(self, now: Timestamp) -> Result<Change, TaskError> {
        self.refuse_deleted()?;
        if self.status != Status::Pending {
            return Err(TaskError::Completed);
        }
        let (Some(recurrence), Some(due)) = (&self.recurrence, &self.due) else {
            return Err(TaskError::NotRecurring);
        };
        let (occurrence, next_due) = recurrence
            .next(now, due.zone())
            .map_err(TaskError::SeriesEnded)?;
        let from = (due, self.nominal_due(due));
        let carried = carry(&self.reminders, from, (&next_due, occurrence.local));
        let before = self.clone();
        let after = Task {
            recurrence: Some(recurrence.at(&occurrence)),
            reminders: carried
                .into_iter()
                .map(|carried: Carried| carried.moved(due))
                .collect(),
            due: Some(next_due),
            ..self.clone().next_version(now)
        };
        Ok(Change {
            before: Some(before),
            after,
            kind: ChangeKind::Skipped,
        })
    }
}
