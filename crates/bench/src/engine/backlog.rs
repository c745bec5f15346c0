//! Events that wait in the outbox while the sidecar is away: how fast they go from there through
//! Kafka to the audit log when it is back, with the state keys that the services keep of events that
//! they have handled, and without.
//!
//! Without them means that the state store is not there: the services are told to use one that their
//! sidecars do not have, ask it in vain once in five seconds, and go on. The audit log is as right
//! then, since its own keys decide; the state keys only save work when events come again.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use futures::future::{try_join, try_join_all};

use super::{Bench, commands::Engine, processes, report::BacklogRow};
use crate::{
    caller::Callers,
    load::{fixed_number, per_second},
    measure::say,
    postgres::Session,
    report::milliseconds,
};

/// How many call at once while the events are made.
const CALLERS: usize = 64;

/// How often the database is asked how far it has come.
const LOOK: Duration = Duration::from_millis(100);

/// How long the last event may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// A setting that takes the state store away.
pub(super) const WITHOUT_STATE_KEYS: (&str, &str) = ("ERRAND_SIDECAR_STATE_STORE", "not-there");

/// How far it has come, at a price that does not grow with what waits: the first event in the
/// outbox, and how many are in the audit log. Events of a user come in their order, so the number of
/// the last is how many there are.
const PROGRESS: &str = "SELECT (SELECT min(position) FROM errand.outbox), \
    (SELECT coalesce(sum((SELECT max(sequence) FROM errand.audit_logs AS l \
       WHERE l.user_id = a.user_id)), 0) FROM errand.accounts AS a)";

/// When it had come how far.
struct Drained {
    /// The last time that all events were in the outbox.
    begun: Instant,
    /// The last one was.
    published: Instant,
    /// The last one was in the audit log.
    audited: Instant,
}

/// On an engine on which nothing has happened yet.
pub(super) async fn measure(bench: &mut Bench, state_keys: bool) -> anyhow::Result<()> {
    let Bench { engine, sizes, .. } = &*bench;
    let creates = sizes.backlog;
    let with = if state_keys { "with" } else { "without" };
    say(&format!(
        "{creates} creates while backend-api's sidecar is away, {with} state keys"
    ));
    let sidecars = sidecars(engine).await?;
    for sidecar in &sidecars {
        engine.stop(sidecar).await?;
    }
    let callers = Callers::connect(&engine.services, CALLERS, sizes.users).await?;
    let made = fixed_number(CALLERS, u64::try_from(creates)?, async |caller| {
        callers.next(caller).create("Water the plants").await?;
        Ok(())
    })
    .await?;
    let mut session = engine.database.session()?;
    holds(&mut session, "outbox", 2 * creates).await?;
    holds(&mut session, "audit_logs", 0).await?;

    say("the events go to the audit log");
    let before = processes::look(engine).await?;
    let back = Instant::now();
    // The command returns when a sidecar has run for a while.
    let start = try_join_all(sidecars.iter().map(|sidecar| engine.start(sidecar)));
    let (_, drained) = try_join(start, drained(&mut session, creates)).await?;
    let spent = processes::spent(&before, &processes::look(engine).await?);
    // What the last number of each user promises.
    holds(&mut session, "audit_logs", creates).await?;
    let Drained {
        begun,
        published,
        audited,
    } = drained;
    bench.report.backlogs.push(BacklogRow {
        state_keys,
        creates,
        made_per_second: made.rate(),
        first_after_ms: milliseconds(begun - back),
        published_per_second: per_second(2 * creates, published - begun),
        audited_per_second: per_second(creates, audited - begun),
        spent,
    });
    Ok(())
}

/// Waits until nothing is in the outbox and everything in the audit log.
async fn drained(session: &mut Session, creates: usize) -> anyhow::Result<Drained> {
    let until = Instant::now() + PATIENCE;
    let mut begun = Instant::now();
    let (first, _) = progress(session).await?;
    let (mut published, mut audited) = (None, None);
    loop {
        let at = Instant::now();
        let (waiting, in_log) = progress(session).await?;
        if waiting == first {
            begun = at;
        }
        if waiting.is_none() {
            published.get_or_insert(at);
        }
        if creates <= in_log {
            audited.get_or_insert(at);
        }
        if let (Some(published), Some(audited)) = (published, audited) {
            return Ok(Drained {
                begun,
                published,
                audited,
            });
        }
        ensure!(
            at < until,
            "only {in_log} of {creates} events are in the audit log"
        );
        tokio::time::sleep(LOOK).await;
    }
}

async fn progress(session: &mut Session) -> anyhow::Result<(Option<i64>, usize)> {
    let answer = session.ask(PROGRESS).await?;
    let (waiting, in_log) = answer.split_once('|').context("two columns")?;
    let waiting = (!waiting.is_empty()).then(|| waiting.parse());
    Ok((waiting.transpose()?, in_log.parse()?))
}

async fn holds(session: &mut Session, table: &str, rows: usize) -> anyhow::Result<()> {
    let found = session
        .ask(&format!("SELECT count(*) FROM errand.{table}"))
        .await?;
    ensure!(
        found.parse() == Ok(rows),
        "{found} rows are in {table}, and not {rows}"
    );
    Ok(())
}

async fn sidecars(engine: &Engine) -> anyhow::Result<Vec<String>> {
    let processes = engine.processes().await?.into_keys();
    let sidecars =
        processes.filter(|name| name.starts_with("backend-api-") && name.ends_with("-sidecar"));
    Ok(sidecars.collect())
}
