//! `errand dlq`: events that a service could not handle.

use std::{
    collections::BTreeSet,
    io::{self, Write as _},
    process::ExitCode,
};

use domain::AppId;
use service_kit::{
    Consumer, Ids, Kit, Lifecycle, OutboxSignal, Parts, Resources, Seal, SidecarClient, SystemClock,
};
use store::{DeadLetter, Store};

use super::{UsageError, database, readable};
use crate::{
    cli::{DeadLetterChoice, DeadLetterList, DeadLetters},
    secret, services,
    settings::Settings,
};

/// How many dead letters are read at once.
const PAGE: u32 = 200;

/// Lists, shows, replays or drops.
pub(super) fn run(command: &DeadLetters, settings: &Settings) -> anyhow::Result<ExitCode> {
    super::runtime()?.block_on(async {
        match command {
            DeadLetters::List(options) => list(options, settings).await,
            DeadLetters::Show(choice) => show(choice, settings).await,
            DeadLetters::Replay(choice) => replay(choice, settings).await,
            DeadLetters::Drop(choice) => drop_them(choice, settings).await,
        }
    })
}

async fn list(options: &DeadLetterList, settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = database::open(&options.folder, settings).await?;
    let read = store.read().await?;
    // One more than asked for tells whether there are more.
    let mut letters = read
        .dead_letter_list(options.service, None, options.limit + 1)
        .await?;
    let limit = usize::try_from(options.limit)?;
    let has_more = limit < letters.len();
    letters.truncate(limit);

    let mut out = io::stdout().lock();
    if letters.is_empty() {
        writeln!(out, "no dead letters")?;
        return Ok(ExitCode::SUCCESS);
    }
    for letter in &letters {
        writeln!(
            out,
            "{}  {}\n  topic:    {}\n  attempts: {}, the last at {:.0}\n  reason:   {}",
            letter.consumer,
            readable::line(&letter.event_id),
            readable::line(&letter.topic),
            letter.attempts,
            letter.last_at,
            readable::line(&letter.reason)
        )?;
    }
    if has_more {
        writeln!(out, "\nThere are more: --limit shows them.")?;
    }
    writeln!(
        out,
        "\nNext: errand dlq show, replay or drop, with --service SERVICE and EVENT_ID or --all."
    )?;
    Ok(ExitCode::SUCCESS)
}

async fn show(choice: &DeadLetterChoice, settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = database::open(&choice.folder, settings).await?;
    let mut out = io::stdout().lock();
    for (index, letter) in chosen(&store, choice).await?.iter().enumerate() {
        if 0 < index {
            writeln!(out)?;
        }
        let user = letter.user_id.as_deref().unwrap_or("not known");
        writeln!(out, "service:  {}", letter.consumer)?;
        writeln!(out, "event:    {}", readable::line(&letter.event_id))?;
        writeln!(out, "topic:    {}", readable::line(&letter.topic))?;
        writeln!(out, "user:     {}", readable::line(user))?;
        writeln!(out, "attempts: {}", letter.attempts)?;
        writeln!(out, "first:    {:.0}", letter.first_at)?;
        writeln!(out, "last:     {:.0}", letter.last_at)?;
        writeln!(out, "reason:   {}", readable::line(&letter.reason))?;
        writeln!(out, "{}", readable::payload(&letter.payload))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Hands dead letters to their service's own handler, in this process: no other consumer sees them,
/// and what the handler publishes leaves by the outbox as ever.
async fn replay(choice: &DeadLetterChoice, settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = database::open(&choice.folder, settings).await?;
    let letters = chosen(&store, choice).await?;
    let consumer = consumer(choice.service, &store, settings)?;
    let (mut replayed, mut failed) = (0_u64, 0_u64);
    for letter in letters {
        let Err(error) = consumer.replay(&letter).await else {
            forget(&store, &letter).await?;
            replayed += 1;
            continue;
        };
        failed += 1;
        consumer.replay_failed(&letter, &error).await?;
        let (event, error) = (readable::line(&letter.event_id), anyhow::Error::from(error));
        let error = readable::line(&format!("{error:#}"));
        writeln!(io::stderr().lock(), "errand: {event} stays: {error}")?;
    }
    writeln!(io::stdout().lock(), "{replayed} replayed, {failed} failed")?;
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn drop_them(choice: &DeadLetterChoice, settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = database::open(&choice.folder, settings).await?;
    let letters = chosen(&store, choice).await?;
    for letter in &letters {
        forget(&store, letter).await?;
    }
    writeln!(io::stdout().lock(), "{} dropped", letters.len())?;
    Ok(ExitCode::SUCCESS)
}

async fn forget(store: &Store, letter: &DeadLetter) -> anyhow::Result<()> {
    let tx = store.begin().await?;
    tx.dead_letter_delete(letter.consumer, &letter.event_id)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// All that are meant, each once: an id that is not there fails before anything is done.
async fn chosen(store: &Store, choice: &DeadLetterChoice) -> anyhow::Result<Vec<DeadLetter>> {
    let read = store.read().await?;
    let mut letters = Vec::new();
    if choice.all {
        let mut after = None;
        loop {
            let page = read
                .dead_letter_list(Some(choice.service), after.as_ref(), PAGE)
                .await?;
            after = page.last().map(DeadLetter::position);
            letters.extend(page);
            if after.is_none() {
                return Ok(letters);
            }
        }
    }
    for event in choice.events.iter().collect::<BTreeSet<_>>() {
        let letter = read.dead_letter_get(choice.service, event).await?;
        letters.push(letter.ok_or_else(|| {
            UsageError(format!(
                "{} has no dead letter {event}: `errand dlq list` shows those there are",
                choice.service
            ))
        })?);
    }
    Ok(letters)
}

/// The service's handlers, on the database and without a sidecar: what was handled before is known
/// by its natural key.
fn consumer(app: AppId, store: &Store, settings: &Settings) -> anyhow::Result<Consumer> {
    let clock = SystemClock::shared();
    let seal = Seal::new(&secret::random()?, None);
    let kit = Kit::new(Parts {
        app,
        config: settings.kit.clone(),
        ids: Ids::new(clock.clone()),
        clock,
        resources: Resources::ready(store.clone(), seal),
        sidecar: SidecarClient::new(&settings.kit.sidecar)?,
        lifecycle: Lifecycle::new(),
        signal: OutboxSignal::new(),
    });
    let service = services::service(&kit, settings);
    Ok(Consumer::new(kit, &service))
}
