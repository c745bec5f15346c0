//! Reminders that all fall due at the same moment: how late each is stored as a notification, and
//! how late it is on its user's screen.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use service_kit::{Clock as _, SystemClock};

use super::{Bench, processes, report::RemindersRow};
use crate::{
    caller::Callers,
    load::{fixed_number, per_second},
    measure::say,
    postgres::Session,
    report::Times,
    screens::Screens,
};

/// How many call at once while the reminders are made.
const CALLERS: usize = 32;

/// How often the database is asked whether everything has left the outbox.
const LOOK: Duration = Duration::from_millis(100);

/// How long the last notification may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// How long nothing happens before the moment, at least.
const QUIET: Duration = Duration::from_secs(2);

pub(super) async fn measure(bench: &mut Bench) -> anyhow::Result<()> {
    let Bench { engine, sizes, .. } = &*bench;
    let count = sizes.reminders;
    say(&format!(
        "{count} reminders that fall due at the same moment"
    ));
    let callers = Callers::connect(&engine.services, CALLERS, sizes.users).await?;
    let mut screens = Screens::open(&engine.services, sizes.users).await?;
    let mut session = engine.database.session()?;
    let (due, due_at) = moment(sizes.reminders_in)?;
    fixed_number(CALLERS, u64::try_from(count)?, async |caller| {
        callers
            .next(caller)
            .create_reminding("Water the plants", due_at)
            .await?;
        Ok(())
    })
    .await?;
    while session.ask("SELECT count(*) FROM errand.outbox").await? != "0" {
        tokio::time::sleep(LOOK).await;
    }
    let spare = due.saturating_duration_since(Instant::now());
    ensure!(
        QUIET <= spare,
        "making the reminders took until {spare:?} before they were due"
    );

    let spent_before = processes::look(engine).await?;
    tokio::time::sleep(due.saturating_duration_since(Instant::now())).await;
    let shown = screens.wait_for_notifications(count, PATIENCE).await?;
    let spent = processes::spent(&spent_before, &processes::look(engine).await?);
    let mut late: Vec<Duration> = shown
        .iter()
        .map(|moment| moment.saturating_duration_since(due))
        .collect();
    let (mut stored, reminded) = stored(&mut session, due_at).await?;
    bench.report.reminders = Some(RemindersRow {
        reminders: count,
        notifications: stored.len(),
        reminded,
        per_second: per_second(
            stored.len(),
            stored.iter().max().copied().unwrap_or_default(),
        ),
        stored_ms: Times::of(&mut stored),
        shown: late.len(),
        screen_ms: Times::of(&mut late),
        spent,
    });
    Ok(())
}

/// A moment of both clocks, so far away.
fn moment(away: Duration) -> anyhow::Result<(Instant, Timestamp)> {
    let (now, wall) = (Instant::now(), SystemClock.now());
    Ok((now + away, wall.checked_add(away)?))
}

/// How late each notification was stored, and how many reminders they are of.
async fn stored(session: &mut Session, due: Timestamp) -> anyhow::Result<(Vec<Duration>, usize)> {
    let told = session
        .ask(&format!(
            "SELECT string_agg((extract(epoch FROM created_at - '{due}') * 1000000)::bigint::text, \
             ' '), count(DISTINCT reminder_id) FROM errand.notifications WHERE remind_at = '{due}'"
        ))
        .await?;
    let (late, reminders) = told.split_once('|').context("two columns")?;
    let late = late
        .split(' ')
        .map(|late| anyhow::Ok(Duration::from_micros(late.parse()?)));
    Ok((late.collect::<anyhow::Result<_>>()?, reminders.parse()?))
}
