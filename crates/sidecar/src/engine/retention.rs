//! The upkeep that runs in the background: retention of events, expiry of state.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{commit::StorageError, log::Log, state::StateStore};

/// Purges every `interval` until `stopping` is cancelled.
///
/// The gauge `sidecar_topics_bytes` is the size of the topics; `sidecar_held_back_seconds` says by
/// how much the oldest event has outlived its retention because a consumer group has not passed it.
/// It is the one thing that lets the disk fill up, so it is also a warning in the log.
pub(super) async fn run(
    log: &Log,
    state: &StateStore,
    interval: Duration,
    stopping: CancellationToken,
) {
    let upkeep = async {
        loop {
            tokio::time::sleep(interval).await;
            if let Err(error) = purge(log, state).await {
                tracing::warn!(error = ?error, "old events and expired state could not be purged");
            }
        }
    };
    stopping.run_until_cancelled(upkeep).await;
}

async fn purge(log: &Log, state: &StateStore) -> Result<(), StorageError> {
    log.purge().await?;
    state.purge().await?;
    let held_back = log.held_back().await?;
    if held_back > WORTH_A_WARNING {
        tracing::warn!(
            ?held_back,
            "events are kept beyond their retention for a consumer group that has not passed them"
        );
    }
    metrics::gauge!("sidecar_held_back_seconds").set(held_back.as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
    metrics::gauge!("sidecar_topics_bytes").set(log.size().await? as f64);
    Ok(())
}

/// A group that is a little late is nothing to speak of.
const WORTH_A_WARNING: Duration = Duration::from_hours(1);
