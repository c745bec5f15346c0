//! What one user may ask for at once and in a second.

use std::{
    collections::HashMap,
    convert::Infallible,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::UserId;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

use crate::{
    config::LimitsConfig,
    error::{ApiError, ErrorKind},
    lifecycle::Lifecycle,
};

/// The time between clean-ups of users who have been quiet.
const UPKEEP: Duration = Duration::from_mins(1);

/// Counts what each user asks for. A cheap handle.
#[derive(Clone)]
pub(crate) struct UserLimits {
    rate: Arc<DefaultKeyedRateLimiter<UserId>>,
    in_flight: Arc<Mutex<HashMap<UserId, u32>>>,
    most_in_flight: u32,
}

/// A request in flight. Dropping it makes room for another.
pub(crate) struct InFlight {
    user: UserId,
    in_flight: Arc<Mutex<HashMap<UserId, u32>>>,
}

impl UserLimits {
    pub(super) fn new(config: &LimitsConfig) -> Self {
        let rate = NonZeroU32::new(config.requests_per_second).unwrap_or(NonZeroU32::MIN);
        let burst = NonZeroU32::new(config.burst).unwrap_or(NonZeroU32::MIN);
        Self {
            rate: Arc::new(RateLimiter::keyed(
                Quota::per_second(rate).allow_burst(burst),
            )),
            in_flight: Arc::default(),
            most_in_flight: config.in_flight,
        }
    }

    /// Lets one more request of the user in, or says when to come back.
    pub(super) fn enter(&self, user: &UserId) -> Result<InFlight, ApiError> {
        if let Err(too_soon) = self.rate.check_key(user) {
            let wait = too_soon.wait_time_from(self.rate.clock().now());
            return Err(ApiError::new(ErrorKind::RateLimited).with_retry_after(wait));
        }
        let mut in_flight = self
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = in_flight.entry(user.clone()).or_insert(0);
        if self.most_in_flight <= *count {
            return Err(
                ApiError::new(ErrorKind::RateLimited).with_message("too many requests at once")
            );
        }
        *count += 1;
        Ok(InFlight {
            user: user.clone(),
            in_flight: Arc::clone(&self.in_flight),
        })
    }

    /// Forgets users who have been quiet, until the drain begins.
    pub(super) async fn keep_up(self, lifecycle: Lifecycle) -> Result<(), Infallible> {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            tokio::select! {
                _ = ticks.tick() => {
                    self.rate.retain_recent();
                    self.rate.shrink_to_fit();
                }
                () = lifecycle.draining() => return Ok(()),
            }
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut in_flight = self
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match in_flight.get_mut(&self.user) {
            Some(count) if 1 < *count => *count -= 1,
            _ => {
                in_flight.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(requests_per_second: u32, burst: u32, in_flight: u32) -> UserLimits {
        UserLimits::new(&LimitsConfig {
            requests_per_second,
            burst,
            in_flight,
        })
    }

    #[test]
    fn a_user_who_comes_too_often_is_told_when_to_come_back() {
        let limits = limits(1, 2, 100);
        let (alice, bob) = (
            UserId::parse("alice").unwrap(),
            UserId::parse("bob").unwrap(),
        );
        assert!(limits.enter(&alice).is_ok());
        assert!(limits.enter(&alice).is_ok());
        let refused = limits.enter(&alice).err().unwrap();
        assert_eq!(refused.kind(), ErrorKind::RateLimited);
        let wait = refused.retry_after().unwrap();
        assert!(
            Duration::ZERO < wait && wait <= Duration::from_secs(1),
            "{wait:?}"
        );
        assert!(
            limits.enter(&bob).is_ok(),
            "another user's requests do not count"
        );
    }

    #[test]
    fn requests_in_flight_are_counted_until_they_end() {
        let limits = limits(1000, 1000, 2);
        let alice = UserId::parse("alice").unwrap();
        let first = limits.enter(&alice).unwrap();
        let second = limits.enter(&alice).unwrap();
        assert_eq!(
            limits.enter(&alice).err().unwrap().kind(),
            ErrorKind::RateLimited
        );
        drop(first);
        let third = limits.enter(&alice).unwrap();
        drop((second, third));
        assert!(
            limits.in_flight.lock().unwrap().is_empty(),
            "a user without requests costs nothing"
        );
    }
}
