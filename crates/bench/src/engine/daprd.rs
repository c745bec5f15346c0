//! Sidecars beside those of the engine, with the same settings, for what Dapr does by itself.

use std::{
    fs::{self, File},
    path::Path,
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use service_kit::SidecarClient;
use tokio::{
    process::{Child, Command},
    time::timeout,
};
use tonic::transport::Endpoint;

use super::commands::Engine;

/// The component that both sidecars have.
pub(super) const PUBSUB: &str = "pubsub";

/// How long a sidecar may take to start.
const START: Duration = Duration::from_mins(1);

/// How long a call to a sidecar may take.
const CALL: Duration = Duration::from_secs(30);

/// What a component says of Errand's own topics and apps.
const ERRANDS_OWN: [&str; 3] = ["allowedTopics", "publishingScopes", "subscriptionScopes"];

/// A sidecar. Dropped, it is killed.
pub(super) struct Sidecar {
    /// Its API.
    pub(super) client: SidecarClient,
    _process: Child,
}

/// Writes what a sidecar reads into a folder: the engine's own component of events, without what it
/// says of Errand's own topics and apps.
pub(super) fn write_resources(engine: &Engine, folder: &Path) -> anyhow::Result<()> {
    let own = engine.path("dapr/local/resources");
    let text = fs::read_to_string(own.join("pubsub.yaml"))?;
    let mut component: Value = serde_norway::from_str(&text)?;
    component
        .as_object_mut()
        .context("a component is a mapping")?
        .remove("scopes");
    let metadata = component["spec"]["metadata"].as_array_mut();
    metadata
        .context("a component has metadata")?
        .retain(|item| !ERRANDS_OWN.iter().any(|name| item["name"] == json!(name)));
    fs::create_dir(folder.join("resources"))?;
    // JSON is YAML.
    let file = folder.join("resources/pubsub.yaml");
    fs::write(file, serde_json::to_vec_pretty(&component)?)?;
    fs::copy(
        own.join("resiliency.yaml"),
        folder.join("resources/resiliency.yaml"),
    )?;
    Ok(())
}

impl Sidecar {
    /// Starts a sidecar with the resources of the folder, as `scripts/engine` starts one, and
    /// returns when it is healthy. Its ports are the engine's own from `number` on.
    pub(super) async fn start(
        engine: &Engine,
        folder: &Path,
        app_id: &str,
        app_port: Option<u16>,
        number: u16,
    ) -> anyhow::Result<Self> {
        let log = folder.join(format!("{app_id}.log"));
        let port = engine.own_port(number);
        let settings = [
            ("app-id", app_id.to_owned()),
            ("dapr-listen-addresses", "127.0.0.1".to_owned()),
            ("dapr-grpc-port", port.to_string()),
            ("dapr-http-port", (port + 1).to_string()),
            ("dapr-internal-grpc-listen-address", "127.0.0.1".to_owned()),
            ("dapr-internal-grpc-port", (port + 2).to_string()),
            ("metrics-listen-address", "127.0.0.1".to_owned()),
            ("metrics-port", (port + 3).to_string()),
            ("resources-path", "resources".to_owned()),
            (
                "config",
                engine
                    .path("dapr/local/configuration.yaml")
                    .display()
                    .to_string(),
            ),
        ];
        let app = app_port.map(|port| {
            let settings = [
                ("app-protocol", "grpc".to_owned()),
                ("app-channel-address", "127.0.0.1".to_owned()),
                ("app-port", port.to_string()),
                ("enable-app-health-check", "true".to_owned()),
                ("app-health-probe-interval", "1".to_owned()),
                ("app-health-threshold", "60".to_owned()),
            ];
            settings.to_vec()
        });
        let settings = settings.into_iter().chain(app.into_iter().flatten());
        // Killed outright, this program cannot end it; so it dies with this program.
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(engine.tool("daprd").await?)
            .args(settings.map(|(name, value)| format!("--{name}={value}")))
            .env_clear()
            .env("KAFKA_BROKERS", engine.broker())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(File::create(&log)?)
            .stderr(File::options().append(true).open(&log)?)
            .kill_on_drop(true);
        let process = command.spawn().context("cannot start daprd")?;
        let channel = Endpoint::from_shared(format!("http://127.0.0.1:{port}"))?
            .tcp_nodelay(true)
            .connect_lazy();
        let client = SidecarClient::over(channel, None, CALL)?;
        let answers = async {
            while client.metadata().await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let answers = timeout(START, answers).await;
        let said = fs::read_to_string(&log)?;
        answers.with_context(|| format!("daprd does not start:\n{said}"))?;
        // One that could not start a component may run on without it.
        ensure!(
            !said.contains("INIT_COMPONENT_FAILURE"),
            "daprd has no component:\n{said}"
        );
        Ok(Self {
            client,
            _process: process,
        })
    }
}
