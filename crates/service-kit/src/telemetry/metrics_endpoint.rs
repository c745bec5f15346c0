//! Metrics for Prometheus.

use std::{sync::OnceLock, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::lifecycle::Lifecycle;

/// The time between clean-ups of what histograms have gathered.
const UPKEEP: Duration = Duration::from_secs(5);

/// Upper bounds of the buckets of ages, in seconds: what waits may wait for very long.
const AGES: [f64; 16] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0,
    7200.0,
];

/// Upper bounds of the buckets of other durations, in seconds.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// The metrics of this process. There is one recorder a process, however many services run in it:
/// what is one service's has the label `service`.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The process's recorder, installed at the first call. What is counted before it is lost.
    pub(super) fn install() -> Self {
        let handle = RECORDER.get_or_init(|| {
            let builder = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_age_seconds".to_owned()), &AGES)
                .and_then(|builder| {
                    let others = Matcher::Suffix("_seconds".to_owned());
                    builder.set_buckets_for_metric(others, &SECONDS)
                })
                .expect("there are buckets");
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another recorder has the metrics of this process");
            }
            handle
        });
        Self(handle.clone())
    }

    /// The text that Prometheus scrapes.
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// The process's recorder, with its memory bounded until the drain: histograms keep every value
    /// until somebody scrapes, and on a machine of one's own nobody does.
    pub(crate) fn kept_up(app: &str, lifecycle: &Lifecycle) -> Self {
        let metrics = Self::install();
        let (handle, draining) = (metrics.0.clone(), lifecycle.clone());
        lifecycle.spawn(format!("{app} metrics upkeep"), async move {
            let mut ticks = tokio::time::interval(UPKEEP);
            loop {
                tokio::select! {
                    _ = ticks.tick() => handle.run_upkeep(),
                    () = draining.draining() => return Ok::<_, std::convert::Infallible>(()),
                }
            }
        });
        metrics
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Metrics")
    }
}
