//! What a client knows of its changes: the oracle.

use std::collections::{BTreeMap, BTreeSet};

use proto::v1::{AuditLog, Task};

use crate::trail::{Told, Trail};

/// The changes that one user asked for.
#[derive(Debug)]
pub struct Journal {
    user: String,
    entries: Vec<Entry>,
}

/// A change that was asked for.
#[derive(Debug)]
struct Entry {
    change: Change,
    /// The task as the answer showed it; without an answer the change may have happened or not.
    answer: Option<Task>,
}

/// What is asked for. After a change whose outcome is not known nothing more is asked of its task.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// This task, whose title no other is asked for with.
    Create(Box<Task>),
    /// This description, which no other change gives, for a task.
    Update {
        /// The task.
        id: String,
        /// Its description.
        description: String,
    },
    /// A task is done.
    Complete {
        /// The task.
        id: String,
    },
    /// A task is still to do.
    Reopen {
        /// The task.
        id: String,
    },
    /// A task goes into the trash.
    Delete {
        /// The task.
        id: String,
    },
    /// A task comes out of the trash.
    Undelete {
        /// The task.
        id: String,
    },
}

impl Journal {
    /// A user who has asked for nothing yet.
    pub fn new(user: &str) -> Self {
        Self {
            user: user.to_owned(),
            entries: Vec::new(),
        }
    }

    /// Notes a change and what was answered.
    pub fn note(&mut self, change: Change, answer: Option<Task>) {
        self.entries.push(Entry { change, answer });
    }

    /// Takes in what the same user asked for elsewhere, of other tasks.
    pub fn join(&mut self, other: Self) {
        assert_eq!(self.user, other.user, "a journal is of one user");
        self.entries.extend(other.entries);
    }

    /// How many changes were acknowledged.
    pub fn acknowledged(&self) -> usize {
        let answers = self.entries.iter().filter(|entry| entry.answer.is_some());
        answers.count()
    }

    /// How many may have happened or not.
    pub fn unknown(&self) -> usize {
        self.entries.len() - self.acknowledged()
    }

    /// Every acknowledged change is told once and in its place, any other at most once, and nothing
    /// is told that nobody asked for. Panics with what is wrong.
    pub fn assert_told_by(&self, trail: &Trail) {
        let created = trail.created_by_title();
        let mut asked: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        let mut titles = BTreeSet::new();
        for entry in &self.entries {
            let id = match (&entry.change, &entry.answer) {
                (Change::Create(task), answer) => {
                    let told = created
                        .get(task.title.as_str())
                        .map_or(&[][..], Vec::as_slice);
                    assert!(titles.insert(&task.title), "two of one title: {entry:?}");
                    assert!(
                        told.len() <= 1,
                        "{}: {entry:?} is told {} times: {told:?}",
                        self.user,
                        told.len()
                    );
                    match (answer, told.first()) {
                        (Some(answer), _) => answer.id.as_str(),
                        (None, Some(told)) => told.entity_id.as_str(),
                        (None, None) => continue,
                    }
                }
                (
                    Change::Update { id, .. }
                    | Change::Complete { id }
                    | Change::Reopen { id }
                    | Change::Delete { id }
                    | Change::Undelete { id },
                    _,
                ) => id.as_str(),
            };
            asked.entry(id).or_default().push(entry);
        }
        let of_tasks = trail.by_task();
        for (id, told) in &of_tasks {
            let asked = asked.remove(id).unwrap_or_default();
            self.assert_history(id, &asked, told);
        }
        assert!(
            asked.is_empty(),
            "{}: not a word is told of {asked:?}",
            self.user
        );
    }

    /// What is told of one task is what was asked for, one by one and in order.
    fn assert_history(&self, id: &str, asked: &[&Entry], told: &[(Told, &AuditLog)]) {
        let made_by_service = |(told, _): &&(Told, &AuditLog)| {
            matches!(told, Told::Followed | Told::TakenBack | Told::Reminded)
        };
        let of_user = told.iter().filter(|entry| !made_by_service(entry));
        let of_user: Vec<_> = of_user.collect();
        let fail = |what: &str| -> ! {
            panic!(
                "{}: {what}: of the task {id} was asked for {asked:#?} and told {told:#?}",
                self.user
            )
        };
        if asked.len() < of_user.len() {
            fail("something is told that nobody asked for");
        }
        for (number, entry) in asked.iter().enumerate() {
            let Some((told, log)) = of_user.get(number) else {
                if entry.answer.is_some() {
                    fail(&format!("acknowledged and lost: change {number}"));
                }
                continue;
            };
            if !entry.change.is_told_by(*told, log) {
                fail(&format!("change {number} is told as another"));
            }
            let told = log.after.as_ref().map(|after| (&after.id, after.version));
            let answered = entry.answer.as_ref().map(|task| (&task.id, task.version));
            if answered.is_some() && answered != told {
                fail(&format!("change {number} was answered as another state"));
            }
        }
    }
}

impl Change {
    fn is_told_by(&self, told: Told, log: &AuditLog) -> bool {
        let Some(after) = &log.after else {
            return false;
        };
        match self {
            Self::Create(task) => told == Told::Created && after.title == task.title,
            Self::Update { description, .. } => {
                told == Told::Updated && after.description == *description
            }
            Self::Complete { .. } => told == Told::Completed,
            Self::Reopen { .. } => told == Told::Reopened,
            Self::Delete { .. } => told == Told::Deleted,
            Self::Undelete { .. } => told == Told::Undeleted,
        }
    }
}
