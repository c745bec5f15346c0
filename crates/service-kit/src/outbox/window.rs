//! The rows that a relay has in hand, lane by lane.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use domain::{Topic, UserId};
use store::OutboxRow;

use super::outbound::size;

/// The most rows of one lane that are kept in hand. A user who makes many events at once must not
/// fill the memory with them: only the first is ever under way.
const LANE_ROWS: usize = 64;

/// One user's events on one topic.
type Lane = (Topic, UserId);

/// Rows in hand, in the order of their positions.
#[derive(Debug, Default)]
pub(super) struct Window {
    rows: BTreeMap<i64, Arc<OutboxRow>>,
    lanes: HashMap<Lane, BTreeSet<i64>>,
    /// Lanes whose first row is under way, or waits for its own next attempt.
    held: HashSet<Lane>,
}

/// What became of rows that were offered.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Admitted {
    /// How many are new in hand.
    pub(super) new: usize,
    /// Whether any was left in the outbox because of the bound.
    pub(super) left_out: bool,
}

impl Window {
    /// Takes rows in hand that are not there yet. They come in the order of their positions, from
    /// the first on.
    pub(super) fn admit(&mut self, rows: Vec<OutboxRow>) -> Admitted {
        let mut admitted = Admitted::default();
        for row in rows {
            if self.rows.contains_key(&row.position) {
                continue;
            }
            let lane = self.lanes.entry(lane(&row)).or_default();
            // Beyond the bound nothing of a lane is taken: a gap would break its order.
            if LANE_ROWS <= lane.len() {
                admitted.left_out = true;
                continue;
            }
            lane.insert(row.position);
            self.rows.insert(row.position, Arc::new(row));
            admitted.new += 1;
        }
        admitted
    }

    /// The next rows that can go in one call: the first ones of lanes that are not held, all on one
    /// topic, the oldest first. Their lanes are held from now on.
    pub(super) fn next_batch(
        &mut self,
        most_rows: usize,
        most_bytes: usize,
        is_open: impl Fn(Topic) -> bool,
    ) -> Vec<Arc<OutboxRow>> {
        let mut heads: Vec<i64> = self.heads(is_open).collect();
        heads.sort_unstable();
        let mut batch: Vec<Arc<OutboxRow>> = Vec::new();
        let mut bytes = 0;
        for position in heads {
            let row = &self.rows[&position];
            if batch
                .first()
                .is_some_and(|first| first.entry.topic != row.entry.topic)
            {
                continue;
            }
            bytes += size(row);
            if most_rows <= batch.len() || (most_bytes < bytes && !batch.is_empty()) {
                break;
            }
            batch.push(Arc::clone(row));
        }
        self.held.extend(batch.iter().map(|row| lane(row)));
        batch
    }

    /// How many lanes could go out now.
    pub(super) fn open_lanes(&self) -> usize {
        self.heads(|_| true).count()
    }

    /// Lets go of rows that are published, parked or no longer ours, and frees their lanes.
    pub(super) fn remove(&mut self, rows: &[Arc<OutboxRow>]) {
        for row in rows {
            self.rows.remove(&row.position);
            let key = lane(row);
            self.held.remove(&key);
            if let Some(positions) = self.lanes.get_mut(&key) {
                positions.remove(&row.position);
                if positions.is_empty() {
                    self.lanes.remove(&key);
                }
            }
        }
    }

    /// Lets go of whole lanes: the rows behind a parked one wait in the database.
    pub(super) fn remove_lane_of(&mut self, row: &OutboxRow) {
        let key = lane(row);
        for position in self.lanes.remove(&key).unwrap_or_default() {
            self.rows.remove(&position);
        }
        self.held.remove(&key);
    }

    /// Frees the lanes of rows that have not been published.
    pub(super) fn release(&mut self, rows: &[Arc<OutboxRow>]) {
        for row in rows {
            self.held.remove(&lane(row));
        }
    }

    /// Lets go of everything in shards that are not kept, but for what is under way: that comes
    /// back and is let go then.
    pub(super) fn keep_shards(&mut self, keep: impl Fn(u8) -> bool) {
        let lost: Vec<Arc<OutboxRow>> = self
            .rows
            .values()
            .filter(|row| !keep(row.shard) && !self.held.contains(&lane(row)))
            .cloned()
            .collect();
        self.remove(&lost);
    }

    /// Whether anything of a shard is under way.
    pub(super) fn is_busy(&self, shard: u8) -> bool {
        self.rows
            .values()
            .any(|row| row.shard == shard && self.held.contains(&lane(row)))
    }

    /// How many rows are in hand.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    fn heads(&self, is_open: impl Fn(Topic) -> bool) -> impl Iterator<Item = i64> {
        self.lanes
            .iter()
            .filter(move |(lane, _)| is_open(lane.0) && !self.held.contains(lane))
            .filter_map(|(_, positions)| positions.first().copied())
    }
}

fn lane(row: &OutboxRow) -> Lane {
    (row.entry.topic, row.entry.user_id.clone())
}

#[cfg(test)]
mod tests;
