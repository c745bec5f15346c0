//! Log lines on standard error.

use std::io::{IsTerminal as _, stderr};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::{
    EnvFilter, Layer as _, Registry,
    filter::LevelFilter,
    fmt::{self, format::JsonFields},
    layer::SubscriberExt as _,
};

use super::json_lines::JsonLines;
use crate::config::{LogFormat, TelemetryConfig};

/// What must not be traced: it is what sends the traces.
const EXPORTER_TARGETS: &str =
    "h2=off,hyper=off,hyper_util=off,tonic=off,tower=off,opentelemetry=off";

pub(super) fn install(config: &TelemetryConfig, traces: Option<&SdkTracerProvider>) {
    let (filter, complaint) = match EnvFilter::try_new(&config.log) {
        Ok(filter) => (filter, None),
        Err(error) => (
            EnvFilter::default().add_directive(LevelFilter::INFO.into()),
            Some(error),
        ),
    };
    let pretty = match config.log_format {
        LogFormat::Auto => stderr().is_terminal(),
        LogFormat::Pretty => true,
        LogFormat::Json => false,
    };
    let lines = if pretty {
        fmt::layer().with_writer(stderr).with_target(false).boxed()
    } else {
        fmt::layer()
            .fmt_fields(JsonFields::new())
            .event_format(JsonLines)
            .with_writer(stderr)
            .boxed()
    };
    let spans = traces.map(|provider| {
        let filter = EnvFilter::new(format!("info,{EXPORTER_TARGETS}"));
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("errand"))
            .with_filter(filter)
    });
    let subscriber = Registry::default()
        .with(lines.with_filter(filter))
        .with(spans);
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        tracing::debug!("logs were set up before");
    }
    if let Some(error) = complaint {
        let filter = &config.log;
        tracing::warn!(%error, filter, "telemetry.log cannot be read; logging at level info");
    }
}
