//! Consumer groups that are gone for good: a service that was renamed, or a topic that it no longer
//! subscribes to. What they have not passed would be kept for ever.
//!
//! A group with a member is never forgotten, however far behind it is. One without is forgotten when
//! it has had none for long, counted on the clock, but only after the engine has looked for members
//! for a while: a machine may have been off for longer than that, and its services need time to
//! start.

use std::sync::{
    Arc, PoisonError,
    atomic::{AtomicI64, AtomicU32, Ordering},
};

use super::{Log, groups};
use crate::{clock::milliseconds, engine::commit::StorageError};

/// What is known of members since the engine was opened.
#[derive(Debug, Default)]
pub(super) struct Absence {
    looks: AtomicU32,
    noted_at: AtomicI64,
}

impl Log {
    /// Looks which groups have members, and forgets those that have had none for long.
    pub(in crate::engine) async fn forget_absent_groups(&self) -> Result<(), StorageError> {
        let now = self.clock.now_milliseconds();
        if now - self.absence.noted_at.load(Ordering::Relaxed) >= NOTE_INTERVAL {
            let seats = self.seats();
            self.commit
                .call(move |_ledger, connection| groups::see_members(connection, &seats, now))
                .await?;
            self.absence.noted_at.store(now, Ordering::Relaxed);
        }
        if self.absence.looks.fetch_add(1, Ordering::Relaxed) < LOOKS_BEFORE_FORGETTING {
            return Ok(());
        }
        let after = self
            .defaults
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .forget_groups_after;
        let before = now - milliseconds(after);
        let forgotten = self
            .commit
            .call(move |ledger, connection| {
                let forgotten = groups::forget_absent(connection, before)?;
                ledger.forget(&forgotten);
                Ok(forgotten)
            })
            .await?;
        for forgotten in forgotten {
            tracing::warn!(
                group = forgotten.group,
                topic = forgotten.topic,
                "a consumer group that has had no member for long is forgotten: nothing is kept for it"
            );
        }
        Ok(())
    }

    /// The groups that have a member, each with the topic.
    fn seats(&self) -> Vec<(i64, i64)> {
        let shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = shares
            .iter()
            .filter(|(_, share)| Arc::strong_count(share) > 1);
        taken.map(|(at, _)| *at).collect()
    }
}

/// How often the file is told which groups have members, in milliseconds.
const NOTE_INTERVAL: i64 = 60 * 60 * 1000;
/// How often members have been looked for before any group is forgotten: an hour's looks, as often
/// as retention is applied by default.
const LOOKS_BEFORE_FORGETTING: u32 = 120;
