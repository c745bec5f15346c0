use super::{Recurrence, Task};
use crate::{Payload, Update, UpdateAction, UpdateItem};

/// What became of a task: what is stored, and what is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The task as it was; `None` if it is new.
    pub before: Option<Task>,
    /// The task as it is.
    pub after: Task,
    /// What happened.
    pub kind: ChangeKind,
}

/// What happened to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It was made.
    Created,
    /// Its fields were edited.
    Updated,
    /// It was done.
    Completed,
    /// It is still to do after all.
    Reopened,
    /// It went to the trash, or was taken back.
    Deleted,
    /// It came back from the trash.
    Undeleted,
    /// It moved to its next occurrence.
    Skipped,
}

impl Change {
    /// The names, as the proto has them, of the task's fields that differ, in the proto's order;
    /// without `updated_at`, `version` and `etag`, which always do, and without `purge_at`, which no
    /// event carries. Empty for a new task.
    pub fn changed_fields(&self) -> Vec<&'static str> {
        self.before
            .as_ref()
            .map_or_else(Vec::new, |before| difference(before, &self.after))
    }

    /// What is told of it: the event of its own topic, then the update for open screens.
    pub fn payloads(&self) -> Vec<Payload> {
        vec![self.event(), self.update()]
    }

    fn event(&self) -> Payload {
        let task = Box::new(self.after.clone());
        match (self.kind, &self.before) {
            (ChangeKind::Created, _) | (_, None) => Payload::TaskCreated { task },
            (ChangeKind::Completed, _) => Payload::TaskCompleted { task },
            (ChangeKind::Deleted, _) => Payload::TaskDeleted { task },
            (
                ChangeKind::Updated
                | ChangeKind::Reopened
                | ChangeKind::Undeleted
                | ChangeKind::Skipped,
                Some(before),
            ) => Payload::TaskUpdated {
                before: Box::new(before.clone()),
                after: task,
                changed_fields: self
                    .changed_fields()
                    .into_iter()
                    .map(String::from)
                    .collect(),
            },
        }
    }

    fn update(&self) -> Payload {
        let action = match self.kind {
            ChangeKind::Created => UpdateAction::Created,
            ChangeKind::Completed => UpdateAction::Completed,
            ChangeKind::Deleted => UpdateAction::Deleted,
            ChangeKind::Updated
            | ChangeKind::Reopened
            | ChangeKind::Undeleted
            | ChangeKind::Skipped => UpdateAction::Updated,
        };
        Payload::Updates(Update {
            action,
            item: UpdateItem::Task(Box::new(self.after.clone())),
        })
    }
}

fn difference(before: &Task, after: &Task) -> Vec<&'static str> {
    let (old, new) = (before.recurrence.as_ref(), after.recurrence.as_ref());
    let series_differs = |of: fn(&Recurrence, &Recurrence) -> bool| match (old, new) {
        (Some(old), Some(new)) => of(old, new),
        _ => old.is_some() != new.is_some(),
    };
    let index = |series: Option<&Recurrence>| series.map_or(0, |series| series.index);
    let end_date = |series: Option<&Recurrence>| series.and_then(|series| series.end_date);
    [
        ("title", before.title != after.title),
        ("description", before.description != after.description),
        ("priority", before.priority != after.priority),
        ("category", before.category != after.category),
        ("status", before.status.kind() != after.status.kind()),
        ("tags", before.tags != after.tags),
        ("due", before.due != after.due),
        (
            "recurring_rule",
            series_differs(|old, new| old.rule != new.rule),
        ),
        (
            "recurrence_mode",
            series_differs(|old, new| old.mode != new.mode),
        ),
        ("recurring_end_date", end_date(old) != end_date(new)),
        (
            "parent_task_id",
            before.parent_task_id != after.parent_task_id,
        ),
        ("occurrence_index", index(old) != index(new)),
        (
            "successor_task_id",
            before.successor_task_id != after.successor_task_id,
        ),
        ("reminders", before.reminders != after.reminders),
        (
            "completed_at",
            before.completed_at() != after.completed_at(),
        ),
        ("deleted_at", before.deleted_at != after.deleted_at),
        (
            "predecessor_task_id",
            before.predecessor_task_id != after.predecessor_task_id,
        ),
        (
            "series_position",
            series_differs(|old, new| (&old.anchor, old.scheduled) != (&new.anchor, new.scheduled)),
        ),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
