//! New ids, as an argument.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{CorrelationId, EventId, NewIds, ReminderId, TaskId};
use rand::{RngCore as _, SeedableRng as _, rngs::StdRng};
use uuid::{Builder, Uuid};

use crate::clock::SharedClock;

/// Makes `UUIDv7` ids of the clock's time and random bits. A cheap handle: clones draw from the
/// same source.
#[derive(Debug, Clone)]
pub struct Ids {
    clock: SharedClock,
    random: Arc<Mutex<StdRng>>,
}

impl Ids {
    /// Ids whose random bits come from the operating system.
    pub fn new(clock: SharedClock) -> Self {
        Self {
            clock,
            random: Arc::new(Mutex::new(StdRng::from_os_rng())),
        }
    }

    /// Ids that repeat from run to run, for tests.
    pub fn seeded(clock: SharedClock, seed: u64) -> Self {
        Self {
            clock,
            random: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))),
        }
    }

    /// A new id.
    pub fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut random);
        let milliseconds = u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }

    /// A new correlation id, for what no request has caused.
    pub fn correlation_id(&self) -> CorrelationId {
        CorrelationId::from_uuid(self.uuid())
    }
}

impl NewIds for Ids {
    fn task_id(&mut self) -> TaskId {
        TaskId(self.uuid())
    }

    fn reminder_id(&mut self) -> ReminderId {
        ReminderId(self.uuid())
    }

    fn event_id(&mut self) -> EventId {
        EventId(self.uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn ids_are_version_7_and_differ() {
        let ids = Ids::new(SystemClock::shared());
        let (first, second) = (ids.uuid(), ids.uuid());
        assert_eq!(first.get_version_num(), 7);
        assert_ne!(first, second);
    }

    #[test]
    fn seeded_ids_repeat_but_for_the_time() {
        let random_part =
            |seed| Ids::seeded(SystemClock::shared(), seed).uuid().as_u128() & u128::from(u64::MAX);
        assert_eq!(random_part(7), random_part(7));
        assert_ne!(random_part(7), random_part(8));
    }
}
