//! Where something was measured.

use std::{
    fmt, fs,
    io::Write as _,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::report::percentiles;

/// How often the disk is asked to be sure.
const SYNCS: usize = 200;

/// A machine, and what runs on it.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory_gib: u64,
    kernel: String,
    /// The median and the 99th percentile of what it takes to bring 4 KiB to the disk.
    sync_ms: [f64; 2],
    pub(crate) postgres: String,
    commit: String,
}

impl Machine {
    /// Asks the machine. The disk is that of `folder`.
    pub(crate) fn look(folder: &Path, postgres: String) -> anyhow::Result<Self> {
        let line = |file: &str, name: &str| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let value = text
                .lines()
                .find_map(|line| line.strip_prefix(name)?.split_once(':'))
                .map(|(_, value)| value.trim().to_owned());
            value.unwrap_or_else(|| "unknown".to_owned())
        };
        let memory = line("/proc/meminfo", "MemTotal");
        let kibibytes = memory
            .split(' ')
            .next()
            .and_then(|count| count.parse().ok());
        Ok(Self {
            processor: line("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism()?.get(),
            memory_gib: kibibytes.unwrap_or(0_u64) >> 20,
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?
                .trim()
                .to_owned(),
            sync_ms: time_syncs(folder)?,
            postgres,
            commit: commit(),
        })
    }
}

/// What the disk takes to be sure: no durable commit is faster.
fn time_syncs(folder: &Path) -> anyhow::Result<[f64; 2]> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times: Vec<Duration> = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        file.write_all(&[1; 4096])?;
        let began = Instant::now();
        file.sync_data()?;
        times.push(began.elapsed());
    }
    Ok(percentiles(&mut times))
}

fn commit() -> String {
    let output = Command::new("git")
        .args(["describe", "--always", "--dirty"])
        .output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

impl fmt::Display for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p99] = self.sync_ms;
        write!(
            formatter,
            "{} cores of {}, {} GiB, Linux {}; 4 KiB to the disk in {p50:.2} ms (p99 {p99:.2} ms)\n\
             PostgreSQL {}, commit {}",
            self.cores, self.processor, self.memory_gib, self.kernel, self.postgres, self.commit
        )
    }
}
