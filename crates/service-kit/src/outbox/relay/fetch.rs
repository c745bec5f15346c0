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

impl Relay {
    /// Looks into the outbox as soon as it is worth it: something was committed.
    pub(super) fn look_soon(&mut self) {
        let soon = self.looks.again_at().max(Instant::now());
        self.fetch_at = self.fetch_at.min(soon);
    }

    /// Takes rows in hand, and says how many are new.
    pub(super) async fn fetch(&mut self, store: &Store) -> usize {
        let began = Instant::now();
        let new = self.look(store).await;
        self.looks.looked(began, new);
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
        let is_short = is_full && self.window.open_lanes() < config.batch_rows;
        let mut new = admitted.new;
        if is_stuck || (is_short && self.heads.again_at() <= Instant::now()) {
            new += self.fetch_heads(store, &shards, limit).await;
        } else if is_short {
            self.fetch_at = self.fetch_at.min(self.heads.again_at());
        }
        new
    }

    /// Looks past users with very many events, and says how many rows are new. It reads all that
    /// waits, so where few users have it all in hand it must not be done for every few rows.
    pub(super) async fn fetch_heads(&mut self, store: &Store, shards: &[u8], limit: u32) -> usize {
        let began = Instant::now();
        let fetched = in_time(async {
            let tx = store.read().await?;
            tx.outbox_fetch_heads(self.kit.app(), shards, limit).await
        });
        let new = match fetched.await {
            Ok(rows) => self.window.admit(rows).new,
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "the outbox could not be read");
                0
            }
        };
        self.heads.looked(began, new);
        new
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
