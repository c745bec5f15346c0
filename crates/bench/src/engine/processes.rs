//! What the processes of the engine hold in memory, and what they have spent of the processors.

use std::{collections::BTreeMap, fs, time::Duration};

use anyhow::Context as _;
use serde::Serialize;

use super::commands::Engine;

/// How many ticks of a processor's clock Linux tells a second as.
const TICKS: u32 = 100;

/// What a process holds and has spent, its children included.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Used {
    /// Its resident set, in bytes.
    pub(super) resident: u64,
    /// The same, but of each page that several processes have its share alone: such shares can be
    /// added up.
    pub(super) proportional: u64,
    /// The time that it has had a processor for.
    pub(super) processor: Duration,
}

/// What each process has used, by its name.
pub(super) type AllUsed = BTreeMap<String, Used>;

/// The time that each process has had a processor for, by its name.
pub(super) type Spent = BTreeMap<String, Duration>;

/// Looks at every process of the engine.
pub(super) async fn look(engine: &Engine) -> anyhow::Result<AllUsed> {
    let processes = engine.processes().await?;
    let used = processes.into_iter().map(|(name, process)| {
        let mut used = Used::default();
        for process in with_children(process)? {
            // A connection may have ended since.
            if let Ok(rollup) = fs::read_to_string(format!("/proc/{process}/smaps_rollup")) {
                used.resident += bytes(&rollup, "Rss:")?;
                used.proportional += bytes(&rollup, "Pss:")?;
                used.processor += processor(process)?;
            }
        }
        Ok((name, used))
    });
    used.collect()
}

/// What was spent between two looks. A process that is new has spent all it has.
pub(super) fn spent(before: &AllUsed, after: &AllUsed) -> Spent {
    let spent = after.iter().map(|(name, after)| {
        let before = before.get(name).copied().unwrap_or_default();
        let spent = after.processor.saturating_sub(before.processor);
        (name.clone(), spent)
    });
    spent.collect()
}

/// PostgreSQL is a process for each connection.
fn with_children(process: u32) -> anyhow::Result<Vec<u32>> {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"))?;
    let children = children.split_whitespace().map(str::parse);
    let children: Vec<u32> = children.collect::<Result<_, _>>()?;
    Ok([vec![process], children].concat())
}

fn bytes(rollup: &str, name: &str) -> anyhow::Result<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.split_whitespace().next());
    let kibibytes: u64 = kibibytes.context("no such line")?.parse()?;
    Ok(kibibytes * 1024)
}

/// Its own time and that of its children that have ended: the 14th to 17th field of proc(5)'s stat.
fn processor(process: u32) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(") ").context("a name in brackets")?;
    let ticks = fields.split(' ').skip(11).take(4).map(str::parse::<u32>);
    let ticks = ticks.sum::<Result<u32, _>>()?;
    Ok(Duration::from_secs(1) * ticks / TICKS)
}
