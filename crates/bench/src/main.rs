//! What Errand does in a second, beside what its databases do with the same statements.
//!
//! Every figure is measured in the same run as its reference, in turns, on the same machine: pgbench
//! for PostgreSQL, a bare loop over SQLite's own library for SQLite, both with the very statements
//! that Errand was seen to send ([`statements`]). The servers are processes of their own, started as
//! an operator starts them. Nothing here passes or fails: `make bench` reports, and people judge.
//!
//! [`engine`] measures the services on the real engine, by `make bench-engine`; there the references
//! are what Dapr and Kafka take by themselves.

mod arrivals;
mod caller;
mod cli;
mod engine;
mod load;
mod machine;
mod measure;
mod open_loop;
mod postgres;
mod report;
mod screens;
mod serve;
mod server;
mod services;
mod sizes;
mod sqlite;
mod statements;

use std::process::ExitCode;

use clap::Parser as _;
use tikv_jemallocator::Jemalloc;

/// As the `errand` binary has it, since `serve` stands for that.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> anyhow::Result<ExitCode> {
    let cli = cli::Cli::parse();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        match cli.command {
            Some(cli::Command::Serve(options)) => serve::run(options).await,
            Some(cli::Command::Engine(options)) => Box::pin(engine::run(&options)).await,
            None => Box::pin(measure::run(&cli.options)).await,
        }
    })
}
