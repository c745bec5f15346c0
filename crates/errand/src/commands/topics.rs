//! `errand topics`.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use crate::{settings::Settings, topology};

/// Lists every topic as a broker must have it.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    writeln!(out, "{:<30} partitions   retention.ms", "topic")?;
    for plan in topology::topics(&settings.realtime) {
        let retention = plan.retention.as_millis();
        writeln!(
            out,
            "{:<30} {:>10} {retention:>14}",
            plan.name, plan.partitions
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
