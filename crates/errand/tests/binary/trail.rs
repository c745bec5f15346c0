//! What a user's tasks and audit trail must be like together, whatever happened on the way.

use std::{collections::BTreeMap, path::Path, time::Duration};

use domain::AppId;
use proto::v1::{AuditLog, Task, TaskStatus};
use store::{Store, StoreConfig};
use tokio::time::{Instant, sleep};

use crate::{client::User, process::PATIENCE};

/// The time between two looks.
const INTERVAL: Duration = Duration::from_millis(100);

/// All tasks and the whole audit trail of a user.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    /// The tasks, by id.
    pub(crate) tasks: BTreeMap<String, Task>,
    /// The entries, oldest first.
    pub(crate) logs: Vec<AuditLog>,
}

impl Trail {
    /// Waits until every change of a task is in the audit trail and every completed recurring task
    /// has its successor. What is not there after a long time never comes: then
    /// [`Trail::assert_whole`] says what it is.
    pub(crate) async fn settled(user: &User) -> Self {
        let given_up = Instant::now() + PATIENCE;
        loop {
            let trail = Self::read(user).await;
            if trail.is_settled() || given_up < Instant::now() {
                return trail;
            }
            sleep(INTERVAL).await;
        }
    }

    async fn read(user: &User) -> Self {
        let tasks = user.all_tasks().await.expect("tasks are listed");
        let logs = user.all_logs().await.expect("the audit trail is listed");
        let tasks = tasks.into_iter().map(|task| (task.id.clone(), task));
        Self {
            tasks: tasks.collect(),
            logs,
        }
    }

    fn is_settled(&self) -> bool {
        let changes: i64 = self.tasks.values().map(|task| task.version).sum();
        usize::try_from(changes) == Ok(self.logs.len())
            && self
                .recurred()
                .all(|task| !task.successor_task_id.is_empty())
    }

    /// The recurring tasks that are done.
    fn recurred(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values().filter(|task| {
            task.status() == TaskStatus::Completed && !task.recurring_rule.is_empty()
        })
    }

    /// No change without its one entry, no entry without its change, no gap and no repeat in the
    /// numbers, and one successor for each recurring task that is done.
    pub(crate) fn assert_whole(&self, who: &str) {
        let numbers: Vec<i64> = self.logs.iter().map(|log| log.sequence).collect();
        let expected: Vec<i64> = (1..).take(numbers.len()).collect();
        assert_eq!(numbers, expected, "the sequence of {who}");

        let mut histories: BTreeMap<&str, Vec<&AuditLog>> = BTreeMap::new();
        for log in &self.logs {
            histories.entry(&log.entity_id).or_default().push(log);
        }
        for id in histories.keys() {
            assert!(
                self.tasks.contains_key(*id),
                "{who}: an event of {id}, which is not there"
            );
        }
        for task in self.tasks.values() {
            let history = histories
                .get(task.id.as_str())
                .map_or(&[][..], Vec::as_slice);
            assert_history(who, task, history);
        }
        for task in self.recurred() {
            let successors = self.tasks.values();
            let successors: Vec<&str> = successors
                .filter(|other| other.predecessor_task_id == task.id)
                .map(|successor| successor.id.as_str())
                .collect();
            assert_eq!(
                successors,
                [task.successor_task_id.as_str()],
                "{who}: after {}",
                task.id
            );
        }
    }
}

/// Each version of the task has its one entry, in order, and the last one is the task as it is.
fn assert_history(who: &str, task: &Task, history: &[&AuditLog]) {
    let states: Vec<&Task> = history
        .iter()
        .map(|log| {
            log.after
                .as_ref()
                .expect("an entry says what became of the task")
        })
        .collect();
    let versions: Vec<i64> = states.iter().map(|state| state.version).collect();
    let expected: Vec<i64> = (1..=task.version).collect();
    assert_eq!(
        versions, expected,
        "{who}: the audited versions of {task:?}"
    );
    assert_eq!(history[0].event_type, "task.created", "{who}: {task:?}");
    let last = states.last().expect("a task has at least version 1");
    assert_eq!(
        audited(last),
        audited(task),
        "{who}: what was told and what is"
    );
}

/// A task without what changes without an event.
fn audited(task: &Task) -> Task {
    Task {
        purge_at: None,
        successor_task_id: String::new(),
        ..task.clone()
    }
}

/// What of a data folder has not reached those it is for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// Events that wait to be published, and those that cannot be, by service.
    pub(crate) outbox: BTreeMap<AppId, (i64, i64)>,
    /// Events that a service could not handle, with the reason.
    pub(crate) dead_letters: Vec<String>,
}

impl Left {
    /// Looks into the database of a data folder, whether a process works on it or not.
    pub(crate) async fn in_folder(data: &Path) -> Self {
        let store = open(data).await;
        let read = store.read().await.unwrap();
        let mut outbox = BTreeMap::new();
        for app in AppId::ALL {
            let depth = read.outbox_depth(app).await.unwrap();
            outbox.insert(app, (depth.waiting, depth.parked));
        }
        outbox.retain(|_, depth| *depth != (0, 0));
        let letters = read.dead_letter_list(None, None, 10).await.unwrap();
        drop(read);
        store.close().await;
        let letters = letters.into_iter();
        Self {
            outbox,
            dead_letters: letters
                .map(|letter| format!("{} {}: {}", letter.consumer, letter.topic, letter.reason))
                .collect(),
        }
    }

    /// Whether there is nothing.
    pub(crate) fn is_nothing(&self) -> bool {
        self.outbox.is_empty() && self.dead_letters.is_empty()
    }
}

/// The database of a data folder.
pub(crate) async fn open(data: &Path) -> Store {
    let url = format!("sqlite://{}", data.join("errand.db").display());
    Store::connect(&StoreConfig::new(url)).await.unwrap()
}
