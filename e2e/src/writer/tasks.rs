//! The tasks of a device, as far as their state is known.

use std::collections::{BTreeMap, BTreeSet};

use proto::v1::{Task, TaskStatus};
use rand::{rngs::StdRng, seq::IteratorRandom as _};

use crate::journal::Change;

/// The tasks of a device whose state is known.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    known: BTreeMap<String, Task>,
    /// Those that ever were among them: what is no longer, is not known any more.
    seen: BTreeSet<String>,
}

impl Tasks {
    /// A task that is still to do.
    pub(super) fn pending(&self, random: &mut StdRng) -> Option<String> {
        self.any(random, |task| is_present(task) && !is_completed(task))
    }

    /// A task that is done.
    pub(super) fn completed(&self, random: &mut StdRng) -> Option<String> {
        self.any(random, |task| is_present(task) && is_completed(task))
    }

    /// A task outside the trash.
    pub(super) fn present(&self, random: &mut StdRng) -> Option<String> {
        self.any(random, is_present)
    }

    /// A task in the trash.
    pub(super) fn deleted(&self, random: &mut StdRng) -> Option<String> {
        self.any(random, |task| !is_present(task))
    }

    /// A recurring task that is done: something follows it, sooner or later.
    pub(super) fn recurred(&self, random: &mut StdRng) -> Option<String> {
        self.any(random, |task| {
            is_completed(task) && !task.recurring_rule.is_empty()
        })
    }

    /// A task that was not made here.
    pub(super) fn adopt(&mut self, task: &Task) {
        // What has been changed already was changed by somebody whose answer never came.
        if task.version == 1 && self.seen.insert(task.id.clone()) {
            self.known.insert(task.id.clone(), task.clone());
        }
    }

    /// Notes what became of a change.
    pub(super) fn note(&mut self, change: &Change, answer: Option<&Task>) {
        let changed = match change {
            Change::Create(_) => None,
            Change::Update { id, .. }
            | Change::Complete { id }
            | Change::Reopen { id }
            | Change::Delete { id }
            | Change::Undelete { id } => Some(id.as_str()),
        };
        // A reopened task takes back what follows it, if nobody has touched that.
        if let (Change::Reopen { id }, _) = (change, answer) {
            self.known
                .retain(|_, task| task.predecessor_task_id != *id || task.version != 1);
        }
        match (answer, changed) {
            (Some(task), _) => {
                self.seen.insert(task.id.clone());
                self.known.insert(task.id.clone(), task.clone());
            }
            (None, Some(id)) => {
                self.known.remove(id);
            }
            (None, None) => {}
        }
    }

    fn any(&self, random: &mut StdRng, fits: impl Fn(&Task) -> bool) -> Option<String> {
        let fitting = self.known.values().filter(|task| fits(task));
        fitting.choose(random).map(|task| task.id.clone())
    }
}

fn is_present(task: &Task) -> bool {
    task.deleted_at.is_none()
}

fn is_completed(task: &Task) -> bool {
    task.status() == TaskStatus::Completed
}
