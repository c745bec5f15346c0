//! `errand doctor`: what is wrong here, and how to mend it.

mod checks;
mod clock;
mod events;
mod folder;
mod ports;
mod schema;
mod service;
mod sidecar;
mod space;
mod topics;
mod web;

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::Context as _;

use crate::{cli::Doctor, commands::readable, settings::Settings};

/// What a look at one thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    /// What was looked at.
    what: &'static str,
    /// What it is like.
    state: State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// In order; how it is.
    Good(String),
    /// Not in order, though Errand can live with it: what is wrong, and how to mend it.
    Attention(String, String),
    /// In the way: what is wrong, and how to mend it.
    Broken(String, String),
}

/// Looks at everything and changes nothing.
pub(super) fn run(options: &Doctor, settings: &Settings) -> anyhow::Result<ExitCode> {
    let folder = super::data_folder(&options.folder, settings)?;
    let described = options.topics.as_deref().map(read).transpose()?;
    let looking = checks::all(options, settings, &folder, described.as_deref());
    let findings = super::runtime()?.block_on(looking);
    let mut out = io::stdout().lock();
    for Finding { what, state } in &findings {
        match state {
            State::Good(how) => writeln!(out, "ok       {what}: {how}")?,
            State::Attention(wrong, mend) => {
                writeln!(out, "look at  {what}: {wrong}\n         {mend}")?;
            }
            State::Broken(wrong, mend) => {
                writeln!(out, "broken   {what}: {wrong}\n         {mend}")?;
            }
        }
    }
    let good = findings
        .iter()
        .all(|finding| matches!(finding.state, State::Good(_)));
    if good {
        writeln!(out, "everything is in order")?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// What a file says, or whoever stands before the pipe.
fn read(file: &Path) -> anyhow::Result<String> {
    if file == Path::new("-") {
        return io::read_to_string(io::stdin()).context("cannot read standard input");
    }
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn unreadable(error: &store::StoreError) -> State {
    State::Broken(readable::error(error), "See the database above.".into())
}
