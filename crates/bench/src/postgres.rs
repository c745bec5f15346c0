//! PostgreSQL: databases of a measurement's own, what the server was told, and pgbench.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{load::Outcome, statements::Script};

/// A server where databases may be made.
#[derive(Clone, Debug)]
pub(crate) struct Postgres {
    url: String,
    log: PathBuf,
}

/// A database with Errand's schema.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) url: String,
}

/// An open connection.
pub(crate) struct Session {
    questions: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Postgres {
    pub(crate) fn new(url: String, log: PathBuf) -> Self {
        Self { url, log }
    }

    /// Makes a database with Errand's schema. Nobody removes it: the server goes with its folder.
    pub(crate) async fn create(&self, name: &str) -> anyhow::Result<Database> {
        let server = Database {
            url: self.url.clone(),
        };
        server.run(&format!("CREATE DATABASE {name}")).await?;
        let (address, _) = self.url.rsplit_once('/').context("not an address")?;
        let database = Database {
            url: format!("{address}/{name}"),
        };
        migrations::run(&database.url).await?;
        Ok(database)
    }

    /// Lets the server write down what it is told in a database from the next connection on.
    pub(crate) async fn listen(&self, database: &Database, on: bool) -> anyhow::Result<()> {
        let (_, name) = database.url.rsplit_once('/').context("not an address")?;
        let which = if on { "all" } else { "none" };
        let sql = format!("ALTER DATABASE {name} SET log_statement = '{which}'");
        database.run(&sql).await?;
        Ok(())
    }

    /// What the server has written so far.
    pub(crate) fn log(&self) -> anyhow::Result<String> {
        fs::read_to_string(&self.log)
            .with_context(|| format!("cannot read the server's log, {}", self.log.display()))
    }

    /// What it calls itself.
    pub(crate) async fn version(&self) -> anyhow::Result<String> {
        let server = Database {
            url: self.url.clone(),
        };
        server.run("SHOW server_version").await
    }
}

impl Database {
    /// Runs a statement and gives what it answers, one row a line.
    pub(crate) async fn run(&self, sql: &str) -> anyhow::Result<String> {
        output(self.psql().args(["--command", sql])).await
    }

    /// A connection for questions that are asked again and again.
    pub(crate) fn session(&self) -> anyhow::Result<Session> {
        let mut command = self.psql();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.kill_on_drop(true).spawn()?;
        Ok(Session {
            questions: process.stdin.take().context("it has an input")?,
            answers: BufReader::new(process.stdout.take().context("it has an output")?).lines(),
            _process: process,
        })
    }

    fn psql(&self) -> Command {
        let mut command = Command::new("psql");
        command
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set", "ON_ERROR_STOP=1", "--dbname", &self.url]);
        command
    }

    /// Runs a script with pgbench: each transaction prepared once on each of the connections, as
    /// Errand does. The scripts of a load take turns.
    pub(crate) async fn pgbench(
        &self,
        scripts: &[Script],
        callers: usize,
        lasting: Duration,
        folder: &Path,
    ) -> anyhow::Result<Outcome> {
        let folder = tempfile::tempdir_in(folder)?;
        // pgbench takes whole seconds only.
        let seconds = lasting.as_secs().max(1);
        let mut command = Command::new("pgbench");
        command
            .args(["--no-vacuum", "--protocol=prepared", "--log"])
            .args(["--client", &callers.to_string()])
            .args(["--jobs", &callers.min(2).to_string()])
            .args(["--time", &seconds.to_string()])
            .env("PGOPTIONS", "-c search_path=errand")
            .current_dir(folder.path());
        for (number, script) in scripts.iter().enumerate() {
            let file = folder.path().join(format!("{number}.sql"));
            fs::write(&file, script.text())?;
            command.arg("--file").arg(file);
        }
        output(command.arg(&self.url)).await?;
        outcome(folder.path(), seconds)
    }
}

impl Session {
    /// Runs a statement that answers one row.
    pub(crate) async fn ask(&mut self, sql: &str) -> anyhow::Result<String> {
        self.questions
            .write_all(format!("{sql};\n").as_bytes())
            .await?;
        let answer = self.answers.next_line().await?;
        answer.context("psql has ended")
    }
}

/// Reads the log of every transaction that pgbench writes: `client number microseconds …`.
fn outcome(folder: &Path, seconds: u64) -> anyhow::Result<Outcome> {
    let mut latencies = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_log = path.file_name().and_then(OsStr::to_str);
        if !is_log.is_some_and(|name| name.starts_with("pgbench_log.")) {
            continue;
        }
        for line in fs::read_to_string(path)?.lines() {
            let microseconds = line
                .split(' ')
                .nth(2)
                .context("not a line of pgbench's log")?;
            latencies.push(Duration::from_micros(microseconds.parse()?));
        }
    }
    ensure!(!latencies.is_empty(), "pgbench has logged nothing");
    Ok(Outcome {
        took: Duration::from_secs(seconds),
        latencies,
    })
}

async fn output(command: &mut Command) -> anyhow::Result<String> {
    let program = command.as_std().get_program().to_owned();
    let program = program.display();
    let output = command.kill_on_drop(true).output().await;
    let output = output.with_context(|| format!("cannot run {program}"))?;
    ensure!(
        output.status.success(),
        "{program} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}
