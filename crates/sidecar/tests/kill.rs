//! What was acknowledged survives SIGKILL: a child publishes and saves, is killed again and again,
//! and everything in its journal is delivered and read afterwards.
//!
//! The child is this same program, so the test brings its own `main`.

#[path = "kill/consumer.rs"]
mod consumer;
#[path = "kill/publisher.rs"]
mod publisher;

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

/// How often the child is killed.
const KILLS: usize = 12;

type Test = fn() -> Result<()>;

/// The tests, by name.
const TESTS: [(&str, Test); 2] = [
    (
        "what_was_acknowledged_survives_sigkill",
        what_was_acknowledged_survives_sigkill,
    ),
    ("a_folder_has_one_engine", a_folder_has_one_engine),
];

/// The argument that makes this program the child.
const CHILD: &str = "publish-until-killed";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [child, folder, journal, run] = arguments.as_slice()
        && child == CHILD
    {
        return runtime()?.block_on(publisher::run(folder.as_ref(), journal.as_ref(), run));
    }
    // Cargo hands every test program the names that it was asked for.
    let filters: Vec<_> = arguments
        .iter()
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let mut out = std::io::stdout();
    for (name, test) in TESTS {
        if filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str())) {
            test().with_context(|| format!("test {name} ... FAILED"))?;
            writeln!(out, "test {name} ... ok")?;
        }
    }
    Ok(())
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}

fn what_was_acknowledged_survives_sigkill() -> Result<()> {
    let folder = TempDir::new()?;
    let engine = folder.path().join("engine");
    let journal = folder.path().join("journal");
    let mut acknowledged = 0;
    for run in 0..KILLS {
        let mut child = publisher(&engine, &journal, run)?;
        // Each run gets further than the one before, by another number, so that the kills fall
        // into different moments.
        let wanted = acknowledged + 20 + run * 37;
        let outcome = until_journal_has(&journal, wanted, &mut child);
        child.kill()?;
        child.wait()?;
        outcome?;
        acknowledged = lines(&journal)?.len();
    }

    let expected = lines(&journal)?;
    let runtime = runtime()?;
    let found = runtime.block_on(consumer::everything(&engine, &expected))?;
    let lost: Vec<_> = expected.difference(&found.delivered).collect();
    ensure!(
        lost.is_empty(),
        "of {} acknowledged events these were lost: {lost:?}",
        expected.len()
    );
    let lost: Vec<_> = expected.difference(&found.saved).collect();
    ensure!(
        lost.is_empty(),
        "of {} saved values these were lost: {lost:?}",
        expected.len()
    );
    ensure!(
        found.in_order,
        "offsets of a partition have a gap or a repeat"
    );
    Ok(())
}

fn a_folder_has_one_engine() -> Result<()> {
    let folder = TempDir::new()?;
    let engine = folder.path().join("engine");
    let journal = folder.path().join("journal");
    let mut child = publisher(&engine, &journal, 0)?;
    let outcome = until_journal_has(&journal, 1, &mut child);
    let runtime = runtime()?;
    let refused = runtime.block_on(sidecar::Engine::open(sidecar::EngineConfig::new(&engine)));
    let pid = child.id();
    child.kill()?;
    child.wait()?;
    outcome?;
    let message = refused.err().context("the folder is held")?.to_string();
    let expected = format!(
        "the data folder {} is held by another process (pid {pid})",
        engine.display()
    );
    ensure!(message == expected, "{message}");
    // The lock has gone with its process.
    runtime.block_on(async {
        sidecar::Engine::open(sidecar::EngineConfig::new(&engine))
            .await?
            .close()
            .await;
        Ok(())
    })
}

fn publisher(engine: &Path, journal: &Path, run: usize) -> Result<Child> {
    Command::new(std::env::current_exe()?)
        .arg(CHILD)
        .arg(engine)
        .arg(journal)
        .arg(run.to_string())
        .stdin(Stdio::null())
        .spawn()
        .context("the publisher starts")
}

fn until_journal_has(journal: &Path, wanted: usize, child: &mut Child) -> Result<()> {
    let start = Instant::now();
    while lines(journal)?.len() < wanted {
        ensure!(
            start.elapsed() < Duration::from_mins(1),
            "the publisher is stuck"
        );
        if let Some(status) = child.try_wait()? {
            anyhow::bail!("the publisher ended by itself: {status}");
        }
        // Looks again soon, without taking a whole processor from the publisher.
        std::thread::park_timeout(Duration::from_millis(2));
    }
    Ok(())
}

/// The complete lines of the journal.
fn lines(journal: &Path) -> Result<BTreeSet<String>> {
    if !journal.exists() {
        return Ok(BTreeSet::new());
    }
    let text = fs::read_to_string(journal)?;
    let complete = text
        .rsplit_once('\n')
        .map(|(complete, _)| complete)
        .unwrap_or_default();
    Ok(complete.lines().map(str::to_owned).collect())
}
