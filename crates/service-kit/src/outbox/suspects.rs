//! Calls that failed though publishing works otherwise: one of their events is at fault.

use std::{collections::VecDeque, sync::Arc};

use domain::Topic;
use store::OutboxRow;
use tokio::time::Instant;

use super::backoff::pause;
use crate::config::OutboxConfig;

/// Rows that failed together, and go out together again, or in halves.
#[derive(Debug)]
pub(super) struct Suspect {
    /// The rows, one a lane; their lanes are held.
    pub(super) rows: Vec<Arc<OutboxRow>>,
    /// How often these rows have failed in this company.
    pub(super) failures: u32,
    /// Whether they are part of a larger call that failed. Then they are split at their first
    /// failure: that something among them is at fault is known.
    is_part: bool,
    not_before: Instant,
}

/// All suspects that wait.
#[derive(Debug, Default)]
pub(super) struct Suspects(VecDeque<Suspect>);

impl Suspect {
    /// Rows whose call failed for the first time.
    pub(super) fn new(rows: Vec<Arc<OutboxRow>>) -> Self {
        Self {
            rows,
            failures: 0,
            is_part: false,
            not_before: Instant::now(),
        }
    }

    /// The topic of all of its rows.
    pub(super) fn topic(&self) -> Option<Topic> {
        self.rows.first().map(|row| row.entry.topic)
    }

    /// The one row that is left.
    pub(super) fn alone(&self) -> Option<&Arc<OutboxRow>> {
        match self.rows.as_slice() {
            [row] => Some(row),
            _ => None,
        }
    }

    /// Whether it stands alone and has failed so often that one failure more has it parked, if it is
    /// proven that the event is at fault.
    pub(super) fn is_tried(&self, config: &OutboxConfig) -> bool {
        self.rows.len() == 1 && config.park_after <= self.failures.saturating_add(1)
    }

    fn halves(mut self) -> [Self; 2] {
        let later = self.rows.split_off(self.rows.len() / 2);
        let not_before = Instant::now();
        [self.rows, later].map(|rows| Self {
            rows,
            failures: 0,
            is_part: true,
            not_before,
        })
    }
}

impl Suspects {
    /// Takes back a suspect that has failed: it waits for its next attempt, or is split.
    pub(super) fn failed(&mut self, mut suspect: Suspect, config: &OutboxConfig) {
        suspect.failures = suspect.failures.saturating_add(1);
        let is_alone = suspect.rows.len() == 1;
        if !is_alone && (suspect.is_part || config.split_after <= suspect.failures) {
            self.0.extend(suspect.halves());
            return;
        }
        suspect.not_before = Instant::now() + pause(config, suspect.failures);
        self.0.push_back(suspect);
    }

    /// Keeps a suspect waiting.
    pub(super) fn put_back(&mut self, suspect: Suspect) {
        self.0.push_back(suspect);
    }

    /// A suspect whose time has come and whose topic is open.
    pub(super) fn next(&mut self, is_open: impl Fn(Topic) -> bool) -> Option<Suspect> {
        let now = Instant::now();
        let is_due =
            |suspect: &Suspect| suspect.not_before <= now && suspect.topic().is_some_and(&is_open);
        let index = self.0.iter().position(is_due)?;
        self.0.remove(index)
    }

    /// When the next one's time comes whose topic is open.
    pub(super) fn next_time(&self, is_open: impl Fn(Topic) -> bool) -> Option<Instant> {
        let open = self
            .0
            .iter()
            .filter(|suspect| suspect.topic().is_some_and(&is_open));
        open.map(|suspect| suspect.not_before).min()
    }

    /// Takes out those with a row in a shard that is no longer ours.
    pub(super) fn take_lost(&mut self, keep: impl Fn(u8) -> bool) -> Vec<Suspect> {
        let (kept, lost): (Vec<_>, Vec<_>) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|suspect| suspect.rows.iter().all(|row| keep(row.shard)));
        self.0 = kept.into();
        lost
    }
}
