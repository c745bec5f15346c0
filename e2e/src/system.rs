//! A test's hold on the engine that `scripts/with-system` started.

mod operator;

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};

use domain::AppId;
use errand::topology;
use service_kit::config::environment;
use store::{Store, StoreConfig};
use testkit::eventually;
use tokio::{process::Command, time::timeout};

use crate::{http::http_get, process::Process, user::User};

/// How long a command may take. Ending a process in order takes the longest.
const COMMAND: Duration = Duration::from_mins(1);

/// How far the ports of two replicas are apart, as `scripts/engine-folder.sh` has them.
const REPLICA_PORTS: u16 = 10;

/// The engine that `scripts/with-system` started.
#[derive(Debug)]
pub struct System {
    folder: PathBuf,
    binary: PathBuf,
    port_base: u16,
    replicas: usize,
    database_url: String,
}

impl System {
    /// The engine that the environment names. Panics where there is none.
    pub fn found() -> Self {
        let variables = environment();
        let variable = |name: &str| {
            let value = variables.get(name).cloned();
            value.unwrap_or_else(|| panic!("{name} is not set: run this by scripts/with-system"))
        };
        let folder = PathBuf::from(variable("ENGINE_DIR"));
        let number = |name| variable(name).parse().expect("it is a number");
        Self {
            database_url: variable("ERRAND_TEST_SYSTEM_DATABASE_URL"),
            binary: variable("ENGINE_BINARY").into(),
            port_base: number("PORT_BASE"),
            replicas: usize::from(number("ENGINE_REPLICAS")),
            folder,
        }
    }

    /// How many replicas of each service there are.
    pub fn replicas(&self) -> usize {
        self.replicas
    }

    /// Where the engine keeps everything.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a replica of a service answers.
    pub fn address(&self, app: AppId, replica: usize) -> SocketAddr {
        let replica = u16::try_from(replica).expect("few replicas");
        let port = self.port_base + topology::port_offset(app) + REPLICA_PORTS * replica;
        (Ipv4Addr::LOCALHOST, port).into()
    }

    /// A user with a token good for an hour, who need not have been here before.
    pub async fn user(&self, name: &str) -> User {
        let folder = self.folder.to_str().expect("a folder of a plain name");
        let token = self
            .errand(["token", "--user", name, "--data-dir", folder])
            .await;
        User::at(name, token.trim_end(), self.replicas, |app, replica| {
            self.address(app, replica)
        })
    }

    /// The database, as it is behind the services.
    pub async fn store(&self) -> Store {
        let config = StoreConfig::new(self.database_url.as_str());
        let store = Store::connect(&config).await;
        store.expect("the database answers")
    }

    /// What the database answers to a statement: a line a row, values parted by `|`.
    pub async fn sql(&self, statement: &str) -> String {
        let mut command = Command::new("psql");
        command
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set=ON_ERROR_STOP=1", "--command", statement])
            .arg(&self.database_url);
        succeeded(command).await
    }

    /// Runs a command of an operator that must succeed, with the engine's database and secret, and
    /// gives what it printed.
    pub async fn errand<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> String {
        succeeded(self.errand_command(arguments)).await
    }

    /// The process as the operating system knows it.
    pub async fn pid(&self, process: Process) -> u32 {
        let status = self.engine(["status"]).await;
        let name = process.to_string();
        let pid = status.lines().find_map(|line| {
            let (found, state) = line.split_once(' ')?;
            let found = found.rsplit(':').next()?;
            let (_, pid) = state.split_once("pid ")?;
            (found == name).then(|| pid.split(',').next())?
        });
        let pid = pid.and_then(|pid| pid.parse().ok());
        pid.unwrap_or_else(|| panic!("{name} does not run:\n{status}"))
    }

    /// Kills a process as `kill -9` does. The supervisor starts it again within a second or two.
    pub async fn kill(&self, process: Process) {
        self.engine(["kill", &process.to_string()]).await;
    }

    /// Stops a process where it stands, with all its children. It keeps its connections and answers
    /// nothing.
    pub async fn pause(&self, process: Process) {
        self.engine(["pause", &process.to_string()]).await;
    }

    /// Lets a paused process go on.
    pub async fn resume(&self, process: Process) {
        self.engine(["resume", &process.to_string()]).await;
    }

    /// Ends a process in order. It stays away until [`System::start`].
    pub async fn stop(&self, process: Process) {
        self.engine(["stop", &process.to_string()]).await;
    }

    /// Starts a process that was stopped.
    pub async fn start(&self, process: Process) {
        self.engine(["start", &process.to_string()]).await;
    }

    /// Returns once every service says that it is ready.
    pub async fn ready(&self) {
        for app in AppId::ALL {
            for replica in 0..self.replicas {
                let address = self.address(app, replica);
                eventually(&format!("{app} at {address} is ready"), async || {
                    let answer = http_get(address, "/ready").await.ok()?;
                    (answer.0 == 200).then_some(())
                })
                .await;
            }
        }
    }

    /// What a counter of a replica has come to, over all its series that have these labels.
    pub async fn counter(
        &self,
        app: AppId,
        replica: usize,
        name: &str,
        labels: &[(&str, &str)],
    ) -> u64 {
        let answer = http_get(self.address(app, replica), "/metrics").await;
        let (_, scrape) = answer.expect("the replica answers");
        let labels: Vec<_> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{value}\""))
            .collect();
        let series = scrape.lines().filter_map(|line| line.rsplit_once(' '));
        let series = series.filter(|(key, _)| {
            key.split('{').next() == Some(name) && labels.iter().all(|label| key.contains(label))
        });
        let values = series.map(|(_, value)| value.parse::<u64>().expect("a whole number"));
        values.sum()
    }

    /// Runs one of Kafka's own tools, such as `groups --describe --all-groups`, and gives what it
    /// printed.
    pub async fn kafka<const N: usize>(&self, arguments: [&str; N]) -> String {
        let mut all = vec!["kafka"];
        all.extend(arguments);
        self.engine(all).await
    }

    async fn engine<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> String {
        succeeded(engine_command(arguments)).await
    }

    fn errand_command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let secret = fs::read_to_string(self.folder.join("secret"));
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .env_clear()
            .envs(path_variable())
            .env("DATABASE_URL", &self.database_url)
            .env("ERRAND_SECRET", secret.expect("the engine's secret"))
            .current_dir(&self.folder);
        command
    }
}

/// Which engine it is, is in the variables that this process has.
fn engine_command<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/engine");
    let mut command = Command::new(script);
    command.args(arguments);
    command
}

/// Nothing of the environment but what finds programs.
fn path_variable() -> BTreeMap<String, String> {
    let mut variables = environment();
    variables.retain(|name, _| name == "PATH" || name == "HOME");
    variables
}

/// The exit code of a command, and what it printed, complaints after results.
async fn ended(command: Command) -> (Option<i32>, String) {
    let (_, output) = run(command).await;
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

async fn succeeded(command: Command) -> String {
    let (command, output) = run(command).await;
    let Output {
        status,
        stdout,
        stderr,
    } = output;
    let stdout = String::from_utf8_lossy(&stdout);
    assert!(
        status.success(),
        "{command:?} ended with {status}\n{stdout}{}",
        String::from_utf8_lossy(&stderr)
    );
    stdout.into_owned()
}

async fn run(mut command: Command) -> (Command, Output) {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(COMMAND, command.output()).await;
    let output = output.unwrap_or_else(|_| panic!("it does not end: {command:?}"));
    (command, output.expect("the command can be run"))
}
