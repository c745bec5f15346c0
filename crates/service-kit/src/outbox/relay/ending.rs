//! How the relay ends: with an empty outbox if that can be had soon.

use futures::StreamExt as _;
use store::Store;
use tokio::time::Instant;

use super::{CallDied, Relay};
use crate::kit::Kit;

/// The part of the grace period that the relay may use. In the rest it gives its leases back, which
/// may have to wait for the database.
const SHARE_OF_GRACE: f64 = 0.8;

/// Returns when little is left of the grace period.
pub(super) async fn grace_runs_low(kit: &Kit) {
    kit.lifecycle().draining().await;
    let grace = kit.config().process.grace_period;
    tokio::time::sleep(grace.mul_f64(SHARE_OF_GRACE)).await;
}

impl Relay {
    /// Publishes until nothing can go out now: until the outbox is empty, or what is in it waits
    /// for something that is away, or for its next attempt. That, too, is for the next relay, be it
    /// another replica or the next start.
    pub(super) async fn empty(&mut self, store: &Store) -> Result<(), CallDied> {
        // What was committed last is found even if the signal of it was not seen.
        self.fetch_at = Instant::now();
        loop {
            self.work(store).await;
            match self.calls.next().await {
                Some(ended) => self.settle(store, ended.map_err(|_| CallDied)?).await,
                None if self.fetch(store).await == 0 => return Ok(()),
                None => {}
            }
        }
    }

    /// Leaves the calls under way to themselves: they end with the process.
    pub(super) fn give_up(&self) {
        tracing::warn!(
            events = self.window.len(),
            "the grace period ends: the next relay publishes what is left"
        );
    }
}
