//! Which shards this relay publishes for.
//!
//! Each relay also holds a lease on a number beyond the shards, which serves no rows: by those
//! leases relays see each other, also those that have no shard yet, and each takes its fair share.

use std::{collections::BTreeSet, time::Duration};

use domain::AppId;
use jiff::Timestamp;
use rand::Rng as _;
use store::{Fence, Lease, SHARDS, Store, StoreError};
use tokio::time::Instant;

use crate::clock::SharedClock;

/// Where the numbers by which relays see each other begin.
const FIRST_PRESENCE: u8 = 128;

/// The leases of one relay.
#[derive(Debug)]
pub(super) struct Leases {
    source: AppId,
    owner: String,
    clock: SharedClock,
    length: Duration,
    held: Vec<Lease>,
    presence: Option<Lease>,
    /// Until when what is held is surely ours. On the runtime's timer: the clock may be set.
    sure_until: Option<Instant>,
}

impl Leases {
    /// No leases yet. What an earlier process with the name `owner` held is taken over at once.
    pub(super) fn new(source: AppId, owner: String, clock: SharedClock, length: Duration) -> Self {
        Self {
            source,
            owner,
            clock,
            length,
            held: Vec::new(),
            presence: None,
            sure_until: None,
        }
    }

    /// The shards that are ours now.
    pub(super) fn shards(&self) -> Vec<u8> {
        if self.sure_until.is_some_and(|until| Instant::now() < until) {
            self.held.iter().map(|lease| lease.shard).collect()
        } else {
            Vec::new()
        }
    }

    /// Whether nothing is held, surely or not.
    pub(super) fn are_none(&self) -> bool {
        self.held.is_empty() && self.presence.is_none()
    }

    /// What proves that the shards are ours.
    pub(super) fn fences(&self) -> Vec<Fence> {
        self.held.iter().map(Lease::fence).collect()
    }

    /// How long to wait until leases are tended again.
    pub(super) fn interval(&self) -> Duration {
        self.length / 3
    }

    /// Extends what is held, takes what is free, and gives back what is more than a fair share and
    /// not busy.
    pub(super) async fn tend(
        &mut self,
        store: &Store,
        is_busy: impl Fn(u8) -> bool,
    ) -> Result<(), StoreError> {
        let asked_at = Instant::now();
        let now = self.clock.now();
        let expires_at = self.expiry(now);
        let tx = store.begin().await?;
        let all = tx.lease_list(self.source).await?;
        let mut fences: Vec<Fence> = all
            .iter()
            .filter(|lease| lease.owner == self.owner)
            .map(Lease::fence)
            .collect();
        let share = self.fair_share(&all, now);
        let surplus = surplus(&fences, share, is_busy);
        fences.retain(|fence| !surplus.contains(fence));
        tx.lease_release(self.source, &surplus, now).await?;
        let mut ours = tx.lease_renew(self.source, &fences, expires_at).await?;
        let mut wanted = free_shards(&all, now);
        let have = ours.iter().filter(|lease| lease.shard < SHARDS).count();
        wanted.truncate(share.saturating_sub(have));
        if !ours.iter().any(|lease| FIRST_PRESENCE <= lease.shard) {
            wanted.push(free_presence(&all, now));
        }
        ours.extend(
            tx.lease_acquire(self.source, &wanted, &self.owner, now, expires_at)
                .await?,
        );
        tx.commit().await?;
        let (shards, presence) = ours.into_iter().partition(|lease| lease.shard < SHARDS);
        self.held = shards;
        self.presence = Vec::into_iter(presence).next();
        self.sure_until = Some(asked_at + self.length);
        Ok(())
    }

    /// Gives everything back, so that others need not wait for its end.
    pub(super) async fn release(&mut self, store: &Store) -> Result<(), StoreError> {
        let fences: Vec<Fence> = self
            .held
            .iter()
            .chain(&self.presence)
            .map(Lease::fence)
            .collect();
        self.held.clear();
        self.presence = None;
        let tx = store.begin().await?;
        tx.lease_release(self.source, &fences, self.clock.now())
            .await?;
        tx.commit().await
    }

    fn expiry(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(self.length).unwrap_or(Timestamp::MAX)
    }

    /// The shards divided by the relays that are alive, this one included.
    fn fair_share(&self, all: &[Lease], now: Timestamp) -> usize {
        let alive = all
            .iter()
            .filter(|lease| FIRST_PRESENCE <= lease.shard && now < lease.expires_at)
            .map(|lease| lease.owner.as_str());
        let relays = alive
            .chain([self.owner.as_str()])
            .collect::<BTreeSet<_>>()
            .len();
        usize::from(SHARDS).div_ceil(relays)
    }
}

/// What to give back: shards beyond the fair share that nothing is under way for.
fn surplus(fences: &[Fence], share: usize, is_busy: impl Fn(u8) -> bool) -> Vec<Fence> {
    let shards = fences.iter().filter(|fence| fence.shard < SHARDS);
    let excess = shards.clone().count().saturating_sub(share);
    shards
        .filter(|fence| !is_busy(fence.shard))
        .take(excess)
        .copied()
        .collect()
}

fn free_shards(all: &[Lease], now: Timestamp) -> Vec<u8> {
    (0..SHARDS)
        .filter(|shard| is_free(all, *shard, now))
        .collect()
}

/// A number by which others see this relay: any that is free, so that two who look for one at the
/// same moment seldom meet.
fn free_presence(all: &[Lease], now: Timestamp) -> u8 {
    let free: Vec<u8> = (FIRST_PRESENCE..=u8::MAX)
        .filter(|number| is_free(all, *number, now))
        .collect();
    match free.len() {
        0 => FIRST_PRESENCE,
        count => free[rand::rng().random_range(0..count)],
    }
}

fn is_free(all: &[Lease], shard: u8, now: Timestamp) -> bool {
    all.iter()
        .all(|lease| lease.shard != shard || lease.expires_at <= now)
}
