//! Real `daprd` with Kafka and PostgreSQL as a target of the conformance suite.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use async_trait::async_trait;
use conformance::{RunningSidecar, SecretsSource, SidecarSpec, Target};
use dapr::dapr::proto::runtime::v1::{GetMetadataRequest, dapr_client::DaprClient};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    sync::Mutex,
};
use tonic::Request;

use crate::{
    kafka, ports,
    resources::{self, Shared},
};

/// Short, so that the suite is.
const RETRY: Duration = Duration::from_millis(100);

/// How long a sidecar may take to start or to end.
const BOUND: Duration = Duration::from_mins(1);

/// Whether a sidecar has made the tables of the state store, which one has to do alone: PostgreSQL's
/// CREATE TABLE IF NOT EXISTS fails where another one makes the same table at the same moment, and
/// daprd takes that for a component that cannot start.
static TABLES_ARE_MADE: Mutex<bool> = Mutex::const_new(false);

/// The engine that `scripts/with-engine` started, for one case.
pub struct Real {
    program: PathBuf,
    kafka: String,
    postgres: String,
    folder: TempDir,
    sidecars: AtomicU32,
}

impl Real {
    pub fn found() -> Result<Self> {
        Ok(Self {
            program: variable("ERRAND_TEST_DAPRD")?.into(),
            kafka: variable("ERRAND_TEST_KAFKA")?,
            postgres: variable("ERRAND_TEST_POSTGRES_URL")?,
            folder: TempDir::new()?,
            sidecars: AtomicU32::new(0),
        })
    }

    /// What the sidecars of the case said of errors, the last lines of each.
    pub fn complaints(&self) -> String {
        const LINES: usize = 15;
        let mut complaints = Vec::new();
        for number in 1..=self.sidecars.load(Ordering::SeqCst) {
            let path = self.sidecar_folder(number).join("daprd.log");
            let log = fs::read_to_string(path).unwrap_or_default();
            let lines: Vec<_> = log
                .lines()
                .filter(|line| !line.contains(" level=info "))
                .map(|line| format!("sidecar {number}: {line}"))
                .collect();
            complaints.extend_from_slice(&lines[lines.len().saturating_sub(LINES)..]);
        }
        complaints.join("\n")
    }

    fn sidecar_folder(&self, number: u32) -> PathBuf {
        self.folder.path().join(format!("sidecar-{number}"))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "scripts/with-engine says by variables where its engine is"
)]
fn variable(name: &str) -> Result<String> {
    std::env::var(name)
        .with_context(|| format!("{name} is not set: run the suite by scripts/with-engine"))
}

#[async_trait]
impl Target for Real {
    async fn create_topic(&self, name: &str, partitions: u32) -> Result<()> {
        kafka::create_topic(&self.kafka, name, partitions).await
    }

    async fn start(&self, spec: SidecarSpec) -> Result<Box<dyn RunningSidecar>> {
        let number = self.sidecars.fetch_add(1, Ordering::SeqCst) + 1;
        let folder = self.sidecar_folder(number);
        let shared = Shared {
            kafka: &self.kafka,
            postgres: &self.postgres,
            names: &self.folder.path().join("names.db"),
            retry: RETRY,
        };
        resources::write(&folder, &spec, &shared)?;
        let mut sidecar = Daprd {
            program: self.program.clone(),
            folder,
            ports: Ports::free()?,
            spec,
            process: None,
        };
        if sidecar.spec.state.is_empty() {
            sidecar.start_again().await?;
            return Ok(Box::new(sidecar));
        }
        let mut are_made = TABLES_ARE_MADE.lock().await;
        if *are_made {
            drop(are_made);
            sidecar.start_again().await?;
        } else {
            sidecar.start_again().await?;
            *are_made = true;
        }
        Ok(Box::new(sidecar))
    }

    fn retry_interval(&self) -> Duration {
        RETRY
    }
}

/// The ports of a sidecar, the same after a restart.
struct Ports {
    grpc: u16,
    http: u16,
    internal: u16,
}

impl Ports {
    fn free() -> Result<Self> {
        Ok(Self {
            grpc: ports::free()?,
            http: ports::free()?,
            internal: ports::free()?,
        })
    }
}

/// One process of `daprd`. It is killed when it is dropped.
struct Daprd {
    program: PathBuf,
    folder: PathBuf,
    ports: Ports,
    spec: SidecarSpec,
    process: Option<Child>,
}

