//! Logs, traces and metrics: set up once a process.

mod json_lines;
mod logs;
mod metrics_endpoint;
mod trace_context;
mod traces;

use crate::config::TelemetryConfig;

pub use self::{
    metrics_endpoint::Metrics,
    trace_context::{adopt_traceparent, current_traceparent, parse_traceparent},
    traces::TraceExportError,
};

/// Keeps telemetry going; what has not left yet leaves by [`Telemetry::flush`].
#[must_use]
pub struct Telemetry {
    traces: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

impl Telemetry {
    /// Sets up logs, metrics and, where an endpoint is configured, traces. Once a process; a second time
    /// changes nothing but tells so in the log.
    pub fn start(config: &TelemetryConfig, service_name: &str) -> Result<Self, TraceExportError> {
        let traces = config
            .otlp_endpoint
            .as_deref()
            .map(|url| traces::exporter(url, service_name))
            .transpose()?;
        logs::install(config, traces.as_ref());
        Metrics::install();
        Ok(Self { traces })
    }

    /// Sends what has not left yet. Called last.
    pub fn flush(self) {
        if let Some(traces) = self.traces
            && let Err(error) = traces.shutdown()
        {
            tracing::warn!(%error, "not all traces were sent");
        }
    }
}
