//! What a sidecar says about itself.

use std::collections::HashMap;

use dapr::dapr::proto::runtime::v1::{
    AppConnectionHealthProperties, AppConnectionProperties, GetMetadataResponse,
    RegisteredComponents,
};

use crate::sidecar::Runtime;

pub(super) fn get_metadata(runtime: &Runtime) -> GetMetadataResponse {
    GetMetadataResponse {
        id: runtime.app_id.clone(),
        registered_components: components(runtime),
        extended_metadata: HashMap::from([("daprRuntimeVersion".to_owned(), VERSION.to_owned())]),
        subscriptions: runtime.subscriptions(),
        app_connection_properties: Some(app_connection(runtime)),
        runtime_version: VERSION.to_owned(),
        ..GetMetadataResponse::default()
    }
}

fn components(runtime: &Runtime) -> Vec<RegisteredComponents> {
    let component =
        |name: &str, kind: &str, version: &str, capabilities: &[&str]| RegisteredComponents {
            name: name.to_owned(),
            r#type: kind.to_owned(),
            version: version.to_owned(),
            capabilities: capabilities
                .iter()
                .map(|&capability| capability.to_owned())
                .collect(),
        };
    let pubsub = runtime
        .pubsub
        .iter()
        .map(|pubsub| component(&pubsub.name, "pubsub.embedded", "v1", &[]));
    let state = runtime.state.iter().map(|state| {
        component(
            &state.name,
            "state.embedded",
            "v1",
            &["ETAG", "TRANSACTIONAL", "TTL"],
        )
    });
    let bindings = runtime
        .bindings
        .iter()
        .map(|binding| component(&binding.name, "bindings.cron", "v1", &["INPUT_BINDING"]));
    let secrets = runtime
        .secrets
        .iter()
        .map(|store| component(&store.name, store.kind, "v1", &[]));
    pubsub.chain(state).chain(bindings).chain(secrets).collect()
}

fn app_connection(runtime: &Runtime) -> AppConnectionProperties {
    let Some(app) = &runtime.app else {
        return AppConnectionProperties::default();
    };
    let health = runtime.health;
    AppConnectionProperties {
        port: app.address.port().into(),
        protocol: "grpc".to_owned(),
        channel_address: app.address.ip().to_string(),
        max_concurrency: 0,
        health: Some(AppConnectionHealthProperties {
            health_probe_interval: format!("{:?}", health.interval),
            health_probe_timeout: format!("{:?}", health.timeout),
            health_threshold: i32::try_from(health.threshold).unwrap_or(i32::MAX),
            ..AppConnectionHealthProperties::default()
        }),
    }
}

/// Tells this engine from daprd.
const VERSION: &str = concat!("errand-embedded-", env!("CARGO_PKG_VERSION"));