#[async_trait]
impl RunningSidecar for Daprd {
    fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.grpc).into()
    }

    async fn stop(&mut self) -> Result<()> {
        let process = self.process.as_ref().context("a sidecar that runs")?;
        let id = process.id().context("a process that runs")?;
        let id = Pid::from_raw(i32::try_from(id)?).context("a process id")?;
        kill_process(id, Signal::TERM)?;
        self.ended().await
    }

    async fn kill(&mut self) -> Result<()> {
        let mut process = self.process.take().context("a sidecar that runs")?;
        Ok(process.kill().await?)
    }

    async fn start_again(&mut self) -> Result<()> {
        self.process = Some(self.command()?.spawn().context("setpriv and daprd")?);
        let answers = tokio::time::timeout(BOUND, self.until_it_answers()).await;
        answers.context("the sidecar does not answer")??;
        // One that could not start a component may run on without it.
        let log = fs::read_to_string(self.log())?;
        let failure = log
            .lines()
            .find(|line| line.contains("INIT_COMPONENT_FAILURE"));
        ensure!(failure.is_none(), "a component did not start: {failure:?}");
        Ok(())
    }

    async fn supervise(&mut self) -> Result<()> {
        self.ended().await?;
        self.start_again().await
    }
}

impl Daprd {
    fn log(&self) -> PathBuf {
        self.folder.join("daprd.log")
    }

    /// It runs in its own folder, with no environment but what the case gives it, and ends with the
    /// thread of its case however that ends.
    fn command(&self) -> Result<Command> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(&self.program)
            .args(self.arguments())
            .current_dir(&self.folder)
            .env_clear()
            .envs(self.environment())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true);
        Ok(command)
    }

    fn arguments(&self) -> Vec<String> {
        let settings = [
            ("app-id", self.spec.app_id.clone()),
            ("dapr-listen-addresses", "127.0.0.1".to_owned()),
            ("dapr-grpc-port", self.ports.grpc.to_string()),
            ("dapr-http-port", self.ports.http.to_string()),
            ("dapr-internal-grpc-listen-address", "127.0.0.1".to_owned()),
            ("dapr-internal-grpc-port", self.ports.internal.to_string()),
            ("enable-metrics", "false".to_owned()),
            ("resources-path", "resources".to_owned()),
            ("config", "configuration.yaml".to_owned()),
        ];
        let app = self
            .spec
            .app_address
            .map(|address| self.app_settings(address));
        settings
            .into_iter()
            .chain(app.into_iter().flatten())
            .map(|(name, value)| format!("--{name}={value}"))
            .collect()
    }

    fn app_settings(&self, address: SocketAddr) -> [(&'static str, String); 7] {
        let health = self.spec.health;
        [
            ("app-protocol", "grpc".to_owned()),
            ("app-channel-address", address.ip().to_string()),
            ("app-port", address.port().to_string()),
            ("enable-app-health-check", "true".to_owned()),
            (
                "app-health-probe-interval",
                health.interval.as_secs().to_string(),
            ),
            (
                "app-health-probe-timeout",
                health.timeout.as_millis().to_string(),
            ),
            ("app-health-threshold", health.threshold.to_string()),
        ]
    }

    /// The tokens, and what a store of environment variables gives out.
    fn environment(&self) -> Vec<(String, String)> {
        let mut environment = Vec::new();
        for store in &self.spec.secrets {
            if let SecretsSource::Environment(variables) = &store.source {
                environment.extend(variables.clone());
            }
        }
        let tokens = [
            ("DAPR_API_TOKEN", &self.spec.api_token),
            ("APP_API_TOKEN", &self.spec.app_api_token),
        ];
        for (name, token) in tokens {
            if let Some(token) = token {
                environment.push((name.to_owned(), token.clone()));
            }
        }
        environment
    }

    async fn until_it_answers(&mut self) -> Result<()> {
        let address = format!("http://{}", self.address());
        loop {
            let process = self.process.as_mut().context("a sidecar that runs")?;
            if let Some(status) = process.try_wait()? {
                bail!("the sidecar ended: {status}");
            }
            if let Ok(mut client) = DaprClient::connect(address.clone()).await {
                let mut question = Request::new(GetMetadataRequest {});
                if let Some(token) = &self.spec.api_token {
                    question
                        .metadata_mut()
                        .insert("dapr-api-token", token.parse()?);
                }
                if client.get_metadata(question).await.is_ok() {
                    return Ok(());
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn ended(&mut self) -> Result<()> {
        let mut process = self.process.take().context("a sidecar that runs")?;
        let ended = tokio::time::timeout(BOUND, process.wait()).await;
        ended.context("the sidecar does not end")??;
        Ok(())
    }
}
