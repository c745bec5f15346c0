//! The upkeep that runs in the background: retention of events, expiry of state.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{log::Log, state::StateStore};

/// Purges every `interval` until `stopping` is cancelled. The size of the topics is the gauge
/// `sidecar_topics_bytes`.
pub(super) async fn run(
    log: &Log,
    state: &StateStore,
    interval: Duration,
    stopping: CancellationToken,
) {
    let upkeep = async {
        loop {
            tokio::time::sleep(interval).await;
            if let Err(error) = log.purge().await {
                tracing::warn!(error = ?error, "old events could not be purged");
            }
            if let Err(error) = state.purge().await {
                tracing::warn!(error = ?error, "expired state could not be purged");
            }
            if let Ok(bytes) = log.size().await {
                #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
                metrics::gauge!("sidecar_topics_bytes").set(bytes as f64);
            }
        }
    };
    stopping.run_until_cancelled(upkeep).await;
}
