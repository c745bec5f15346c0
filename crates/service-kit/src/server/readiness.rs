//! Tells `grpc.health.v1` what `/ready` says.

use std::{convert::Infallible, time::Duration};

use tonic_health::{ServingStatus, server::HealthReporter};

use crate::{health::Health, lifecycle::Lifecycle};

/// The time between looks.
const INTERVAL: Duration = Duration::from_secs(2);

/// Reports the readiness of a service, to Prometheus too, under the server's own name (the empty one) and each service's, until the
/// drain begins.
pub(super) async fn report_readiness(
    reporter: HealthReporter,
    service: &'static str,
    names: Vec<&'static str>,
    health: Health,
    lifecycle: Lifecycle,
) -> Result<(), Infallible> {
    let mut ticks = tokio::time::interval(INTERVAL);
    loop {
        let is_ended = tokio::select! {
            _ = ticks.tick() => false,
            () = lifecycle.draining() => true,
        };
        let is_ready = !is_ended && health.report().await.ready;
        metrics::gauge!("errand_ready", "service" => service).set(f64::from(u8::from(is_ready)));
        let status = if is_ready {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        };
        for name in &names {
            reporter.set_service_status(name, status).await;
        }
        if is_ended {
            return Ok(());
        }
    }
}
