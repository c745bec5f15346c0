//! An open screen: a stream of updates over whatever happens, and what it shows.

use std::{
    collections::BTreeMap,
    ops::AddAssign,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use proto::v1::{
    Notification, ReminderState, Task, stream_updates_response::Frame, update_data::Item,
};
use testkit::Updates;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use tonic::Status;

use crate::user::User;

/// The time between two attempts at the same thing.
const INTERVAL: Duration = Duration::from_millis(100);

/// A stream that has been silent for so long is dead: a heartbeat comes every 15 seconds.
const SILENCE: Duration = Duration::from_secs(35);

/// An open screen. It lives until it is dropped.
#[derive(Debug)]
pub struct Screen {
    user: User,
    shown: Arc<Mutex<Shown>>,
    _follower: JoinSet<()>,
}

/// What a screen shows: the highest version of everything, as it was told.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shown {
    tasks: BTreeMap<String, Task>,
    notifications: BTreeMap<String, Notification>,
    /// The highest version that the stream has told, by id.
    told: BTreeMap<String, i64>,
    counts: ScreenCounts,
}

/// What a screen went through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScreenCounts {
    /// Updates that arrived.
    pub updates: usize,
    /// Of these, those that told nothing new.
    pub repeats: usize,
    /// How often a stream was opened.
    pub streams: usize,
    /// Of these, those that went on right after the last update.
    pub resumed: usize,
    /// How often the lists had to be read again because something might have been missed.
    pub resyncs: usize,
}

impl Screen {
    /// Opens a screen on a replica. When its stream ends, it goes on at the next one.
    pub fn open(user: User, replica: usize) -> Self {
        let shown = Arc::new(Mutex::new(Shown::default()));
        let follower = Follower {
            user: user.clone(),
            replica,
            cursor: String::new(),
            is_stale: true,
            shown: Arc::clone(&shown),
        };
        let mut follows = JoinSet::new();
        follows.spawn(follower.run());
        Self {
            user,
            shown,
            _follower: follows,
        }
    }

    /// Whose it is.
    pub fn user(&self) -> &User {
        &self.user
    }

    /// What it went through so far.
    pub fn counts(&self) -> ScreenCounts {
        self.lock().counts
    }

    /// The tasks that it shows, that fit.
    pub fn tasks(&self, fits: impl Fn(&Task) -> bool) -> Vec<Task> {
        let shown = self.lock();
        let fitting = shown.tasks.values().filter(|task| fits(task));
        fitting.cloned().collect()
    }

    /// Whether it shows a notification of a task.
    pub fn notifies_of(&self, task_id: &str) -> bool {
        let shown = self.lock();
        let mut notifications = shown.notifications.values();
        notifications.any(|notification| notification.task_id == task_id)
    }

    /// How what it shows differs from these lists; None where it does not.
    pub fn differs_from(&self, tasks: &[Task], notifications: &[Notification]) -> Option<String> {
        let shown = self.lock();
        let tasks = tasks.iter().map(|task| (task.id.as_str(), told(task)));
        let mine = shown.tasks.iter();
        let mine = mine.map(|(id, task)| (id.as_str(), told(task)));
        difference("task", &mine.collect(), &tasks.collect()).or_else(|| {
            let notifications = notifications.iter();
            let notifications = notifications.map(|one| (one.id.as_str(), one));
            let mine = shown.notifications.iter();
            let mine = mine.map(|(id, one)| (id.as_str(), one));
            difference("notification", &mine.collect(), &notifications.collect())
        })
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AddAssign for ScreenCounts {
    fn add_assign(&mut self, other: Self) {
        self.updates += other.updates;
        self.repeats += other.repeats;
        self.streams += other.streams;
        self.resumed += other.resumed;
        self.resyncs += other.resyncs;
    }
}

/// Keeps a screen up to date.
struct Follower {
    user: User,
    replica: usize,
    cursor: String,
    /// Whether the lists have to be read.
    is_stale: bool,
    shown: Arc<Mutex<Shown>>,
}

impl Follower {
    async fn run(mut self) {
        loop {
            let opened = timeout(SILENCE, self.user.watch(self.replica, &self.cursor)).await;
            if let Ok(Ok(updates)) = opened {
                self.follow(updates).await;
            }
            self.replica = (self.replica + 1) % self.user.replicas();
            sleep(INTERVAL).await;
        }
    }

    /// Follows a stream to its end.
    async fn follow(&mut self, mut updates: Updates) {
        self.change(|shown| {
            shown.counts.streams += 1;
            shown.counts.resumed += usize::from(updates.ready.resumed);
        });
        self.is_stale |= !updates.ready.resumed;
        loop {
            // What comes meanwhile waits in the stream, and the higher version wins.
            if self.is_stale && self.list().await.is_err() {
                sleep(INTERVAL).await;
                continue;
            }
            self.is_stale = false;
            // It has no cursor of its own that is good before the lists are read.
            self.cursor.clone_from(&updates.cursor);
            match timeout(SILENCE, updates.next()).await {
                Ok(Ok(Some(Frame::Update(update)))) => self.take(update.item),
                Ok(Ok(Some(Frame::ResyncRequired(_)))) => {
                    self.is_stale = true;
                    self.change(|shown| shown.counts.resyncs += 1);
                }
                Ok(Ok(Some(_))) => {}
                Ok(Ok(None) | Err(_)) | Err(_) => return,
            }
        }
    }

    async fn list(&self) -> Result<(), Status> {
        let tasks = self.user.all_tasks().await?;
        let notifications = self.user.all_notifications().await?;
        self.change(|shown| {
            for task in tasks {
                shown.show_task(task);
            }
            for notification in notifications {
                shown.show_notification(notification);
            }
        });
        Ok(())
    }

    fn take(&self, item: Option<Item>) {
        self.change(|shown| {
            shown.counts.updates += 1;
            match item {
                Some(Item::Task(task)) => {
                    shown.note(&task.id, task.version);
                    shown.show_task(task);
                }
                Some(Item::Notification(notification)) => {
                    shown.note(&notification.id, notification.version);
                    shown.show_notification(notification);
                }
                other => panic!("{}: what is this? {other:?}", self.user.name()),
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Shown)) {
        change(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Shown {
    fn note(&mut self, id: &str, version: i64) {
        let told = self.told.entry(id.to_owned()).or_default();
        self.counts.repeats += usize::from(version <= *told);
        *told = version.max(*told);
    }

    fn show_task(&mut self, task: Task) {
        let known = self.tasks.get(&task.id);
        if known.is_none_or(|known| known.version < task.version) {
            self.tasks.insert(task.id.clone(), task);
        }
    }

    fn show_notification(&mut self, notification: Notification) {
        let known = self.notifications.get(&notification.id);
        if known.is_none_or(|known| known.version < notification.version) {
            let id = notification.id.clone();
            self.notifications.insert(id, notification);
        }
    }
}

/// A task without what changes without an update.
fn told(task: &Task) -> Task {
    let mut task = Task {
        successor_task_id: String::new(),
        ..task.clone()
    };
    for reminder in &mut task.reminders {
        reminder.set_state(ReminderState::Unspecified);
    }
    task
}

fn difference<T: PartialEq + std::fmt::Debug>(
    what: &str,
    shown: &BTreeMap<&str, T>,
    listed: &BTreeMap<&str, T>,
) -> Option<String> {
    let mut ids = shown.keys().chain(listed.keys());
    let id = ids.find(|id| shown.get(*id) != listed.get(*id))?;
    Some(format!(
        "{what} {id}: shown {:?}, listed {:?}",
        shown.get(id),
        listed.get(id)
    ))
}
