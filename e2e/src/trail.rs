//! What a user's tasks, audit trail and notifications must be like together, whatever happened on
//! the way.

mod history;
mod reminders;

use std::{collections::BTreeMap, ops::AddAssign, time::Duration};

use jiff::Timestamp;
use proto::v1::{AuditLog, Notification, ReminderState, Task, TaskStatus};
use service_kit::{Clock as _, SystemClock};
use tokio::time::{Instant, sleep};
use tonic::Status;

use crate::user::User;

/// The time between two looks.
const INTERVAL: Duration = Duration::from_millis(200);

/// How long anything may take. Far more than it does: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(90);

/// All tasks of a user, the whole audit trail and all notifications.
#[derive(Debug, Default)]
pub struct Trail {
    /// The tasks, by id.
    pub tasks: BTreeMap<String, Task>,
    /// The entries of the audit trail, oldest first.
    pub logs: Vec<AuditLog>,
    /// The notifications.
    pub notifications: Vec<Notification>,
    /// When they were asked for.
    read_at: Timestamp,
}

/// What an entry of the audit trail tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A user made a task.
    Created,
    /// A task followed a completed one.
    Followed,
    /// A user changed fields.
    Updated,
    /// A user completed it.
    Completed,
    /// A user reopened it.
    Reopened,
    /// A user put it into the trash.
    Deleted,
    /// A user took it out of the trash.
    Undeleted,
    /// It had followed a task that was reopened, and was taken back with that.
    TakenBack,
    /// A reminder of it went off.
    Reminded,
}

/// How much happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries of the audit trail.
    pub audited: usize,
    /// Tasks that followed a completed one, those included that were taken back.
    pub followed: usize,
    /// Of these, taken back.
    pub taken_back: usize,
    /// Reminders that went off.
    pub reminded: usize,
    /// Reminders whose moment passed while their task was done or in the trash.
    pub missed: usize,
    /// Notifications.
    pub notified: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.audited += other.audited;
        self.followed += other.followed;
        self.taken_back += other.taken_back;
        self.reminded += other.reminded;
        self.missed += other.missed;
        self.notified += other.notified;
    }
}

impl Trail {
    /// Reads all of it.
    pub async fn read(user: &User) -> Result<Self, Status> {
        let read_at = SystemClock.now();
        let tasks = user.all_tasks().await?;
        let logs = user.all_logs().await?;
        let notifications = user.all_notifications().await?;
        let tasks = tasks.into_iter().map(|task| (task.id.clone(), task));
        Ok(Self {
            tasks: tasks.collect(),
            logs,
            notifications,
            read_at,
        })
    }

    /// Waits until every change is in the audit trail, every completed recurring task has its
    /// successor, and every reminder whose moment has come its notification. What is not there after
    /// a long time never comes: [`Trail::assert_whole`] says what it is.
    pub async fn settled(user: &User) -> Self {
        Self::settled_by(user, Instant::now() + PATIENCE).await
    }

    /// The same, waiting no longer than until a moment.
    pub async fn settled_by(user: &User, given_up: Instant) -> Self {
        loop {
            match Self::read(user).await {
                Ok(trail) if trail.is_settled() || given_up < Instant::now() => return trail,
                Err(error) if given_up < Instant::now() => panic!("{}: {error:?}", user.name()),
                _ => sleep(INTERVAL).await,
            }
        }
    }

    /// No change without its one entry, no entry without its change, no gap and no repeat in the
    /// numbers, one successor for each recurring task that is done, one notification for each
    /// reminder that went off, and none waiting whose moment has come. Panics with what is wrong.
    pub fn assert_whole(&self, who: &str) {
        let numbers: Vec<i64> = self.logs.iter().map(|log| log.sequence).collect();
        let expected: Vec<i64> = (1..).take(numbers.len()).collect();
        assert_eq!(numbers, expected, "the sequence of {who}");
        history::assert_possible(self, who);
        reminders::assert_told_once(self, who);
    }

    /// How much of it there is.
    pub fn counts(&self) -> Counts {
        let told = self.told();
        let count = |kind| told.iter().filter(|(told, _)| *told == kind).count();
        Counts {
            audited: self.logs.len(),
            followed: count(Told::Followed),
            taken_back: count(Told::TakenBack),
            reminded: count(Told::Reminded),
            missed: self.reminders_in(ReminderState::Missed),
            notified: self.notifications.len(),
        }
    }

    /// What is told of each task, in order.
    pub(crate) fn by_task(&self) -> BTreeMap<&str, Vec<(Told, &AuditLog)>> {
        let mut of_tasks: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (told, log) in self.told() {
            let of_task = of_tasks.entry(log.entity_id.as_str()).or_default();
            of_task.push((told, log));
        }
        of_tasks
    }

    /// The entries of the tasks that a user made, by title.
    pub(crate) fn created_by_title(&self) -> BTreeMap<&str, Vec<&AuditLog>> {
        let mut by_title: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (told, log) in self.told() {
            if let (Told::Created, Some(after)) = (told, &log.after) {
                by_title.entry(after.title.as_str()).or_default().push(log);
            }
        }
        by_title
    }

    /// Every entry with what it tells, in order.
    fn told(&self) -> Vec<(Told, &AuditLog)> {
        let mut follows = BTreeMap::new();
        let mut all = Vec::new();
        for log in &self.logs {
            let task = after(log);
            let is_successor = !task.predecessor_task_id.is_empty();
            let did_follow = follows.insert(task.id.as_str(), is_successor);
            let told = match log.event_type.as_str() {
                "task.created" if is_successor => Told::Followed,
                "task.created" => Told::Created,
                "task.completed" => Told::Completed,
                "task.deleted" if did_follow == Some(true) && !is_successor => Told::TakenBack,
                "task.deleted" => Told::Deleted,
                "reminder.due" => Told::Reminded,
                "task.updated" => change_of_fields(log),
                other => panic!("an entry of an unknown type {other}: {log:?}"),
            };
            all.push((told, log));
        }
        all
    }

    fn is_settled(&self) -> bool {
        let changes: i64 = self.tasks.values().map(|task| task.version).sum();
        let sent = self.reminders_in(ReminderState::Sent);
        let is_late = |task: &Task| {
            let mut reminders = task.reminders.iter();
            reminders.any(|reminder| reminders::is_late(reminder, self.read_at))
        };
        usize::try_from(changes) == Ok(self.logs.len().saturating_sub(sent))
            && sent == self.notifications.len()
            && !self.tasks.values().any(is_late)
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

    fn reminders_in(&self, state: ReminderState) -> usize {
        let reminders = self.tasks.values().flat_map(|task| &task.reminders);
        reminders
            .filter(|reminder| reminder.state() == state)
            .count()
    }
}

/// The task as an entry has it.
fn after(log: &AuditLog) -> &Task {
    let after = log.after.as_ref();
    after.unwrap_or_else(|| panic!("an entry says what became of the task: {log:?}"))
}

fn change_of_fields(log: &AuditLog) -> Told {
    let before = log.before.as_ref();
    let before = before.unwrap_or_else(|| panic!("an entry says what the task was: {log:?}"));
    let after = after(log);
    if before.deleted_at.is_some() && after.deleted_at.is_none() {
        Told::Undeleted
    } else if before.status() == TaskStatus::Completed && after.status() == TaskStatus::Pending {
        Told::Reopened
    } else {
        Told::Updated
    }
}

#[cfg(test)]
mod tests;
