//! When to look again, and how long to leave alone what has failed.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use domain::Topic;
use tokio::time::Instant;

use super::plan::{Line, line_of};
use crate::config::OutboxConfig;
use store::OutboxRow;

/// How long a relay waits before it looks into the outbox again, unless it is woken: briefly while there is work, ever
/// longer while there is none.
#[derive(Debug)]
pub(super) struct Pace {
    poll: Duration,
    idle_poll: Duration,
    pause: Duration,
}

impl Pace {
    pub(super) fn new(config: &OutboxConfig) -> Self {
        Self { poll: config.poll, idle_poll: config.idle_poll, pause: config.poll }
    }

    /// There was something to publish.
    pub(super) fn busy(&mut self) {
        self.pause = self.poll;
    }

    /// There was nothing to publish.
    pub(super) fn idle(&mut self) {
        self.pause = (self.pause + self.pause / 2).min(self.idle_poll);
    }

    /// The pause before the next look.
    pub(super) fn pause(&self) -> Duration {
        self.pause
    }
}

/// What has failed, and when it is tried again.
#[derive(Debug)]
pub(super) struct Troubles {
    backoff: Duration,
    max_backoff: Duration,
    topics: HashMap<Topic, Trouble>,
    /// Rows that failed alone, by position. They are tried apart from all others.
    rows: HashMap<i64, RowTrouble>,
}

#[derive(Debug, Clone, Copy)]
struct Trouble {
    failures: u32,
    retry_at: Instant,
}

#[derive(Debug, Clone)]
struct RowTrouble {
    line: Line,
    trouble: Trouble,
}

impl Troubles {
    pub(super) fn new(config: &OutboxConfig) -> Self {
        let OutboxConfig { backoff, max_backoff, .. } = *config;
        Self { backoff, max_backoff, topics: HashMap::new(), rows: HashMap::new() }
    }

    /// Whether a topic is to be left alone for now.
    pub(super) fn rests(&self, topic: Topic, now: Instant) -> bool {
        self.topics.get(&topic).is_some_and(|trouble| now < trouble.retry_at)
    }

    /// A call failed as a whole: how often in a row it is by now.
    pub(super) fn topic_failed(&mut self, topic: Topic, now: Instant) -> u32 {
        let before = self.topics.get(&topic).map_or(0, |trouble| trouble.failures);
        let trouble = self.after(before, now);
        self.topics.insert(topic, trouble);
        trouble.failures
    }

    /// Something was published on a topic.
    pub(super) fn topic_works(&mut self, topic: Topic) {
        self.topics.remove(&topic);
    }

    /// A row failed alone.
    pub(super) fn row_failed(&mut self, row: &OutboxRow, now: Instant) {
        let before = self.rows.get(&row.position).map_or(row.attempts, |failed| failed.trouble.failures);
        let trouble = self.after(before, now);
        self.rows.insert(row.position, RowTrouble { line: line_of(row), trouble });
    }

    /// A row is published, parked or gone.
    pub(super) fn row_done(&mut self, position: i64) {
        self.rows.remove(&position);
    }

    /// The lines that wait for a row of theirs which failed alone.
    pub(super) fn held_back(&self) -> HashSet<Line> {
        self.rows.values().map(|failed| failed.line.clone()).collect()
    }

    /// Takes from `rows` those that failed alone and may be tried again now.
    pub(super) fn due_alone(&self, rows: &[OutboxRow], now: Instant) -> Vec<OutboxRow> {
        let due = |row: &&OutboxRow| {
            self.rows.get(&row.position).is_some_and(|failed| failed.trouble.retry_at <= now)
        };
        rows.iter().filter(due).cloned().collect()
    }

    /// Forgets rows that are no longer in the outbox: another relay published them, or an operator dropped them.
    pub(super) fn keep_only(&mut self, rows: &[OutboxRow]) {
        let there: HashSet<i64> = rows.iter().map(|row| row.position).collect();
        self.rows.retain(|position, _| there.contains(position));
    }

    fn after(&self, failures: u32, now: Instant) -> Trouble {
        let factor = 1_u32.checked_shl(failures.min(16)).unwrap_or(u32::MAX);
        let pause = self.backoff.saturating_mul(factor).min(self.max_backoff);
        Trouble { failures: failures.saturating_add(1), retry_at: now + pause }
    }
}
