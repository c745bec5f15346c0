//! Screens of several users, on every replica of realtime-service.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use e2e::User;
use proto::v1::{StreamResyncRequired, stream_updates_response::Frame, update_data::Item};
use testkit::{Updates, eventually};
use tokio::task::JoinSet;

/// How often a replica is asked for a stream until that is given up, and the time between.
const TRIES: usize = 600;
const PAUSE: Duration = Duration::from_millis(100);

/// Open screens. Each goes on at another replica where its own breaks off.
pub struct Screens {
    screens: Vec<(String, Shared)>,
    _followers: JoinSet<()>,
}

/// What one screen was told: how often each version of each task or notification.
#[derive(Debug, Default)]
pub struct Shown {
    items: BTreeMap<(String, i64), usize>,
    /// How often its stream broke off.
    breaks: usize,
    resyncs: Vec<StreamResyncRequired>,
}

/// What happened on the way, on all screens together.
#[derive(Debug, Default)]
pub struct Tally {
    /// How often a stream broke off.
    pub breaks: usize,
    /// How often a version came once more.
    pub repeats: usize,
}

type Shared = Arc<Mutex<Shown>>;

impl Screens {
    /// Opens one of each user on each replica.
    pub async fn open(users: &[User], replicas: usize) -> Self {
        let mut screens = Vec::new();
        let mut followers = JoinSet::new();
        for user in users {
            for replica in 0..replicas {
                let shown = Shared::default();
                let updates = user.watch(replica, "").await.unwrap();
                followers.spawn(follow(user.clone(), replica, updates, Arc::clone(&shown)));
                screens.push((format!("{} on {replica}", user.name()), shown));
            }
        }
        Self {
            screens,
            _followers: followers,
        }
    }

    /// How much the screen has shown that has shown the most.
    pub fn most_shown(&self) -> usize {
        let counts = self.screens.iter();
        let counts = counts.map(|(_, shown)| shown.lock().unwrap().items.len());
        counts.max().unwrap_or_default()
    }

    /// Waits until each has shown so many things; then it has shown no others, and none was told to
    /// read everything again. What a relay had published when it was killed, and could not delete any
    /// more, comes once more: a screen drops a version that it has.
    pub async fn assert_each_has_shown(&self, count: usize) -> Tally {
        let mut tally = Tally::default();
        for (name, shown) in &self.screens {
            eventually(&format!("{count} updates of {name}"), async || {
                (count <= shown.lock().unwrap().items.len()).then_some(())
            })
            .await;
            let shown = shown.lock().unwrap();
            assert_eq!(shown.items.len(), count, "{name}: {shown:#?}");
            assert!(shown.resyncs.is_empty(), "{name}: {:?}", shown.resyncs);
            tally.breaks += shown.breaks;
            tally.repeats += shown.items.values().sum::<usize>() - count;
        }
        tally
    }
}

async fn follow(user: User, mut replica: usize, mut updates: Updates, shown: Shared) {
    loop {
        match updates.next().await {
            Ok(Some(Frame::Update(update))) => {
                let item = match update.item {
                    Some(Item::Task(task)) => (task.id, task.version),
                    Some(Item::Notification(one)) => (one.id, one.version),
                    other => panic!("a task or a notification was expected: {other:?}"),
                };
                *shown.lock().unwrap().items.entry(item).or_default() += 1;
            }
            Ok(Some(Frame::ResyncRequired(resync))) => {
                shown.lock().unwrap().resyncs.push(resync);
            }
            Ok(Some(Frame::Heartbeat(_) | Frame::Ready(_))) => {}
            Ok(None) | Err(_) => {
                shown.lock().unwrap().breaks += 1;
                (replica, updates) = go_on(&user, replica, &updates.cursor).await;
            }
        }
    }
}

/// Goes on at the first replica that answers, the other one first.
async fn go_on(user: &User, left: usize, cursor: &str) -> (usize, Updates) {
    for replica in left + 1..left + 1 + TRIES {
        if let Ok(updates) = user.watch(replica % 2, cursor).await {
            return (replica % 2, updates);
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("no replica has answered {} {TRIES} times", user.name());
}
