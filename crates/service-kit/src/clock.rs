//! The time, as an argument.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;

/// Where the time comes from. Everything that a user or an operator can see (due times, expiries,
/// leases, ids) asks the clock; pauses between attempts use the runtime's timer, so that a test
/// which stops the clock does not stop the machinery.
#[async_trait]
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The present moment, in whole microseconds: what both databases keep.
    fn now(&self) -> Timestamp;

    /// Returns once `now` is at or after `time`.
    async fn sleep_until(&self, time: Timestamp);
}

/// A shared clock.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl SystemClock {
    /// The machine's clock, shared.
    pub fn shared() -> SharedClock {
        Arc::new(Self)
    }
}

#[async_trait]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        whole_microseconds(Timestamp::now())
    }

    async fn sleep_until(&self, time: Timestamp) {
        // A timer may fire early when the machine's clock is set back meanwhile.
        loop {
            let left =
                Duration::try_from(time.duration_since(self.now())).unwrap_or(Duration::ZERO);
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }
}

/// Cuts a moment down to whole microseconds.
pub fn whole_microseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_whole_microseconds() {
        let time: Timestamp = "2026-03-29T00:59:59.123456789Z".parse().unwrap();
        assert_eq!(
            whole_microseconds(time).to_string(),
            "2026-03-29T00:59:59.123456Z"
        );
        assert_eq!(SystemClock.now().subsec_nanosecond() % 1000, 0);
    }

    #[tokio::test]
    async fn sleeping_until_a_moment_ends_at_or_after_it() {
        let until = SystemClock.now() + Duration::from_millis(5);
        SystemClock.sleep_until(until).await;
        assert!(until <= SystemClock.now());
        SystemClock
            .sleep_until(until - Duration::from_mins(1))
            .await;
    }
}
