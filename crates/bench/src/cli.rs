//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Measures Errand beside its databases. `make bench` starts PostgreSQL and calls this.
#[derive(Debug, Parser)]
#[command(name = "errand-bench", args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How long and how much: `full` takes a quarter of an hour, `quick` two minutes; `tiny` shows
    /// only that all of it works.
    #[arg(long, value_enum, default_value_t = Size::Full)]
    pub(crate) size: Size,
    /// Only these measurements [default: all].
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<Measurement>,
    /// Writes the figures to a file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Keeps the statements of the references, as they were run, in a folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) statements: Option<PathBuf>,
    /// A PostgreSQL server where databases may be made; `scripts/with-databases` gives it.
    #[arg(long, env = "ERRAND_TEST_POSTGRES_URL", value_name = "URL")]
    pub(crate) postgres: Option<String>,
    /// Where that server writes its log: what it was told is read there.
    #[arg(long, env = "ERRAND_TEST_POSTGRES_LOG", value_name = "FILE")]
    pub(crate) postgres_log: Option<PathBuf>,
    /// The binary to measure [default: the `errand` beside this program].
    #[arg(long, value_name = "FILE")]
    pub(crate) errand: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Size {
    Full,
    Quick,
    Tiny,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measurement {
    /// Creates a second, backend-api alone.
    Create,
    /// A page of 100 tasks.
    List,
    /// From a create to its frame on a stream, everything running.
    Frame,
    /// Creates a second with everything running, events on to the audit log, and memory.
    System,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Everything that `errand up` runs, but on PostgreSQL: the measurements start it.
    #[command(hide = true)]
    Serve(Serve),
    /// Measures the services on the real engine, each beside its own sidecar. `make bench-engine`
    /// starts one and calls this.
    Engine(EngineOptions),
}

#[derive(Debug, Args)]
pub(crate) struct EngineOptions {
    /// How long and how much: `full` takes a quarter of an hour, `quick` four minutes; `tiny` shows
    /// only that all of it works.
    #[arg(long, value_enum, default_value_t = Size::Full)]
    pub(crate) size: Size,
    /// Only these measurements [default: all].
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<EngineMeasurement>,
    /// Writes the figures to a file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// The checkout whose scripts run the engine.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) project: PathBuf,
    /// The engine's folder, as `scripts/engine` has it.
    #[arg(long, env = "ENGINE_DIR", value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// The first of its ports, as `scripts/engine` has it.
    #[arg(long, env = "PORT_BASE", value_name = "PORT")]
    pub(crate) port_base: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineMeasurement {
    /// From a create to its frame on a stream at steady rates, beside what Dapr and Kafka take of
    /// that.
    Steady,
    /// Many reminders that are due at the same moment.
    Reminders,
    /// Events that wait in the outbox, on to the audit log.
    Backlog,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The database.
    #[arg(long)]
    pub(crate) database: String,
    /// Where the engine keeps its files.
    #[arg(long)]
    pub(crate) folder: PathBuf,
    /// The port of backend-api; the others follow.
    #[arg(long)]
    pub(crate) port_base: u16,
}
