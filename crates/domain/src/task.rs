use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::recurrence::{Anchor, RecurrenceMode, RecurrenceRule};
use crate::{
    Category, Description, Due, Etag, Priority, Reminder, ReminderId, Tags, TaskId, Title, UserId,
};

mod change;
mod complete;
mod create;
mod delete;
mod error;
mod preview;
mod remind;
mod reopen;
mod series;
mod skip;
mod successor;
#[cfg(test)]
mod tests;
mod update;

pub use change::{Change, ChangeKind};
pub use create::NewTask;
pub use error::TaskError;
pub use preview::Preview;
pub use reopen::Reopened;
pub use update::{SeriesScope, TaskField, TaskPatch};

/// Something a person has to do.
///
/// Its fields hold what the store has; new states come from the transitions alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Names the task.
    pub id: TaskId,
    /// The owner.
    pub user_id: UserId,
    /// What has to be done.
    pub title: Title,
    /// Anything more there is to say.
    pub description: Description,
    /// How much it matters.
    pub priority: Priority,
    /// What area of life it belongs to.
    pub category: Category,
    /// Whether it is done.
    pub status: Status,
    /// Its labels.
    pub tags: Tags,
    /// When it has to be done, if at a particular time.
    pub due: Option<Due>,
    /// How it comes back. Only a task with a due recurs.
    pub recurrence: Option<Recurrence>,
    /// When the user wants to be told of it, in the order given.
    pub reminders: Vec<Reminder>,
    /// The first task of the series; `None` on the first one and outside a series.
    pub parent_task_id: Option<TaskId>,
    /// The task whose completion made this one. It is unique among all tasks, so that no
    /// completion makes two.
    pub predecessor_task_id: Option<TaskId>,
    /// The task that this one's completion made.
    pub successor_task_id: Option<TaskId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was put in the trash, while it is there.
    pub deleted_at: Option<Timestamp>,
    /// Counts its changes from 1.
    pub version: i64,
}

/// Whether a task is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Still to do.
    Pending,
    /// Done.
    Completed {
        /// When.
        at: Timestamp,
    },
}

/// Whether a task is done, without the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusKind {
    /// Still to do.
    Pending,
    /// Done.
    Completed,
}

/// How a task comes back, and its place in the series.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recurrence {
    /// The rule.
    pub rule: RecurrenceRule,
    /// Which occurrence follows a completed one.
    pub mode: RecurrenceMode,
    /// The last local date on which an occurrence may fall.
    pub end_date: Option<Date>,
    /// Where the series hangs: the due of its first occurrence, or of the one that was last edited
    /// for itself and what follows.
    pub anchor: Anchor,
    /// The place of this occurrence in its series, from 0. It goes on counting when a due is
    /// edited, and begins again with a new rule.
    pub index: u32,
    /// Where the series put this occurrence: the wall time in the anchor's zone, or midnight of
    /// the all-day date. The due lies elsewhere if this occurrence alone was moved.
    pub scheduled: DateTime,
}

impl Task {
    /// Names this state of the task.
    pub fn etag(&self) -> Etag {
        Etag::of(self.version)
    }

    /// Refuses a change whose sender has seen another state than this. No etag is no demand.
    pub fn check_etag(&self, expected: Option<&Etag>) -> Result<(), TaskError> {
        match expected {
            Some(etag) if !etag.matches(self.version) => Err(TaskError::EtagMismatch),
            _ => Ok(()),
        }
    }

    /// Whether it is pending and not in the trash: reminders of other tasks stay quiet.
    pub fn is_active(&self) -> bool {
        self.status == Status::Pending && self.deleted_at.is_none()
    }

    /// Whether it is in the trash.
    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// When it was completed, if it is.
    pub fn completed_at(&self) -> Option<Timestamp> {
        match self.status {
            Status::Pending => None,
            Status::Completed { at } => Some(at),
        }
    }

    /// Its reminder of this id.
    pub fn reminder(&self, id: ReminderId) -> Option<&Reminder> {
        self.reminders.iter().find(|reminder| reminder.id == id)
    }

    /// The task one version later, not yet changed otherwise.
    fn next_version(self, now: Timestamp) -> Self {
        Self {
            updated_at: now,
            version: self.version + 1,
            ..self
        }
    }

    fn refuse_deleted(&self) -> Result<(), TaskError> {
        if self.is_deleted() {
            Err(TaskError::Deleted)
        } else {
            Ok(())
        }
    }
}

impl Status {
    /// The status without the time.
    pub fn kind(self) -> StatusKind {
        match self {
            Self::Pending => StatusKind::Pending,
            Self::Completed { .. } => StatusKind::Completed,
        }
    }
}

impl StatusKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Pending, Self::Completed];

    /// The status in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Completed => "completed",
        }
    }

    /// The status of a name in lower case; `None` for a text that is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}
