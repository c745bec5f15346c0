//! `errand migrate`.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use secrecy::ExposeSecret as _;

use super::UsageError;
use crate::settings::Settings;

/// Brings the database to the schema of this binary.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let database = &settings.kit.database;
    let url = database.direct_url.as_ref().or(database.url.as_ref());
    let url = url.ok_or_else(|| {
        UsageError(
            "DATABASE_URL says which database; behind a pooler also DATABASE_DIRECT_URL".to_owned(),
        )
    })?;
    let applied = super::runtime()?.block_on(migrations::run(url.expose_secret()))?;
    let mut out = io::stdout().lock();
    if applied.is_empty() {
        writeln!(
            out,
            "nothing to do: the database has the schema of this version"
        )?;
    }
    for migration in applied {
        writeln!(out, "applied {migration}")?;
    }
    Ok(ExitCode::SUCCESS)
}
