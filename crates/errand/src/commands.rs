//! What the commands do: one file a command.

mod backup;
mod config;
mod database;
mod dlq;
mod doctor;
mod migrate;
mod outbox;
mod readable;
mod restore;
mod service;
mod token;
mod topics;
mod up;
mod user;

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

use clap::error::ErrorKind;
use domain::AppId;

use crate::{
    cli::{Cli, Command},
    data_folder::{DataFolder, DataFolderError},
    settings::{Settings, SettingsError},
};

/// The exit code for wrong usage and wrong configuration (`EX_USAGE` of sysexits).
const USAGE: u8 = 64;

/// What the command line said wrong, or the help it asked for.
pub fn usage(error: &clap::Error) -> ExitCode {
    // Where the terminal is gone there is nobody left to tell.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(USAGE),
    }
}

/// Runs a command to its end.
pub fn run(cli: Cli) -> ExitCode {
    let settings = match Settings::load(cli.config.as_deref()) {
        Ok(settings) => settings,
        Err(error) => return refuse(&error),
    };
    match dispatch(cli, settings) {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            let is_usage = error.is::<UsageError>() || error.is::<SettingsError>();
            if is_usage {
                ExitCode::from(USAGE)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

/// A command that cannot be meant as it was written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);

fn dispatch(cli: Cli, settings: Settings) -> anyhow::Result<ExitCode> {
    let command = match cli.command {
        Some(command) => command,
        None => named_service(&settings)?,
    };
    match command {
        Command::Up(options) => up::run(&options, settings),
        Command::BackendApi => service::run(AppId::BackendApi, settings),
        Command::RecurringService => service::run(AppId::RecurringService, settings),
        Command::NotificationService => service::run(AppId::NotificationService, settings),
        Command::AuditService => service::run(AppId::AuditService, settings),
        Command::RealtimeService => service::run(AppId::RealtimeService, settings),
        Command::Migrate => migrate::run(&settings),
        Command::Token(options) => token::run(&options, &settings),
        Command::Dlq(command) => dlq::run(&command, &settings),
        Command::Outbox(command) => outbox::run(&command, &settings),
        Command::User(command) => user::run(&command, &settings),
        Command::Config => config::run(&settings),
        Command::Topics => topics::run(&settings),
        Command::Doctor(options) => doctor::run(&options, &settings),
        Command::Backup(options) => backup::run(&options, &settings),
        Command::Restore(options) => restore::run(&options, &settings),
    }
}

/// The service that `SERVICE` names, as images and charts do.
fn named_service(settings: &Settings) -> Result<Command, UsageError> {
    let Some(name) = &settings.kit.process.service else {
        return Err(UsageError(
            "say what to do: `errand up` runs everything here, `errand --help` lists the commands"
                .to_owned(),
        ));
    };
    let app: AppId = name.parse().map_err(|_| {
        UsageError(format!(
            "SERVICE={name} is none of {}",
            AppId::ALL.map(AppId::as_str).join(", ")
        ))
    })?;
    Ok(match app {
        AppId::BackendApi => Command::BackendApi,
        AppId::RecurringService => Command::RecurringService,
        AppId::NotificationService => Command::NotificationService,
        AppId::AuditService => Command::AuditService,
        AppId::RealtimeService => Command::RealtimeService,
    })
}

/// The data folder that a command is about.
pub(crate) fn data_folder(
    options: &crate::cli::InFolder,
    settings: &Settings,
) -> Result<DataFolder, DataFolderError> {
    let named = options
        .data_dir
        .as_deref()
        .or(settings.data_folder.as_deref());
    let environment = service_kit::config::environment();
    DataFolder::find(named, |name| environment.get(name).cloned())
}

/// The runtime that commands work on.
pub(crate) fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}

fn refuse(error: &SettingsError) -> ExitCode {
    let cause = error.source().map(|cause| format!(": {cause}"));
    say(&format!("errand: {error}{}", cause.unwrap_or_default()));
    ExitCode::from(USAGE)
}

/// One line, with the causes.
fn complain(error: &anyhow::Error) {
    say(&format!("errand: {error:#}"));
}

fn say(line: &str) {
    // Where standard error is gone there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{line}");
}
