//! The entries of the audit trail, gone through in the order of their numbers, which is that in which
//! everything was committed: each must be possible after those before it, and the last must be what
//! is there.

use std::collections::BTreeMap;

use proto::v1::{AuditLog, ReminderState, Task, TaskStatus};

use super::{Told, Trail, after};

/// All tasks of a user between two entries.
struct Model<'a> {
    who: &'a str,
    tasks: BTreeMap<&'a str, State<'a>>,
    /// The task whose successor has just been taken back: it was reopened in the same moment.
    reopens_next: Option<&'a str>,
}

/// A task between two entries.
struct State<'a> {
    task: &'a Task,
    successor: Option<&'a str>,
}

/// Every entry is possible, and the tasks are what the entries make of them.
pub(super) fn assert_possible(trail: &Trail, who: &str) {
    let mut model = Model {
        who,
        tasks: BTreeMap::new(),
        reopens_next: None,
    };
    for (told, log) in trail.told() {
        model.apply(told, log);
    }
    model.assert_ends_as(trail);
}

impl<'a> Model<'a> {
    fn apply(&mut self, told: Told, log: &'a AuditLog) {
        let task = after(log);
        let id = task.id.as_str();
        assert_eq!(
            id, log.entity_id,
            "{}: an entry of another task {log:?}",
            self.who
        );
        if let Some(reopened) = self.reopens_next.take() {
            self.check(
                (told, id) == (Told::Reopened, reopened),
                log,
                "what followed a task was taken back, and the task not reopened",
            );
        }
        match told {
            Told::Created => self.created(task, log),
            Told::Followed => {
                self.created(task, log);
                self.followed(task, log);
            }
            // Between looking and telling, fields may have changed: it tells an earlier state then.
            Told::Reminded => {
                let known = self.version(id);
                let is_known = (1..=known).contains(&task.version);
                self.check(is_known, log, "a reminder of a state that never was");
                self.check(is_active(task), log, "a reminder of what is done or gone");
            }
            Told::Updated
            | Told::Completed
            | Told::Reopened
            | Told::Deleted
            | Told::Undeleted
            | Told::TakenBack => self.changed(told, task, log),
        }
    }

    fn created(&mut self, task: &'a Task, log: &AuditLog) {
        self.check(self.version(&task.id) == 0, log, "it was made twice");
        self.check(task.version == 1, log, "its first version is not 1");
        self.check(is_active(task), log, "it is new and done or gone");
        let state = State {
            task,
            successor: None,
        };
        self.tasks.insert(&task.id, state);
    }

    /// A task follows another one that is done and has no successor.
    fn followed(&mut self, task: &'a Task, log: &AuditLog) {
        let predecessor = self.tasks.get(task.predecessor_task_id.as_str());
        let may_have_one = predecessor.is_some_and(|predecessor| {
            predecessor.task.status() == TaskStatus::Completed
                && !predecessor.task.recurring_rule.is_empty()
        });
        self.check(may_have_one, log, "it follows what is not done");
        let predecessor = self.tasks.get_mut(task.predecessor_task_id.as_str());
        let predecessor = predecessor.expect("it has just been there");
        let other = predecessor.successor.replace(task.id.as_str());
        self.check(other.is_none(), log, "its predecessor had a successor");
    }

    fn changed(&mut self, told: Told, task: &'a Task, log: &'a AuditLog) {
        let id = task.id.as_str();
        self.check(
            task.version == self.version(id) + 1,
            log,
            "a version is missing before it, or is told twice",
        );
        let was = self.tasks[id].task;
        let before = log.before.as_ref().unwrap_or(was);
        self.check(
            audited(before) == audited(was),
            log,
            "it was something else before",
        );
        let is_deleted = was.deleted_at.is_some();
        let may_happen = match told {
            Told::Completed => is_active(was),
            Told::Reopened => !is_deleted && was.status() == TaskStatus::Completed,
            Told::TakenBack => is_active(was) && was.version == 1,
            Told::Undeleted => is_deleted,
            _ => !is_deleted,
        };
        self.check(may_happen, log, "it could not happen then");
        match told {
            Told::TakenBack => {
                let predecessor = was.predecessor_task_id.as_str();
                let state = self.tasks.get_mut(predecessor);
                let link = state.and_then(|state| state.successor.take());
                self.check(link == Some(id), log, "it did not follow that task");
                self.reopens_next = Some(predecessor);
            }
            Told::Reopened => {
                let successor = self.tasks[id].successor;
                let was_touched = successor.is_none_or(|successor| {
                    let successor = self.tasks[successor].task;
                    successor.version != 1 || !is_active(successor)
                });
                self.check(was_touched, log, "what followed it was not taken back");
            }
            _ => {}
        }
        let state = self.tasks.get_mut(id).expect("it has just been there");
        state.task = task;
    }

    /// The tasks that are listed are those of the entries, and every recurring one that is done has
    /// the one successor.
    fn assert_ends_as(&self, trail: &Trail) {
        let who = self.who;
        let told: Vec<&str> = self.tasks.keys().copied().collect();
        let listed: Vec<&str> = trail.tasks.keys().map(String::as_str).collect();
        assert_eq!(told, listed, "{who}: the tasks that are told, and that are");
        for (id, state) in &self.tasks {
            let task = &trail.tasks[*id];
            assert_eq!(
                audited(state.task),
                audited(task),
                "{who}: what is told last of {id}, and what is"
            );
            let successors = trail.tasks.values();
            let successors: Vec<&str> = successors
                .filter(|other| other.predecessor_task_id == *id)
                .map(|successor| successor.id.as_str())
                .collect();
            let told: Vec<&str> = state.successor.into_iter().collect();
            assert_eq!(successors, told, "{who}: what follows {task:?}");
            assert_eq!(
                task.successor_task_id,
                state.successor.unwrap_or_default(),
                "{who}: what follows {task:?}"
            );
        }
        for task in trail.recurred() {
            assert!(
                !task.successor_task_id.is_empty(),
                "{who}: nothing follows {task:?}"
            );
        }
    }

    fn version(&self, id: &str) -> i64 {
        self.tasks.get(id).map_or(0, |state| state.task.version)
    }

    fn check(&self, is_right: bool, log: &AuditLog, what: &str) {
        assert!(is_right, "{}: {what}: {log:#?}", self.who);
    }
}

fn is_active(task: &Task) -> bool {
    task.status() == TaskStatus::Pending && task.deleted_at.is_none()
}

/// A task without what changes without an event.
fn audited(task: &Task) -> Task {
    let mut task = Task {
        purge_at: None,
        successor_task_id: String::new(),
        ..task.clone()
    };
    for reminder in &mut task.reminders {
        reminder.set_state(ReminderState::Unspecified);
    }
    task
}
