//! What has to be provided so that the suite can run against a sidecar.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use anyhow::Result;
use async_trait::async_trait;

/// An engine under test: it starts sidecars that share topics and state.
#[async_trait]
pub trait Target: Send + Sync {
    /// Makes a topic with that many partitions.
    async fn create_topic(&self, name: &str, partitions: u32) -> Result<()>;

    /// Starts a sidecar and returns once its API answers. Its inbound retry is constant, of
    /// [`Target::retry_interval`], without end.
    async fn start(&self, spec: SidecarSpec) -> Result<Box<dyn RunningSidecar>>;

    /// The time between two deliveries of an event that was not accepted.
    fn retry_interval(&self) -> Duration;
}

/// A sidecar that was started.
#[async_trait]
pub trait RunningSidecar: Send + Sync {
    /// Where its gRPC API is, on loopback. It may change with a restart.
    fn address(&self) -> SocketAddr;

    /// Asks it to stop, as SIGTERM does, and waits until it has.
    async fn stop(&mut self) -> Result<()>;

    /// Ends it where it stands, as SIGKILL does.
    async fn kill(&mut self) -> Result<()>;

    /// Starts it again after it was stopped or killed.
    async fn start_again(&mut self) -> Result<()>;

    /// Starts it again after it ended itself at the app's request (`Dapr/Shutdown`), as whatever
    /// supervises it would. Nothing to do where it comes back by itself.
    async fn supervise(&mut self) -> Result<()>;
}

/// One app's sidecar.
#[derive(Clone, Debug)]
pub struct SidecarSpec {
    /// The app's id.
    pub app_id: String,
    /// The app's gRPC port; none for an app that only calls others.
    pub app_address: Option<SocketAddr>,
    /// What the API demands as `dapr-api-token`.
    pub api_token: Option<String>,
    /// What the app gets as `dapr-api-token`.
    pub app_api_token: Option<String>,
    /// The pub/sub components.
    pub pubsub: Vec<PubSubSpec>,
    /// The names of the state stores, keyed by the app id.
    pub state: Vec<String>,
    /// The cron bindings.
    pub bindings: Vec<BindingSpec>,
    /// The secret stores.
    pub secrets: Vec<SecretsSpec>,
    /// How the app's health is probed.
    pub health: HealthSpec,
}

/// A pub/sub component that begins at the oldest event.
#[derive(Clone, Debug)]
pub struct PubSubSpec {
    /// The component's name.
    pub name: String,
    /// The consumer group of its subscriptions.
    pub group: GroupSpec,
    /// The topics the app may publish to; all when absent.
    pub publishing: Option<Vec<String>>,
    /// The topics the app may subscribe to; all when absent.
    pub subscribing: Option<Vec<String>>,
}

/// A consumer group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupSpec {
    /// `{appID}`
    AppId,
    /// `{uuid}`
    Unique,
}

/// A cron binding.
#[derive(Clone, Debug)]
pub struct BindingSpec {
    /// The component's name.
    pub name: String,
    /// Its schedule.
    pub schedule: String,
    /// Whether it says `direction: input`.
    pub direction_input: bool,
}

/// A secret store.
#[derive(Clone, Debug)]
pub struct SecretsSpec {
    /// The component's name.
    pub name: String,
    /// Where its secrets are.
    pub source: SecretsSource,
    /// The only keys the app may read; all when absent.
    pub allowed: Option<Vec<String>>,
}

/// Where the secrets of a store are.
#[derive(Clone, Debug)]
pub enum SecretsSource {
    /// `secretstores.local.env`, with these variables in the sidecar's environment.
    Environment(BTreeMap<String, String>),
    /// `secretstores.local.file`, with this JSON in the file.
    File(String),
}

/// How the app's health is probed. It always is.
#[derive(Clone, Copy, Debug)]
pub struct HealthSpec {
    /// The time between probes.
    pub interval: Duration,
    /// How long a probe may take.
    pub timeout: Duration,
    /// How many failures make the app unhealthy.
    pub threshold: u32,
}
