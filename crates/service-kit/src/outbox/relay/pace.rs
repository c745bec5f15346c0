//! When something that costs time is worth doing again.

use tokio::time::Instant;

/// How much longer than a look that found nothing new the pause after it is. While everything waits
/// for a broker that is away, each commit would have the relay read what it has in hand already, and
/// the longer the outage, the more there is to read.
const PAUSE: u32 = 9;

/// The pace of looks that may find nothing.
#[derive(Debug)]
pub(super) struct Pace {
    again_at: Instant,
}

impl Pace {
    /// The first look may be at once.
    pub(super) fn new(now: Instant) -> Self {
        Self { again_at: now }
    }

    /// When a look is worth its price again.
    pub(super) fn again_at(&self) -> Instant {
        self.again_at
    }

    /// A look that began then has ended, and found so much that is new.
    pub(super) fn looked(&mut self, began: Instant, new: usize) {
        let ended = Instant::now();
        self.again_at = if new == 0 {
            ended + (ended - began) * PAUSE
        } else {
            ended
        };
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_finds_nothing_takes_a_tenth_of_the_time() {
        let began = Instant::now();
        let mut pace = Pace::new(began);
        assert_eq!(pace.again_at(), began);
        tokio::time::advance(Duration::from_millis(200)).await;
        pace.looked(began, 1);
        assert_eq!(pace.again_at(), Instant::now());
        pace.looked(began, 0);
        assert_eq!(pace.again_at(), began + Duration::from_secs(2));
    }
}
