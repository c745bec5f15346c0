//! What the writer of the topics keeps in memory, in step with the file.

use std::{collections::HashMap, sync::Arc};

use rusqlite::Connection;

use super::{
    Message, Partition,
    groups::{self, Forgotten},
    positions::Positions,
};
use crate::engine::commit::Ledger;

/// What the writer of the topics keeps in memory: the offsets given in this transaction.
pub(super) struct LogLedger {
    positions: Arc<Positions>,
    staged: Vec<(Arc<Partition>, Arc<Message>)>,
    next_offsets: HashMap<i64, u64>,
    flushing: Vec<((i64, i64), u64)>,
}

impl LogLedger {
    pub(super) fn new(positions: Arc<Positions>) -> Self {
        Self {
            positions,
            staged: Vec::new(),
            next_offsets: HashMap::new(),
            flushing: Vec::new(),
        }
    }

    pub(super) fn next_offset(&mut self, partition: &Partition) -> u64 {
        let next = self
            .next_offsets
            .entry(partition.id)
            .or_insert_with(|| partition.end());
        let offset = *next;
        *next += 1;
        offset
    }

    /// Forgets positions whose rows this transaction deletes. Should it fail, the groups have no
    /// member that would miss them.
    pub(super) fn forget(&self, positions: &[Forgotten]) {
        self.positions
            .forget_all(positions.iter().map(|forgotten| forgotten.at));
    }

    pub(super) fn stage(&mut self, partition: Arc<Partition>, message: Message) {
        self.staged.push((partition, Arc::new(message)));
    }
}

impl Ledger for LogLedger {
    fn before_commit(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.flushing = self.positions.take_dirty();
        groups::write_positions(connection, &self.flushing)
    }

    fn committed(&mut self) {
        for (partition, message) in self.staged.drain(..) {
            partition.appended(message);
        }
        self.next_offsets.clear();
        self.flushing.clear();
    }

    fn rolled_back(&mut self) {
        self.staged.clear();
        self.next_offsets.clear();
        self.positions.give_back(std::mem::take(&mut self.flushing));
    }
}
