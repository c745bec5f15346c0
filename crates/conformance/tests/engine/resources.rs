//! The files that a sidecar reads: its components, its resiliency and its configuration.
//!
//! JSON is YAML, so they are written as JSON. What they say is what `dapr/local` says of the
//! services' own, but for the names, the scopes and the pause between two deliveries.

use std::{fs, path::Path, time::Duration};

use anyhow::Result;
use conformance::{BindingSpec, GroupSpec, PubSubSpec, SecretsSource, SecretsSpec, SidecarSpec};
use serde_json::{Value, json};

/// What all sidecars of a case share.
pub struct Shared<'s> {
    /// The broker, as `host:port`.
    pub kafka: &'s str,
    /// The database, as a URL.
    pub postgres: &'s str,
    /// The file in which sidecars find one another.
    pub names: &'s Path,
    /// The pause between two deliveries of an event that was not accepted.
    pub retry: Duration,
}

/// Writes `resources/` and `configuration.yaml` to the folder.
pub fn write(folder: &Path, spec: &SidecarSpec, shared: &Shared<'_>) -> Result<()> {
    let resources = folder.join("resources");
    fs::create_dir_all(&resources)?;
    let mut files = vec![resiliency(spec, shared.retry)];
    for component in &spec.pubsub {
        files.push(pubsub(component, &spec.app_id, shared));
    }
    for name in &spec.state {
        files.push(state(name, shared));
    }
    for binding in &spec.bindings {
        files.push(cron(binding));
    }
    for store in &spec.secrets {
        files.push(secrets(store, folder)?);
    }
    for (number, file) in files.iter().enumerate() {
        write_file(&resources.join(format!("{number}.yaml")), file)?;
    }
    let configuration = configuration(spec, shared);
    write_file(&folder.join("configuration.yaml"), &configuration)
}

fn write_file(path: &Path, resource: &Value) -> Result<()> {
    Ok(fs::write(path, serde_json::to_vec_pretty(resource)?)?)
}

fn component(name: &str, kind: &str, version: &str, metadata: &[(&str, String)]) -> Value {
    let metadata = metadata
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}));
    json!({
        "apiVersion": "dapr.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": name},
        "spec": {
            "type": kind,
            "version": version,
            // The default of five seconds is short for a machine that starts many sidecars at once.
            "initTimeout": "30s",
            "metadata": metadata.collect::<Vec<_>>(),
        },
    })
}

fn pubsub(spec: &PubSubSpec, app_id: &str, shared: &Shared<'_>) -> Value {
    let group = match spec.group {
        GroupSpec::AppId => "{appID}",
        GroupSpec::Unique => "{uuid}",
    };
    let mut metadata = vec![
        ("brokers", shared.kafka.to_owned()),
        ("authType", "none".to_owned()),
        ("consumerGroup", group.to_owned()),
        ("initialOffset", "oldest".to_owned()),
        // The least that a broker allows by default: cases that kill a sidecar wait for it.
        ("sessionTimeout", "6s".to_owned()),
        ("heartbeatInterval", "1s".to_owned()),
    ];
    let scopes = |topics: &[String]| format!("{app_id}={}", topics.join(","));
    if let Some(topics) = &spec.publishing {
        metadata.push(("publishingScopes", scopes(topics)));
    }
    if let Some(topics) = &spec.subscribing {
        metadata.push(("subscriptionScopes", scopes(topics)));
    }
    component(&spec.name, "pubsub.kafka", "v1", &metadata)
}

fn state(name: &str, shared: &Shared<'_>) -> Value {
    let metadata = [
        ("connectionString", shared.postgres.to_owned()),
        ("tablePrefix", "dapr_".to_owned()),
        ("metadataTableName", "dapr_metadata".to_owned()),
        ("maxConns", "4".to_owned()),
        ("keyPrefix", "appid".to_owned()),
    ];
    component(name, "state.postgresql", "v2", &metadata)
}

fn cron(spec: &BindingSpec) -> Value {
    let mut metadata = vec![("schedule", spec.schedule.clone())];
    if spec.direction_input {
        metadata.push(("direction", "input".to_owned()));
    }
    component(&spec.name, "bindings.cron", "v1", &metadata)
}

fn secrets(spec: &SecretsSpec, folder: &Path) -> Result<Value> {
    Ok(match &spec.source {
        // The variables are the sidecar's own.
        SecretsSource::Environment(_variables) => {
            component(&spec.name, "secretstores.local.env", "v1", &[])
        }
        SecretsSource::File(text) => {
            let path = folder.join(format!("{}.json", spec.name));
            fs::write(&path, text)?;
            let metadata = [
                ("secretsFile", path.display().to_string()),
                ("nestedSeparator", ":".to_owned()),
            ];
            component(&spec.name, "secretstores.local.file", "v1", &metadata)
        }
    })
}

fn resiliency(spec: &SidecarSpec, retry: Duration) -> Value {
    let components = spec.pubsub.iter().map(|component| {
        let policy = json!({"inbound": {"retry": "until-accepted"}});
        (component.name.clone(), policy)
    });
    json!({
        "apiVersion": "dapr.io/v1alpha1",
        "kind": "Resiliency",
        "metadata": {"name": "conformance"},
        "spec": {
            "policies": {
                "retries": {
                    "until-accepted": {
                        "policy": "constant",
                        "duration": format!("{}ms", retry.as_millis()),
                        "maxRetries": -1,
                    },
                },
            },
            "targets": {"components": components.collect::<serde_json::Map<_, _>>()},
        },
    })
}

fn configuration(spec: &SidecarSpec, shared: &Shared<'_>) -> Value {
    let scopes = spec.secrets.iter().filter_map(|store| {
        let allowed = store.allowed.as_ref()?;
        Some(json!({
            "storeName": store.name,
            "defaultAccess": "deny",
            "allowedSecrets": allowed,
        }))
    });
    json!({
        "apiVersion": "dapr.io/v1alpha1",
        "kind": "Configuration",
        "metadata": {"name": "conformance"},
        "spec": {
            // Every event is traced, which is when a batch's headers grow with its entries.
            "tracing": {"samplingRate": "1"},
            "nameResolution": {
                "component": "sqlite",
                "version": "v1",
                "configuration": {"connectionString": shared.names},
            },
            "features": [{"name": "HotReload", "enabled": false}],
            "secrets": {"scopes": scopes.collect::<Vec<_>>()},
        },
    })
}
