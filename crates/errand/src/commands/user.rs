//! `errand user`: users of the web app, which keeps them itself.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use service_kit::Seal;

use super::UsageError;
use crate::{
    cli::{OfWeb, User},
    data_folder::{HeldWeb, Occupancy},
    settings::Settings,
    web::{Variables, WebApp, WebFolder},
};

/// Runs the web app's own command, which knows its users, as the web app itself is run.
pub(super) fn run(command: &User, settings: &Settings) -> anyhow::Result<ExitCode> {
    let (web, arguments) = match command {
        User::Reset(options) => (&options.web, vec!["reset", &options.email]),
        User::Invite(options) => {
            let email = options.email.as_deref();
            (
                &options.web,
                std::iter::once("invite").chain(email).collect(),
            )
        }
    };
    let data = super::data_folder(&web.data, settings)?;
    let held = match data.look()? {
        Occupancy::Held(Some(holder)) => holder.web,
        _ => None,
    };
    let app = app(web, settings, held.as_ref())?;
    let program = app.folder().user_command();
    anyhow::ensure!(
        program.is_file(),
        "the web app in {} cannot do this, it has no user.js: build it anew with scripts/web build",
        app.folder().path().display()
    );
    let secrets = &settings.kit.secrets;
    let secret = match &secrets.current {
        Some(secret) => secret.clone(),
        None => data.secret()?,
    };
    let variables = Variables::new(&app, &settings.web, &data, &Seal::new(&secret, None));
    let status = std::process::Command::new(app.folder().node())
        .arg(program)
        .args(arguments)
        .current_dir(app.folder().path())
        .env_clear()
        .envs(variables.iter())
        .status()
        .with_context(|| format!("cannot run {}", app.folder().node().display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The web app that was named; else the one that runs on the data folder; else the configured one.
/// The links that it prints lead to the one that runs.
fn app(web: &OfWeb, settings: &Settings, held: Option<&HeldWeb>) -> anyhow::Result<WebApp> {
    let named: Option<PathBuf> = web
        .folder
        .clone()
        .or_else(|| held.map(|held| held.folder.clone()))
        .or_else(|| settings.web.folder.clone());
    let named = named.ok_or_else(|| {
        UsageError(
            "no web app is known: start `errand up --web FOLDER`, or say --web FOLDER here"
                .to_owned(),
        )
    })?;
    let folder = WebFolder::open(&named)?;
    let own = || SocketAddr::from(([127, 0, 0, 1], settings.web.port));
    let address = held.map_or_else(own, |held| held.address);
    let url = held
        .map(|held| held.url.as_str())
        .or(settings.web.url.as_deref());
    Ok(WebApp::new(folder, address, url))
}
