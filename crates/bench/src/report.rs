//! What is printed, and what is kept as JSON.

use std::{
    io::{self, Write as _},
    time::Duration,
};

use serde::Serialize;

use crate::{load::Outcome, machine::Machine};

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Where.
    pub(crate) machine: Machine,
    /// Loads beside their references.
    pub(crate) loads: Vec<LoadRow>,
    /// From a create to its frame.
    pub(crate) frames: Vec<FrameRow>,
    /// Everything running.
    pub(crate) systems: Vec<SystemRow>,
}

/// A load on Errand, and the same on its database.
#[derive(Debug, Serialize)]
pub(crate) struct LoadRow {
    /// What was called.
    pub(crate) what: String,
    /// The database beneath.
    pub(crate) database: &'static str,
    /// How many called at once.
    pub(crate) callers: usize,
    /// Errand, called by gRPC.
    pub(crate) errand: Load,
    /// The same statements without Errand.
    pub(crate) reference: Load,
}

/// A load, over all turns.
#[derive(Debug, Serialize)]
pub(crate) struct Load {
    /// Calls a second: the median of the turns, the least, the most.
    pub(crate) per_second: [f64; 3],
    /// Half of all calls took no longer.
    pub(crate) p50_ms: f64,
    /// All but a hundredth of the calls took no longer.
    pub(crate) p99_ms: f64,
}

/// From a create to its frame on an open stream.
#[derive(Debug, Serialize)]
pub(crate) struct FrameRow {
    /// The database beneath.
    pub(crate) database: &'static str,
    /// How many were timed, one at a time.
    pub(crate) creates: usize,
    /// Until the create was answered: its median, and what all but a hundredth took at most.
    pub(crate) answer_ms: [f64; 2],
    /// Until the frame was there, from the same moment.
    pub(crate) frame_ms: [f64; 2],
}

/// The whole system in one process.
#[derive(Debug, Serialize)]
pub(crate) struct SystemRow {
    /// The database beneath.
    pub(crate) database: &'static str,
    /// How many tasks were created.
    pub(crate) tasks: u64,
    /// How many called at once.
    pub(crate) callers: usize,
    /// Creates a second, everything else running.
    pub(crate) create: Load,
    /// Events a second from the first create to the last audit row.
    pub(crate) audited_per_second: f64,
    /// How long after the last answer the last event was audited.
    pub(crate) audited_after_ms: f64,
    /// Resident memory when ready, after all tasks, and at most, in MiB.
    pub(crate) memory_mib: [f64; 3],
}

/// How long something took, each time, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Times {
    /// Half of them took no longer.
    pub(crate) p50: f64,
    /// All but a hundredth of them took no longer.
    pub(crate) p99: f64,
    /// The most.
    pub(crate) most: f64,
}

impl Times {
    /// Of so many times.
    pub(crate) fn of(times: &mut [Duration]) -> Self {
        let [p50, p99] = percentiles(times);
        Self {
            p50,
            p99,
            most: times.last().copied().map_or(f64::NAN, milliseconds),
        }
    }
}

impl Load {
    /// Takes the turns together.
    pub(crate) fn of(turns: &[Outcome]) -> Self {
        let mut rates: Vec<f64> = turns.iter().map(Outcome::rate).collect();
        rates.sort_by(f64::total_cmp);
        let mut latencies: Vec<Duration> = turns
            .iter()
            .flat_map(|turn| turn.latencies.iter().copied())
            .collect();
        let [p50_ms, p99_ms] = percentiles(&mut latencies);
        Self {
            per_second: [
                rates.get(rates.len() / 2).copied().unwrap_or_default(),
                rates.first().copied().unwrap_or_default(),
                rates.last().copied().unwrap_or_default(),
            ],
            p50_ms,
            p99_ms,
        }
    }
}

/// The median and the 99th percentile, in milliseconds.
pub(crate) fn percentiles(times: &mut [Duration]) -> [f64; 2] {
    times.sort_unstable();
    [50, 99].map(|percent| {
        let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(at).copied().map_or(f64::NAN, milliseconds)
    })
}

/// A time in milliseconds.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Bytes in MiB.
#[expect(
    clippy::cast_precision_loss,
    reason = "a process has far less than 2^52 bytes"
)]
pub(crate) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

impl Report {
    /// Prints it for people.
    pub(crate) fn print(&self) -> io::Result<()> {
        let out = &mut io::stdout().lock();
        writeln!(out, "\n{}", self.machine)?;
        if !self.loads.is_empty() {
            writeln!(
                out,
                "\nA second, in the median (least–most) of the turns. Beside it: the same statements by\n\
                 pgbench, or by a loop over SQLite's library on as many threads as SQLite lets work.\n\n\
                 {:<26}{:<12}{:>7}  {:<24}{:>8}{:>9}  {:<24}{:>8}{:>9}{:>6}",
                "",
                "",
                "callers",
                "Errand",
                "p50 ms",
                "p99 ms",
                "reference",
                "p50 ms",
                "p99 ms",
                ""
            )?;
        }
        for row in &self.loads {
            let share = 100.0 * row.errand.per_second[0] / row.reference.per_second[0];
            writeln!(
                out,
                "{:<26}{:<12}{:>7}  {}  {}{share:>5.0}%",
                row.what,
                row.database,
                row.callers,
                columns(&row.errand),
                columns(&row.reference),
            )?;
        }
        for row in &self.frames {
            let ([answer, slow_answer], [frame, slow_frame]) = (row.answer_ms, row.frame_ms);
            writeln!(
                out,
                "\nFrom a create to its frame on a stream, {}, {} creates one at a time:\n  \
                 answered p50 {answer:.2} ms, p99 {slow_answer:.2} ms; \
                 on the screen p50 {frame:.2} ms, p99 {slow_frame:.2} ms",
                row.database, row.creates
            )?;
        }
        for row in &self.systems {
            let [idle, after, peak] = row.memory_mib;
            writeln!(
                out,
                "\nThe whole system in one process, {}, {} tasks by {} callers:\n  \
                 {:.0} creates/s, p50 {:.1} ms, p99 {:.1} ms; {:.0} events/s to the audit log, \
                 the last one {:.0} ms after the last answer\n  \
                 memory {idle:.0} MiB when ready, {after:.0} MiB afterwards, {peak:.0} MiB at most",
                row.database,
                row.tasks,
                row.callers,
                row.create.per_second[0],
                row.create.p50_ms,
                row.create.p99_ms,
                row.audited_per_second,
                row.audited_after_ms,
            )?;
        }
        Ok(())
    }
}

fn columns(load: &Load) -> String {
    let [median, least, most] = load.per_second;
    let rate = format!("{median:.0} ({least:.0}–{most:.0})");
    format!("{rate:<24}{:>8.2}{:>9.2}", load.p50_ms, load.p99_ms)
}
