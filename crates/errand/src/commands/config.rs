//! `errand config`.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use crate::settings::Settings;

/// Lists every setting.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    for setting in &settings.all {
        writeln!(out, "{}", setting.key)?;
        writeln!(out, "  {}", setting.meaning)?;
        writeln!(out, "  variable: {}", setting.variable)?;
        if !setting.default.is_empty() {
            writeln!(out, "  default: {}", setting.default)?;
        }
        if !setting.services.is_empty() {
            let services = setting.services.iter().map(|service| service.as_str());
            writeln!(out, "  for: {}", services.collect::<Vec<_>>().join(", "))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
