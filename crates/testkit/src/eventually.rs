//! Waiting for a condition.

use std::time::Duration;

use tokio::time::Instant;

/// The time between looks.
const INTERVAL: Duration = Duration::from_millis(10);

/// How long anything may take. Far more than it does: the machine may be busy with other tests.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// Looks again and again until there is something to see, and gives it. Panics with `what` when
/// there is nothing for a long time.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let given_up = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < given_up, "never came: {what}");
        tokio::time::sleep(INTERVAL).await;
    }
}
