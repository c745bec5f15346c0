//! Whether the app is healthy (dapr `pkg/apphealth/health.go`).

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::{config::AppHealth, engine::App, sidecar::Runtime};

/// Probes one app.
pub(super) struct Probe {
    app: Arc<App>,
    app_id: String,
    health: AppHealth,
}

impl Probe {
    pub(super) fn new(runtime: &Runtime, app: &Arc<App>) -> Self {
        Self {
            app: Arc::clone(app),
            app_id: runtime.app_id.clone(),
            health: runtime.health,
        }
    }

    /// Probes without end. One success makes the app healthy. `threshold` failures make it
    /// unhealthy; as in Dapr they are counted since it became healthy, and a success in between
    /// does not reset the count.
    pub(super) async fn run(&self, healthy: &watch::Sender<bool>) {
        let mut ever_healthy = false;
        let mut failures = 0;
        loop {
            match self.probe().await {
                Ok(()) => {
                    ever_healthy = true;
                    if !healthy.send_replace(true) {
                        failures = 0;
                    }
                }
                Err(reason) => {
                    failures += 1;
                    tracing::debug!(app = self.app_id, reason, failures, "a health probe failed");
                    if failures >= self.health.threshold {
                        healthy.send_replace(false);
                    }
                }
            }
            // A start waits for nothing it need not wait for.
            let interval = self.health.interval;
            let pause = if ever_healthy {
                interval
            } else {
                interval.min(STARTING_INTERVAL)
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn probe(&self) -> Result<(), String> {
        let mut client = self.app.health_check();
        match tokio::time::timeout(self.health.timeout, client.health_check(())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(status)) => Err(status.to_string()),
            Err(_elapsed) => Err("no answer in time".to_owned()),
        }
    }
}

const STARTING_INTERVAL: Duration = Duration::from_millis(50);
