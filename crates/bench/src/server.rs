//! The processes that are measured.

use std::{
    ffi::OsStr,
    fs::File,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use secrecy::SecretString;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{caller::Caller, services::Services};

/// How long a process may take to start.
const START: Duration = Duration::from_mins(1);

/// The ports that Errand takes.
const PORTS: u16 = 5;

/// What seals the tokens of all callers.
const SECRET: &str = "measured, and of no other worth than that";

/// A process of Errand's. Dropped, it is killed.
pub(crate) struct Server {
    /// Where it answers.
    pub(crate) services: Services,
    child: Child,
    log: PathBuf,
}

/// Where programs are and processes work.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    /// The `errand` binary.
    pub(crate) errand: PathBuf,
    /// A folder that is empty at first.
    pub(crate) folder: PathBuf,
}

impl Home {
    /// A place in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// `errand up`, in a data folder.
    pub(crate) async fn up(&self, data: &Path) -> anyhow::Result<Server> {
        let base = free_ports()?;
        let mut command = self.command(&self.errand);
        command.args(["up", "--port-base", &base.to_string(), "--data-dir"]);
        Server::start(command.arg(data), base, self.path("up.log")).await
    }

    /// What `errand up` runs, on PostgreSQL.
    pub(crate) async fn up_on_postgres(&self, database: &str) -> anyhow::Result<Server> {
        let base = free_ports()?;
        let mut command = self.command(&std::env::current_exe()?);
        command.args(["serve", "--database", database]);
        command.args(["--port-base", &base.to_string(), "--folder"]);
        command.arg(self.path("engine"));
        Server::start(&mut command, base, self.path("serve.log")).await
    }

    /// backend-api by itself: its sidecar is away, so its events stay in the outbox.
    pub(crate) async fn backend_api(&self, database: &str, log: &str) -> anyhow::Result<Server> {
        let base = free_ports()?;
        let mut command = self.command(&self.errand);
        command
            .arg("backend-api")
            .env("DATABASE_URL", database)
            .env("ERRAND_AUTH_LOCAL", "true")
            .env("ERRAND_SERVER_PORT", base.to_string())
            // Nobody listens there.
            .env("DAPR_GRPC_PORT", (base + 1).to_string())
            .env("ERRAND_LOG", log)
            .env("ERRAND_TELEMETRY_LOG_FORMAT", "json");
        let server = Server::spawn(&mut command, base, self.path("backend-api.log"))?;
        server.answers().await?;
        Ok(server)
    }

    /// A command with nothing of this process's environment but the path, and no limits that
    /// protect a server from a single user.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let path = service_kit::config::environment()
            .remove("PATH")
            .unwrap_or_default();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", path)
            .env("ERRAND_SECRET", SECRET)
            .env("ERRAND_LOG", "warn")
            .env("ERRAND_LIMITS_REQUESTS_PER_SECOND", "1000000")
            .env("ERRAND_LIMITS_BURST", "1000000")
            .env("ERRAND_LIMITS_IN_FLIGHT", "1000")
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

impl Server {
    /// Starts a process that prints `ready` when it is.
    async fn start(command: &mut Command, base: u16, log: PathBuf) -> anyhow::Result<Self> {
        command.stdout(Stdio::piped());
        let mut server = Self::spawn(command, base, log)?;
        let stdout = server.child.stdout.take().context("it has an output")?;
        let mut lines = BufReader::new(stdout).lines();
        let ready = timeout(START, async {
            while let Some(line) = lines.next_line().await? {
                if line.starts_with("ready") {
                    return anyhow::Ok(());
                }
            }
            bail!("it ended")
        });
        ready
            .await
            .context("it did not become ready in time")
            .flatten()
            .with_context(|| format!("see {}", server.log.display()))?;
        Ok(server)
    }

    fn spawn(command: &mut Command, base: u16, log: PathBuf) -> anyhow::Result<Self> {
        command.stderr(File::create(&log)?);
        let child = command.spawn().context("cannot start errand")?;
        Ok(Self {
            services: Services::new(base, SecretString::from(SECRET)),
            child,
            log,
        })
    }

    /// Returns once its first port answers.
    async fn answers(&self) -> anyhow::Result<()> {
        let answered = timeout(START, async {
            while Caller::connect(&self.services, "1").await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let answered = answered.await;
        answered.with_context(|| format!("it does not answer: see {}", self.log.display()))
    }

    /// What it has written of itself.
    pub(crate) fn log(&self) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(&self.log)?)
    }

    /// The memory it holds, in bytes: its resident set, and the largest that has been.
    pub(crate) fn memory(&self) -> anyhow::Result<(u64, u64)> {
        let process = self.child.id().context("it has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kibibytes = line.and_then(|line| line.split_whitespace().next());
            let kibibytes: u64 = kibibytes.context("no such line")?.parse()?;
            anyhow::Ok(kibibytes * 1024)
        };
        Ok((bytes("VmRSS:")?, bytes("VmHWM:")?))
    }

    /// Ends it as an operator does, and waits for it.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let process = self.child.id().context("it has ended by itself")?;
        let killed = Command::new("kill").arg(process.to_string()).status();
        ensure!(killed.await?.success(), "it cannot be stopped");
        let status = self.child.wait().await?;
        ensure!(status.success(), "it ended with {status}");
        Ok(())
    }
}

/// The first of five ports next to each other that nobody uses.
fn free_ports() -> anyhow::Result<u16> {
    for base in (21_000..29_000).step_by(usize::from(PORTS)) {
        // Two of these programs at once look at different ports first.
        let base = base + u16::try_from(std::process::id() % 500)? * PORTS;
        let ports = base..base + PORTS;
        let taken: Result<Vec<_>, _> = ports
            .map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)))
            .collect();
        if taken.is_ok() {
            return Ok(base);
        }
    }
    bail!("there are no five free ports next to each other")
}
