//! The measurements.

mod create;
mod frame;
mod list;
mod system;
mod turns;

use std::{
    fs::{self, File},
    io::{self, Write as _},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::ValueEnum as _;
use tempfile::TempDir;

use crate::{
    cli::{Measurement, Options},
    machine::Machine,
    postgres::Postgres,
    report::Report,
    server::Home,
    sizes::Sizes,
};

/// How many users the callers are, in turns.
pub(crate) const USERS: usize = 100;

/// What every measurement has.
pub(crate) struct Bench {
    pub(crate) sizes: Sizes,
    pub(crate) postgres: Postgres,
    pub(crate) errand: std::path::PathBuf,
    statements: Option<std::path::PathBuf>,
    folder: TempDir,
}

/// Measures what is wanted and reports it.
pub(crate) async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let bench = Bench::new(options)?;
    let version = bench.postgres.version().await?;
    let mut report = Report {
        machine: Machine::look(bench.folder.path(), version)?,
        loads: Vec::new(),
        frames: Vec::new(),
        systems: Vec::new(),
    };
    let wanted = match options.only.as_slice() {
        [] => Measurement::value_variants(),
        only => only,
    };
    for measurement in wanted {
        match measurement {
            Measurement::Create => create::measure(&bench, &mut report).await?,
            Measurement::List => list::measure(&bench, &mut report).await?,
            Measurement::Frame => frame::measure(&bench, &mut report).await?,
            Measurement::System => system::measure(&bench, &mut report).await?,
        }
    }
    report.print()?;
    if let Some(file) = &options.json {
        serde_json::to_writer_pretty(File::create(file)?, &report)?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Bench {
    fn new(options: &Options) -> anyhow::Result<Self> {
        let advice =
            "run this as `make bench`, or as `scripts/with-databases --durable errand-bench`";
        let url = options.postgres.clone().context(advice)?;
        let log = options.postgres_log.clone().context(advice)?;
        let beside = std::env::current_exe()?.with_file_name("errand");
        let errand = options.errand.clone().unwrap_or(beside);
        let errand = fs::canonicalize(&errand)
            .with_context(|| format!("cannot find the errand binary, {}", errand.display()))?;
        Ok(Self {
            sizes: options.size.into(),
            postgres: Postgres::new(url, log),
            errand,
            statements: options.statements.clone(),
            folder: tempfile::tempdir()?,
        })
    }

    /// A folder of a measurement's own.
    pub(crate) fn home(&self, name: &str) -> anyhow::Result<Home> {
        let folder = self.folder.path().join(name);
        fs::create_dir(&folder)?;
        Ok(Home {
            errand: self.errand.clone(),
            folder,
        })
    }

    /// Keeps the statements of a reference, if that is wanted.
    pub(crate) fn keep(&self, name: &str, text: &str) -> anyhow::Result<()> {
        if let Some(folder) = &self.statements {
            fs::create_dir_all(folder)?;
            fs::write(folder.join(name), text)?;
        }
        Ok(())
    }
}

/// Says what is being done. The figures go to standard output, this does not.
pub(crate) fn say(what: &str) {
    // Nobody may be reading.
    let _ = writeln!(io::stderr().lock(), "… {what}");
}
