//! How long to wait after a failure.

use std::time::Duration;

use rand::Rng as _;

use crate::config::OutboxConfig;

/// The pause after so many failures in a row: it doubles up to a bound, and is shortened by up to a
/// quarter at random, so that relays that failed together do not come back together.
pub(super) fn pause(config: &OutboxConfig, failures: u32) -> Duration {
    let doubled = config
        .backoff
        .saturating_mul(1 << failures.saturating_sub(1).min(16));
    doubled
        .min(config.max_backoff)
        .mul_f64(rand::rng().random_range(0.75..=1.0))
}
