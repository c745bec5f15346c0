//! How often an event has failed.
//!
//! The count lives in memory: a restart or a rebalance begins anew, which costs an event some more
//! attempts and never loses one. What must not be lost, that it was given up, is in the database.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// The most events that are counted at once. Far more than partitions: each has one event that is
/// being retried.
const CAPACITY: usize = 10_000;

/// Counts failures by event.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    by_event: HashMap<String, u32>,
    /// In the order of their first failure, the oldest first. May name events that are no longer
    /// counted.
    order: VecDeque<String>,
}

impl Attempts {
    /// Counts one more failure and says how many that makes.
    pub(super) fn count(&self, event: &str) -> u32 {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.by_event.get_mut(event) {
            *count = count.saturating_add(1);
            return *count;
        }
        while CAPACITY <= counts.order.len() {
            if let Some(oldest) = counts.order.pop_front() {
                counts.by_event.remove(&oldest);
            }
        }
        counts.by_event.insert(event.to_owned(), 1);
        counts.order.push_back(event.to_owned());
        1
    }

    /// How often it has failed so far.
    pub(super) fn so_far(&self, event: &str) -> u32 {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.by_event.get(event).copied().unwrap_or(0)
    }

    /// Forgets an event that is done with.
    pub(super) fn forget(&self, event: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.by_event.remove(event).is_some() {
            counts.order.retain(|counted| counted != event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_has_its_own_count() {
        let attempts = Attempts::default();
        assert_eq!(
            [
                attempts.count("a"),
                attempts.count("a"),
                attempts.count("b")
            ],
            [1, 2, 1]
        );
        attempts.forget("a");
        assert_eq!(
            (
                attempts.so_far("a"),
                attempts.so_far("b"),
                attempts.count("a")
            ),
            (0, 1, 1)
        );
    }

    #[test]
    fn the_memory_is_bounded() {
        let attempts = Attempts::default();
        for event in 0..CAPACITY + 10 {
            attempts.count(&event.to_string());
        }
        let counts = attempts.0.lock().unwrap();
        assert_eq!(
            (counts.by_event.len(), counts.order.len()),
            (CAPACITY, CAPACITY)
        );
        assert!(!counts.by_event.contains_key("0"));
    }
}
