//! What a client knows of its changes: the oracle.

use proto::v1::{AuditLog, Task};

use crate::trail::Trail;

/// The changes that one user asked for.
#[derive(Debug)]
pub(super) struct Journal {
    user: String,
    entries: Vec<Entry>,
}

/// A change that was asked for.
#[derive(Debug)]
pub(super) struct Entry {
    /// What was asked for.
    pub(super) change: Change,
    /// The task as the answer showed it; without an answer the change may have happened or not.
    pub(super) answer: Option<Task>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// A task with this title, which no other is asked for with.
    Create {
        /// The title.
        title: String,
        /// Whether it recurs.
        recurs: bool,
    },
    /// This description, which no other change gives, for a task.
    Update {
        /// The task.
        id: String,
        /// Its description.
        description: String,
    },
    /// A task is done. It is asked for once a task.
    Complete {
        /// The task.
        id: String,
    },
}

impl Journal {
    /// A user who has asked for nothing yet.
    pub(super) fn new(user: String) -> Self {
        Self {
            user,
            entries: Vec::new(),
        }
    }

    /// Whose it is.
    pub(super) fn user(&self) -> &str {
        &self.user
    }

    /// Notes a change and what was answered.
    pub(super) fn note(&mut self, change: Change, answer: Option<Task>) {
        self.entries.push(Entry { change, answer });
    }

    /// How many changes were acknowledged.
    pub(super) fn acknowledged(&self) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.answer.is_some())
            .count()
    }

    /// How many may have happened or not.
    pub(super) fn unknown(&self) -> usize {
        self.entries.len() - self.acknowledged()
    }

    /// Every acknowledged change is told once, any other at most once, and nothing is told that
    /// nobody asked for.
    pub(super) fn assert_told_by(&self, trail: &Trail) {
        let mut told = trail
            .tasks
            .values()
            .filter(|task| !task.predecessor_task_id.is_empty())
            .count();
        for entry in &self.entries {
            let logs: Vec<&AuditLog> = trail
                .logs
                .iter()
                .filter(|log| entry.change.is_told_by(log))
                .collect();
            match &entry.answer {
                None => assert!(
                    logs.len() <= 1,
                    "{}: {entry:?} is told by {logs:?}",
                    self.user
                ),
                Some(answer) => {
                    assert_eq!(
                        logs.len(),
                        1,
                        "{}: {entry:?} is told by {logs:?}",
                        self.user
                    );
                    let after = logs[0].after.as_ref();
                    let told = after.map(|task| (task.id.as_str(), task.version));
                    let answered = Some((answer.id.as_str(), answer.version));
                    assert_eq!(told, answered, "{}: {entry:?}", self.user);
                }
            }
            told += logs.len();
        }
        assert_eq!(
            told,
            trail.logs.len(),
            "{}: what nobody asked for",
            self.user
        );
    }
}

impl Change {
    fn is_told_by(&self, log: &AuditLog) -> bool {
        let Some(after) = &log.after else {
            return false;
        };
        match self {
            // What follows a completed task has its title.
            Self::Create { title, .. } => {
                log.event_type == "task.created"
                    && after.title == *title
                    && after.predecessor_task_id.is_empty()
            }
            Self::Update { id, description } => {
                log.event_type == "task.updated"
                    && log.entity_id == *id
                    && after.description == *description
            }
            Self::Complete { id } => log.event_type == "task.completed" && log.entity_id == *id,
        }
    }
}
