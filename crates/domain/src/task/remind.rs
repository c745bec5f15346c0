use jiff::Timestamp;

use super::{Status, Task, TaskError};
use crate::{Payload, Reminder, ReminderId};

impl Task {
    /// What is told when a reminder of this task goes off: `reminder` as it was claimed, before it
    /// is marked as sent. The task in it shows the reminder as sent.
    pub fn reminder_due(mut self, reminder: &Reminder) -> Payload {
        let sent = reminder.clone().sent();
        let remind_at = reminder.fire_at;
        if let Some(own) = self.reminders.iter_mut().find(|own| own.id == reminder.id) {
            *own = sent;
        }
        Payload::ReminderDue {
            reminder_id: reminder.id,
            remind_at,
            task: Box::new(self),
        }
    }

    /// The reminder of this id put off until `until`. Refused if the task is in the trash or
    /// completed, or no longer has the reminder. The task's version stays.
    pub fn snooze(&self, id: ReminderId, until: Timestamp) -> Result<Reminder, TaskError> {
        self.refuse_deleted()?;
        if self.status != Status::Pending {
            return Err(TaskError::Completed);
        }
        let reminder = self.reminder(id).ok_or(TaskError::ReminderGone)?;
        Ok(reminder.clone().snooze(until))
    }
}
