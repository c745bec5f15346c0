//! Which shards this relay may publish, and until when.

use std::{collections::BTreeSet, time::Duration};

use domain::AppId;
use jiff::Timestamp;
use store::{Fence, Lease, SHARDS, Store, StoreError};

/// Where relays show that they are there: leases on numbers above the shards, one each. A relay that holds no shard yet
/// is seen by the others through it, and they make room.
const PRESENCE: std::ops::Range<u8> = 100..164;

/// The leases of one relay. Until a lease's end nobody else publishes its shard; after it somebody may, and what this
/// relay publishes still is a repetition at worst, since deleting demands the fence.
#[derive(Debug)]
pub(super) struct Leases {
    source: AppId,
    owner: String,
    length: Duration,
    held: Vec<Lease>,
    next_look: Option<Timestamp>,
}

impl Leases {
    /// No leases yet. `owner` is a name that no other relay has.
    pub(super) fn new(source: AppId, owner: String, length: Duration) -> Self {
        Self { source, owner, length, held: Vec::new(), next_look: None }
    }

    /// The shards that are held at this moment.
    pub(super) fn shards(&self, now: Timestamp) -> Vec<u8> {
        self.live(now).map(|lease| lease.shard).collect()
    }

    /// What proves it.
    pub(super) fn fences(&self, now: Timestamp) -> Vec<Fence> {
        self.live(now).map(Lease::fence).collect()
    }

    /// The moment at which [`Self::keep`] is due again.
    pub(super) fn next_look(&self) -> Option<Timestamp> {
        self.next_look
    }

    /// Forgets the leases, because one of them turned out to be lost.
    pub(super) fn doubt(&mut self) {
        self.held.clear();
        self.next_look = None;
    }

    /// Renews what is held, takes what is free, and gives back what is more than a fair share. Does nothing until a
    /// third of a lease's length has passed. Must not be called while anything is being published.
    pub(super) async fn keep(&mut self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        if self.next_look.is_some_and(|next| now < next) {
            return Ok(());
        }
        let expires_at = after(now, self.length);
        let all = store.read().await?.lease_list(self.source).await?;
        let live: Vec<&Lease> = all.iter().filter(|lease| now < lease.expires_at).collect();

        let tx = store.begin().await?;
        let mine: Vec<Fence> =
            live.iter().filter(|lease| lease.owner == self.owner).map(|lease| lease.fence()).collect();
        let mut held = tx.lease_renew(self.source, &mine, expires_at).await?;
        if !held.iter().any(is_presence) {
            let taken: BTreeSet<u8> = live.iter().map(|lease| lease.shard).collect();
            let free: Vec<u8> = PRESENCE.filter(|slot| !taken.contains(slot)).take(1).collect();
            held.extend(tx.lease_acquire(self.source, &free, &self.owner, now, expires_at).await?);
        }
        let fair = fair_share(&live, &self.owner);
        let mut shards: Vec<Lease> = held.iter().filter(|lease| !is_presence(lease)).cloned().collect();
        if shards.len() < fair {
            let taken: BTreeSet<u8> = live.iter().map(|lease| lease.shard).collect();
            let free: Vec<u8> =
                (0..SHARDS).filter(|shard| !taken.contains(shard)).take(fair - shards.len()).collect();
            let acquired = tx.lease_acquire(self.source, &free, &self.owner, now, expires_at).await?;
            held.extend(acquired);
        } else if fair < shards.len() {
            let surplus: Vec<Fence> = shards.split_off(fair).iter().map(Lease::fence).collect();
            tx.lease_release(self.source, &surplus, now).await?;
            held.retain(|lease| !surplus.contains(&lease.fence()));
        }
        tx.commit().await?;

        if held.len() != self.held.len() {
            let shards = held.iter().filter(|lease| !is_presence(lease)).count();
            tracing::debug!(shards, "the relay's share of the outbox changed");
        }
        self.held = held;
        self.next_look = Some(after(now, self.length / 3));
        Ok(())
    }

    /// Gives everything back, so that another relay can go on at once.
    pub(super) async fn release(&mut self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let fences: Vec<Fence> = self.held.iter().map(Lease::fence).collect();
        self.doubt();
        let tx = store.begin().await?;
        tx.lease_release(self.source, &fences, now).await?;
        tx.commit().await
    }

    fn live(&self, now: Timestamp) -> impl Iterator<Item = &Lease> {
        self.held.iter().filter(move |lease| now < lease.expires_at && !is_presence(lease))
    }
}

fn is_presence(lease: &Lease) -> bool {
    PRESENCE.contains(&lease.shard)
}

/// How many shards each of the relays that are there may hold.
fn fair_share(live: &[&Lease], me: &str) -> usize {
    let mut owners: BTreeSet<&str> = live.iter().map(|lease| lease.owner.as_str()).collect();
    owners.insert(me);
    usize::from(SHARDS).div_ceil(owners.len())
}

fn after(now: Timestamp, length: Duration) -> Timestamp {
    now.checked_add(length).unwrap_or(Timestamp::MAX)
}
