//! How the members of a consumer group share a topic's partitions.
//!
//! Each partition belongs to one member at a time. When members come and go the partitions are
//! dealt out anew; the new owner of a partition waits until the old one has let go of it, so that
//! no two members ever handle events of one partition at the same time.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::{Mutex, OwnedMutexGuard, watch};

/// The members of one group on one topic.
pub(super) struct Share {
    members: watch::Sender<Vec<u64>>,
    turns: std::sync::Mutex<HashMap<usize, Arc<Mutex<()>>>>,
    next_member: AtomicU64,
}

impl Share {
    pub(super) fn new() -> Self {
        Self {
            members: watch::Sender::new(Vec::new()),
            turns: std::sync::Mutex::default(),
            next_member: AtomicU64::new(0),
        }
    }

    fn turn_of(&self, partition: usize) -> Arc<Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(partition).or_default())
    }
}

/// A member's place. Dropping it deals its partitions out to the others.
pub(crate) struct Seat {
    share: Arc<Share>,
    member: u64,
}

impl Seat {
    pub(super) fn take(share: &Arc<Share>) -> Self {
        let member = share.next_member.fetch_add(1, Ordering::Relaxed);
        share.members.send_modify(|members| members.push(member));
        Self {
            share: Arc::clone(share),
            member,
        }
    }

    /// Waits until the partition is this member's and no other member handles it any more.
    pub(crate) async fn turn(&self, partition: usize) -> OwnedMutexGuard<()> {
        loop {
            self.wait_until(partition, true).await;
            let turn = self.share.turn_of(partition).lock_owned().await;
            if self.owns(partition, &self.share.members.borrow()) {
                return turn;
            }
        }
    }

    /// Waits until the partition has been given to another member.
    pub(crate) async fn lost(&self, partition: usize) {
        self.wait_until(partition, false).await;
    }

    async fn wait_until(&self, partition: usize, owned: bool) {
        let mut members = self.share.members.subscribe();
        members
            .wait_for(|members| self.owns(partition, members) == owned)
            .await
            .expect("the sender lives as long as the seat");
    }

    fn owns(&self, partition: usize, members: &[u64]) -> bool {
        !members.is_empty() && members[partition % members.len()] == self.member
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.share
            .members
            .send_modify(|members| members.retain(|other| *other != self.member));
    }
}
