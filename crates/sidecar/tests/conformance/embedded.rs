//! The embedded sidecar as a target of the conformance suite.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use conformance::{
    GroupSpec, PubSubSpec, RunningSidecar, SecretsSource, SecretsSpec, SidecarSpec, Target,
};
use sidecar::{
    AppHealth, ConsumerGroup, CronBinding, Engine, EngineConfig, InboundRetry, PubSubComponent,
    SecretComponent, SecretSource, SecretString, Sidecar, SidecarConfig, StateComponent,
    TopicConfig,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Short, so that the suite is.
const RETRY: Duration = Duration::from_millis(50);

/// How much more often than asked the app's health is probed, so that the suite is short: daprd
/// knows whole seconds only, and the cases wait for several probes.
const PROBES: u32 = 10;

/// An engine in a folder of its own.
pub struct Embedded {
    pub engine: Engine,
    folder: TempDir,
}

impl Embedded {
    pub async fn open() -> Result<Self> {
        let folder = TempDir::new()?;
        let engine = Engine::open(EngineConfig::new(folder.path().join("engine"))).await?;
        Ok(Self { engine, folder })
    }
}

#[async_trait]
impl Target for Embedded {
    async fn create_topic(&self, name: &str, partitions: u32) -> Result<()> {
        let retention = Duration::from_hours(1);
        let topic = TopicConfig {
            name: name.to_owned(),
            partitions,
            retention,
        };
        Ok(self.engine.create_topic(&topic).await?)
    }

    async fn start(&self, spec: SidecarSpec) -> Result<Box<dyn RunningSidecar>> {
        let folder = self.folder.path().join(&spec.app_id);
        let mut running = EmbeddedSidecar {
            engine: self.engine.clone(),
            spec,
            folder,
            sidecar: None,
        };
        running.start_again().await?;
        Ok(Box::new(running))
    }

    fn retry_interval(&self) -> Duration {
        RETRY
    }
}

struct EmbeddedSidecar {
    engine: Engine,
    spec: SidecarSpec,
    folder: PathBuf,
    sidecar: Option<Sidecar>,
}

#[async_trait]
impl RunningSidecar for EmbeddedSidecar {
    fn address(&self) -> SocketAddr {
        self.sidecar
            .as_ref()
            .expect("a sidecar that runs")
            .local_addr()
    }

    async fn stop(&mut self) -> Result<()> {
        let sidecar = self.sidecar.take().context("a sidecar that runs")?;
        sidecar.stop();
        Ok(sidecar.stopped().await?)
    }

    async fn kill(&mut self) -> Result<()> {
        let sidecar = self.sidecar.take().context("a sidecar that runs")?;
        sidecar.abort();
        Ok(sidecar.stopped().await?)
    }

    async fn start_again(&mut self) -> Result<()> {
        let config = config(&self.spec, &self.folder)?;
        let shutdown = CancellationToken::new();
        self.sidecar = Some(sidecar::start(self.engine.clone(), config, shutdown).await?);
        Ok(())
    }

    async fn supervise(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Drop for EmbeddedSidecar {
    fn drop(&mut self) {
        if let Some(sidecar) = &self.sidecar {
            sidecar.abort();
        }
    }
}

fn config(spec: &SidecarSpec, folder: &std::path::Path) -> Result<SidecarConfig> {
    let secret = |token: &Option<String>| token.clone().map(SecretString::from);
    let state = |name: &String| StateComponent {
        name: name.clone(),
        key_prefix: spec.app_id.clone(),
    };
    let binding = |binding: &conformance::BindingSpec| CronBinding {
        name: binding.name.clone(),
        schedule: binding.schedule.clone(),
        direction_input: binding.direction_input,
    };
    let mut config = match spec.app_address {
        Some(address) => SidecarConfig::new(&spec.app_id, address),
        None => SidecarConfig::without_app(&spec.app_id),
    };
    config.api_token = secret(&spec.api_token);
    config.app_api_token = secret(&spec.app_api_token);
    config.pubsub = spec.pubsub.iter().map(pubsub).collect();
    config.state = spec.state.iter().map(state).collect();
    config.bindings = spec.bindings.iter().map(binding).collect();
    config.secrets = spec
        .secrets
        .iter()
        .map(|spec| secrets(spec, folder))
        .collect::<Result<_>>()?;
    config.health = AppHealth {
        interval: spec.health.interval / PROBES,
        timeout: spec.health.timeout,
        threshold: spec.health.threshold,
    };
    config.retry = InboundRetry { interval: RETRY };
    Ok(config)
}

fn pubsub(spec: &PubSubSpec) -> PubSubComponent {
    let topics = |topics: &Option<Vec<String>>| {
        topics
            .as_ref()
            .map(|topics| topics.iter().cloned().collect())
    };
    PubSubComponent {
        name: spec.name.clone(),
        consumer_group: match spec.group {
            GroupSpec::AppId => ConsumerGroup::AppId,
            GroupSpec::Unique => ConsumerGroup::UniquePerStart,
        },
        publish_topics: topics(&spec.publishing),
        subscribe_topics: topics(&spec.subscribing),
    }
}

fn secrets(spec: &SecretsSpec, folder: &std::path::Path) -> Result<SecretComponent> {
    let source = match &spec.source {
        SecretsSource::Environment(variables) => SecretSource::Environment {
            prefix: String::new(),
            variables: variables
                .iter()
                .map(|(name, value)| (name.clone(), SecretString::from(value.clone())))
                .collect::<BTreeMap<_, _>>(),
        },
        SecretsSource::File(text) => {
            std::fs::create_dir_all(folder)?;
            let path = folder.join(format!("{}.json", spec.name));
            std::fs::write(&path, text)?;
            SecretSource::File {
                path,
                nested_separator: ":".to_owned(),
            }
        }
    };
    let allowed = spec
        .allowed
        .as_ref()
        .map(|keys| keys.iter().cloned().collect());
    Ok(SecretComponent {
        name: spec.name.clone(),
        source,
        allowed,
    })
}
