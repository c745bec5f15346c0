//! The engine that is measured, by the commands of `scripts/engine`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, ensure};
use secrecy::SecretString;
use tokio::process::Command;

use crate::{cli::EngineOptions, postgres::Database, services::Services};

/// The ports of an engine that nothing of it takes, as offsets from its first.
const OWN_PORTS: u16 = 510;

/// Where the broker answers, as an offset from the first port.
const KAFKA_PORT: u16 = 501;

/// The engine. It runs when this is made; `scripts/with-system` started it, and ends it.
pub(super) struct Engine {
    project: PathBuf,
    port_base: u16,
    /// Its services.
    pub(super) services: Services,
    /// Its database.
    pub(super) database: Database,
}

impl Engine {
    /// The engine that the options name.
    pub(super) async fn find(options: &EngineOptions) -> anyhow::Result<Self> {
        let mut engine = Self {
            project: options.project.canonicalize()?,
            port_base: options.port_base,
            services: Services::new(options.port_base, SecretString::default()),
            database: Database { url: String::new() },
        };
        engine.read_secrets().await?;
        Ok(engine)
    }

    /// Ends it, removes its data, and starts it again with these settings.
    pub(super) async fn renew(&mut self, settings: &[(&str, &str)]) -> anyhow::Result<()> {
        self.run(&["wipe"], &[]).await?;
        self.run(&["up"], settings).await?;
        self.read_secrets().await
    }

    /// The names of its processes, with the process of each.
    pub(super) async fn processes(&self) -> anyhow::Result<BTreeMap<String, u32>> {
        let status = self.run(&["status"], &[]).await?;
        let processes = status.lines().filter_map(|line| {
            let (name, rest) = line.split_once(' ')?;
            let process = rest.split_once("pid ")?.1.split_once(',')?.0;
            let name = name.rsplit(':').next()?;
            Some((name.to_owned(), process.parse().ok()?))
        });
        Ok(processes.collect())
    }

    /// Ends a process in order. It stays away until it is started.
    pub(super) async fn stop(&self, process: &str) -> anyhow::Result<()> {
        self.run(&["stop", process], &[]).await.map(drop)
    }

    /// Starts a process that was stopped.
    pub(super) async fn start(&self, process: &str) -> anyhow::Result<()> {
        self.run(&["start", process], &[]).await.map(drop)
    }

    /// Runs one of Kafka's tools.
    pub(super) async fn kafka(&self, arguments: &[&str]) -> anyhow::Result<String> {
        self.run(&[&["kafka"], arguments].concat(), &[]).await
    }

    /// Makes a topic for what is measured without Errand.
    pub(super) async fn create_topic(&self, name: &str, partitions: u32) -> anyhow::Result<()> {
        let partitions = partitions.to_string();
        let arguments = ["topics", "--create", "--topic", name, "--partitions"];
        self.kafka(&[&arguments[..], &[&partitions]].concat())
            .await
            .map(drop)
    }

    /// Where its broker answers.
    pub(super) fn broker(&self) -> String {
        format!("127.0.0.1:{}", self.port_base + KAFKA_PORT)
    }

    /// A port for a process that is not the engine's.
    pub(super) fn own_port(&self, number: u16) -> u16 {
        self.port_base + OWN_PORTS + number
    }

    /// A place in the checkout.
    pub(super) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.project.join(name)
    }

    /// The program of a tool that the project pins.
    pub(super) async fn tool(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = output(Command::new(self.path("scripts/tool")).arg(name)).await?;
        Ok(path.trim_end().into())
    }

    async fn read_secrets(&mut self) -> anyhow::Result<()> {
        let environment = self.run(&["env"], &[]).await?;
        let variable = |name: &str| {
            let lines = environment.lines();
            let mut values = lines.filter_map(|line| line.strip_prefix("export ")?.split_once('='));
            let found = values.find(|(found, _)| *found == name);
            found
                .map(|(_, value)| value.to_owned())
                .with_context(|| format!("no {name}"))
        };
        self.services = Services::new(self.port_base, variable("ERRAND_SECRET")?.into());
        self.database = Database {
            url: variable("DATABASE_URL")?,
        };
        Ok(())
    }

    async fn run(&self, arguments: &[&str], settings: &[(&str, &str)]) -> anyhow::Result<String> {
        let mut command = Command::new(self.path("scripts/engine"));
        // Which engine it is, is in the variables that this process has.
        command.args(arguments).envs(settings.iter().copied());
        output(&mut command).await
    }
}

/// What a command prints. What it says of its progress is for whoever looks on.
async fn output(command: &mut Command) -> anyhow::Result<String> {
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.kill_on_drop(true).output().await;
    let output = output.with_context(|| format!("cannot run {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?} ended with {}",
        output.status
    );
    Ok(String::from_utf8(output.stdout)?)
}
