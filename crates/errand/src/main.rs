//! The `errand` binary: process concerns only. What the commands do stands in the library.

use std::process::ExitCode;

use clap::Parser as _;
use errand::{cli::Cli, commands};
use tikv_jemallocator::Jemalloc;

/// SQLite's threads read the rows that others use and give up, which the system's own allocator is
/// slow at. SQLite takes this one, too: pages of tasks are a third faster.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return commands::usage(&error),
    };
    commands::run(cli)
}
