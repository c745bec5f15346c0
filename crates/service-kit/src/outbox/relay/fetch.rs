//! How rows come into the relay's hands.

use std::error::Error;

use store::Store;
use tokio::time::Instant;

use super::{DATABASE_PAUSE, Relay};
use crate::outbox::database::in_time;

/// How few rows may be in hand before more are fetched when lanes have more than is kept of them.
/// Less than what is kept of one, so that a single long lane is not read anew for each of its
/// events.
const LANE_LOW_WATER: usize = 16;

/// How much longer than a look that found nothing new the pause after it is. While everything waits
/// for a broker that is away, each commit would have the relay read what it has in hand already, and
/// the longer the outage, the more there is to read.
const PAUSE: u32 = 9;

impl Relay {
    /// Looks into the outbox as soon as it is worth it: something was committed.
    pub(super) fn look_soon(&mut self) {
        let soon = self.look_again_at.max(Instant::now());
        self.fetch_at = self.fetch_at.min(soon);
    }

    /// Takes rows in hand, and says how many are new.
    pub(super) async fn fetch(&mut self, store: &Store) -> usize {
        let began = Instant::now();
        let new = self.look(store).await;
        let ended = Instant::now();
        self.look_again_at = if new == 0 {
            ended + (ended - began) * PAUSE
        } else {
            ended
        };
        new
    }

    async fn look(&mut self, store: &Store) -> usize {
        let shards = self.leases.shards();
        let config = self.kit.config().outbox.clone();
        let limit = self.rows_in_hand();
        let fetched = in_time(async {
            let tx = store.read().await?;
            tx.outbox_fetch(self.kit.app(), &shards, limit).await
        });
        let rows = match fetched.await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "the outbox could not be read");
                self.fetch_at = Instant::now() + DATABASE_PAUSE;
                return 0;
            }
        };
        let is_full = rows.len() == limit as usize;
        let found = !rows.is_empty();
        let admitted = self.window.admit(rows);
        self.has_more = is_full || admitted.left_out;
        self.low_water = if admitted.left_out {
            LANE_LOW_WATER
        } else {
            config.batch_rows
        };
        self.poll = if admitted.new == 0 {
            (self.poll * 2).min(config.idle_poll)
        } else {
            config.poll
        };
        self.fetch_at = Instant::now() + self.poll;
        // Behind many rows that cannot go out now there may be others that can.
        let is_stuck = found && admitted.new == 0;
        let mut new = admitted.new;
        if is_stuck || (is_full && self.window.open_lanes() < config.batch_rows) {
            new += self.fetch_heads(store, &shards, limit).await;
        }
        new
    }

    /// Looks past users with very many events, and says how many rows are new.
    pub(super) async fn fetch_heads(&mut self, store: &Store, shards: &[u8], limit: u32) -> usize {
        let fetched = in_time(async {
            let tx = store.read().await?;
            tx.outbox_fetch_heads(self.kit.app(), shards, limit).await
        });
        match fetched.await {
            Ok(rows) => self.window.admit(rows).new,
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "the outbox could not be read");
                0
            }
        }
    }

    /// As many rows as can be under way at once.
    pub(super) fn rows_in_hand(&self) -> u32 {
        u32::try_from(self.config().batch_rows * self.config().calls).unwrap_or(u32::MAX)
    }

    /// With room in the window, and more to be had, there is no reason to wait.
    pub(super) fn refill(&mut self) {
        if self.has_more && self.window.len() <= self.low_water {
            self.fetch_at = Instant::now();
        }
    }
}
