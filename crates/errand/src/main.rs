//! The `errand` binary: process concerns only. What the commands do stands in the library.

use std::process::ExitCode;

use clap::Parser as _;
use errand::{cli::Cli, commands};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return commands::usage(&error),
    };
    commands::run(cli)
}
