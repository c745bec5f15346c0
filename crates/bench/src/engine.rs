//! Measurements on the real engine: the five services, each beside its own sidecar, with Kafka and
//! PostgreSQL, as `scripts/engine` starts them and with the settings that they come with.

mod backlog;
mod commands;
mod daprd;
mod processes;
mod published;
mod reminders;
mod report;
mod sizes;
mod steady;
mod subscriber;

use std::{fs::File, io, process::ExitCode};

use clap::ValueEnum as _;

use self::{backlog::WITHOUT_STATE_KEYS, commands::Engine, report::Report, sizes::Sizes};
use crate::{
    cli::{EngineMeasurement, EngineOptions},
    machine::Machine,
    measure::say,
};

/// What every measurement has.
struct Bench {
    sizes: Sizes,
    engine: Engine,
    report: Report,
}

/// Measures what is wanted on the engine that runs, and reports it.
pub(crate) async fn run(options: &EngineOptions) -> anyhow::Result<ExitCode> {
    let wanted = match options.only.as_slice() {
        [] => EngineMeasurement::value_variants(),
        only => only,
    };
    let wants = |measurement| wanted.contains(&measurement);
    let engine = Engine::find(options).await?;
    let version = engine.database.run("SHOW server_version").await?;
    let machine = Machine::look(&options.folder, version)?;
    let mut bench = Bench {
        sizes: options.size.into(),
        engine,
        report: Report::new(machine),
    };
    bench.look_at_memory("when ready").await?;
    if wants(EngineMeasurement::Steady) {
        steady::measure(&mut bench).await?;
        bench.look_at_memory("steady loads").await?;
    }
    if wants(EngineMeasurement::Reminders) {
        reminders::measure(&mut bench).await?;
        bench.look_at_memory("reminders").await?;
    }
    if wants(EngineMeasurement::Backlog) {
        bench.renew(&[]).await?;
        backlog::measure(&mut bench, true).await?;
        bench.look_at_memory("a backlog").await?;
        bench.renew(&[WITHOUT_STATE_KEYS]).await?;
        backlog::measure(&mut bench, false).await?;
    }
    bench.report.print(&mut io::stdout().lock())?;
    if let Some(file) = &options.json {
        serde_json::to_writer_pretty(File::create(file)?, &bench.report)?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Bench {
    async fn look_at_memory(&mut self, when: &'static str) -> anyhow::Result<()> {
        let used = processes::look(&self.engine).await?;
        self.report.memory.push((when, used));
        Ok(())
    }

    /// An engine on which nothing has happened yet.
    async fn renew(&mut self, settings: &[(&str, &str)]) -> anyhow::Result<()> {
        say("a new engine");
        self.engine.renew(settings).await
    }
}
