//! Traces by OTLP over gRPC.

use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};

/// Traces cannot be exported as configured.
#[derive(Debug, thiserror::Error)]
#[error("traces cannot be sent to {endpoint}")]
pub struct TraceExportError {
    endpoint: String,
    #[source]
    source: ExporterBuildError,
}

pub(super) fn exporter(
    endpoint: &str,
    service_name: &str,
) -> Result<SdkTracerProvider, TraceExportError> {
    let built = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .build();
    let exporter = built.map_err(|source| TraceExportError {
        endpoint: endpoint.to_owned(),
        source,
    })?;
    let resource = Resource::builder()
        .with_service_name(service_name.to_owned())
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .build())
}
