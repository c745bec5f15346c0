//! `errand token`.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use domain::UserId;
use service_kit::{Clock as _, Ids, Seal, SystemClock, auth::mint_local_token};

use super::UsageError;
use crate::{cli::Token, settings::Settings};

/// Prints a token, and nothing else.
pub(super) fn run(options: &Token, settings: &Settings) -> anyhow::Result<ExitCode> {
    let user =
        UserId::parse(&options.user).map_err(|error| UsageError(format!("the user {error}")))?;
    let secrets = &settings.kit.secrets;
    let secret = match &secrets.current {
        Some(secret) => secret.clone(),
        None => super::data_folder(&options.folder, settings)?.secret()?,
    };
    let seal = Seal::new(&secret, secrets.previous.as_ref());
    let id = Ids::new(SystemClock::shared()).uuid();
    let token = mint_local_token(&seal, &user, SystemClock.now(), options.ttl, id);
    writeln!(io::stdout().lock(), "{token}")?;
    Ok(ExitCode::SUCCESS)
}
