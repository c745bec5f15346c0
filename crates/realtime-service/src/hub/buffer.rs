//! The latest events of one partition, without a hole.

use std::{collections::VecDeque, mem::size_of, sync::Arc, time::Duration};

use domain::UserId;
use jiff::Timestamp;

use super::Frame;
use crate::position::{Fingerprint, Position};

/// What an entry costs besides the update's own bytes, about: itself, the frame, and its place
/// among the user's.
const OVERHEAD: usize = size_of::<Entry>() + size_of::<Frame>() + 3 * size_of::<usize>();

/// One event of the partition.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) fingerprint: Fingerprint,
    pub(super) received_at: Timestamp,
    /// The update and whose it is; nothing for an event that no user sees.
    pub(super) frame: Option<(UserId, Arc<Frame>)>,
}

impl Entry {
    fn weight(&self) -> usize {
        OVERHEAD
            + self
                .frame
                .as_ref()
                .map_or(0, |(_, frame)| frame.update.len())
    }
}

/// How an event stands to what the partition has brought before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The next one.
    Next,
    /// One that was there before.
    Seen,
    /// One whose predecessor is missing.
    AfterGap,
    /// One that cannot be of the log that was read before.
    OfNewLog,
}

/// What stands right before the first event of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// The topic began there when this replica began: what was before is older than the retention,
    /// and so is every cursor that has not seen it.
    Unseen,
    /// An event that was here.
    Seen(Fingerprint),
    /// Something that this replica has missed.
    Missed,
}

/// The events with the offsets from `start` on, as many as there are entries.
#[derive(Debug)]
pub(super) struct Buffer {
    start: i64,
    entries: VecDeque<Entry>,
    bytes: usize,
    before: Before,
    newest: Fingerprint,
    /// The latest moment at which anything in this log happened.
    latest: Timestamp,
}

impl Buffer {
    /// The first event that this replica gets of the partition is about to be taken.
    pub(super) fn starting_at(position: Position) -> Self {
        Self::empty(position, Before::Unseen)
    }

    /// An event before which something is missing is about to be taken.
    pub(super) fn starting_over_at(position: Position) -> Self {
        Self::empty(position, Before::Missed)
    }

    fn empty(position: Position, before: Before) -> Self {
        let Position {
            offset: start,
            fingerprint: newest,
            ..
        } = position;
        let entries = VecDeque::new();
        Self {
            start,
            entries,
            bytes: 0,
            before,
            newest,
            latest: Timestamp::MIN,
        }
    }

    /// How an event stands to what was here before. An offset that has been forgotten since is a
    /// repetition, unless its event is younger than everything the log has held.
    pub(super) fn standing(&self, position: Position, happened_at: Option<Timestamp>) -> Standing {
        if position.offset == self.next() {
            return Standing::Next;
        }
        if position.offset > self.next() {
            return Standing::AfterGap;
        }
        let same = match self.fingerprint(position.offset) {
            Some(fingerprint) => fingerprint == position.fingerprint,
            None => happened_at.is_none_or(|moment| moment <= self.latest),
        };
        if same {
            Standing::Seen
        } else {
            Standing::OfNewLog
        }
    }

    /// Takes the next event.
    pub(super) fn push(&mut self, entry: Entry, happened_at: Option<Timestamp>) {
        self.bytes += entry.weight();
        self.newest = entry.fingerprint;
        self.entries.push_back(entry);
        self.latest = happened_at.map_or(self.latest, |moment| moment.max(self.latest));
    }

    /// The position of the newest event.
    pub(super) fn head(&self, partition: i32) -> Position {
        Position {
            partition,
            offset: self.next() - 1,
            fingerprint: self.newest,
        }
    }

    /// Whether everything after `position` is here, and it is a position of this log.
    pub(super) fn follows(&self, position: Position) -> Follows {
        if position.offset < self.start - 1 {
            return Follows::Forgotten;
        }
        let of_this_log = match (position.offset + 1 == self.start, self.before) {
            (true, Before::Unseen) => true,
            (true, Before::Seen(fingerprint)) => fingerprint == position.fingerprint,
            (true, Before::Missed) => return Follows::Forgotten,
            (false, _) => self.fingerprint(position.offset) == Some(position.fingerprint),
        };
        if of_this_log {
            Follows::Complete
        } else {
            Follows::NotOfThisLog
        }
    }

    /// Removes the oldest event if it came longer than `retention` ago.
    pub(super) fn pop_received_before(
        &mut self,
        now: Timestamp,
        retention: Duration,
    ) -> Option<Entry> {
        let age = now.duration_since(self.entries.front()?.received_at);
        if Duration::try_from(age).is_ok_and(|age| age > retention) {
            self.pop()
        } else {
            None
        }
    }

    /// Removes the oldest event if there are too many, or too many bytes.
    pub(super) fn pop_surplus(&mut self, entries: usize, bytes: usize) -> Option<Entry> {
        if self.entries.len() > entries || self.bytes > bytes {
            self.pop()
        } else {
            None
        }
    }

    /// The updates that were kept, oldest first.
    pub(super) fn into_frames(self) -> impl Iterator<Item = (UserId, Arc<Frame>)> {
        self.entries.into_iter().filter_map(|entry| entry.frame)
    }

    fn pop(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front()?;
        self.bytes -= entry.weight();
        self.start += 1;
        self.before = Before::Seen(entry.fingerprint);
        Some(entry)
    }

    /// The offset of the next event.
    fn next(&self) -> i64 {
        self.start + i64::try_from(self.entries.len()).expect("a buffer is bounded")
    }

    fn fingerprint(&self, offset: i64) -> Option<Fingerprint> {
        let index = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        self.entries.get(index).map(|entry| entry.fingerprint)
    }
}

/// How a partition stands to a client's position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// All that came after it is here.
    Complete,
    /// Some of what came after it is no longer here.
    Forgotten,
    /// It lies ahead, or its event is not the one that is here.
    NotOfThisLog,
}

#[cfg(test)]
impl Buffer {
    /// How many updates are kept; by the way, that the count of bytes is right.
    pub(super) fn frames(&self) -> usize {
        assert_eq!(
            self.entries.iter().map(Entry::weight).sum::<usize>(),
            self.bytes
        );
        self.entries
            .iter()
            .filter(|entry| entry.frame.is_some())
            .count()
    }
}
