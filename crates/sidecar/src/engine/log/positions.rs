//! How far each consumer group has come in each partition.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// A consumer group. An ephemeral one is forgotten when its last clone is dropped.
#[derive(Clone)]
pub(crate) struct Group(Arc<Identity>);

struct Identity {
    id: i64,
    ephemeral: Option<Arc<Positions>>,
}

impl Group {
    pub(super) fn named(id: i64) -> Self {
        Self(Arc::new(Identity {
            id,
            ephemeral: None,
        }))
    }

    pub(super) fn ephemeral(id: i64, positions: Arc<Positions>) -> Self {
        Self(Arc::new(Identity {
            id,
            ephemeral: Some(positions),
        }))
    }

    /// Its row; ephemeral groups have none and bear negative numbers.
    pub(super) fn id(&self) -> i64 {
        self.0.id
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        if let Some(positions) = &self.ephemeral {
            positions.forget(self.id);
        }
    }
}

/// The positions of all groups, by group and partition, and which are not on disk yet.
pub(super) struct Positions {
    known: Mutex<Known>,
    changed: Notify,
}

#[derive(Default)]
struct Known {
    next: HashMap<(i64, i64), u64>,
    dirty: HashSet<(i64, i64)>,
}

impl Positions {
    pub(super) fn new(next: HashMap<(i64, i64), u64>) -> Self {
        Self {
            known: Mutex::new(Known {
                next,
                dirty: HashSet::new(),
            }),
            changed: Notify::new(),
        }
    }

    /// Adds positions that the group does not have yet.
    pub(super) fn add(&self, group: i64, positions: Vec<(i64, u64)>) {
        let mut known = self.lock();
        for (partition, next) in positions {
            known.next.entry((group, partition)).or_insert(next);
        }
    }

    pub(super) fn get(&self, group: i64, partition: i64) -> Option<u64> {
        self.lock().next.get(&(group, partition)).copied()
    }

    /// The least position that a named group has in the partition: what lies below has been
    /// consumed by every group that is known.
    pub(super) fn least(&self, partition: i64) -> Option<u64> {
        let known = self.lock();
        let named = known
            .next
            .iter()
            .filter(|((group, at), _)| *group > 0 && *at == partition);
        named.map(|(_, next)| *next).min()
    }

    pub(super) fn mark(&self, group: i64, partition: i64, next: u64) {
        let mut known = self.lock();
        known.next.insert((group, partition), next);
        if group > 0 && known.dirty.insert((group, partition)) {
            drop(known);
            self.changed.notify_one();
        }
    }

    /// Waits until a position has changed since the last call.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    pub(super) fn is_dirty(&self) -> bool {
        !self.lock().dirty.is_empty()
    }

    /// The positions to be written now.
    pub(super) fn take_dirty(&self) -> Vec<((i64, i64), u64)> {
        let mut known = self.lock();
        let dirty = std::mem::take(&mut known.dirty);
        dirty
            .into_iter()
            .filter_map(|at| known.next.get(&at).map(|next| (at, *next)))
            .collect()
    }

    /// Positions that could not be written after all.
    pub(super) fn give_back(&self, positions: Vec<((i64, i64), u64)>) {
        if positions.is_empty() {
            return;
        }
        self.lock()
            .dirty
            .extend(positions.into_iter().map(|(at, _)| at));
        self.changed.notify_one();
    }

    /// Forgets positions that are no longer in the file.
    pub(super) fn forget_all(&self, positions: impl Iterator<Item = (i64, i64)>) {
        let mut known = self.lock();
        for at in positions {
            known.next.remove(&at);
            known.dirty.remove(&at);
        }
    }

    fn forget(&self, group: i64) {
        self.lock().next.retain(|(of, _), _| *of != group);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
