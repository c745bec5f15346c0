//! `errand outbox`: events that could not be published.

use std::{
    collections::BTreeSet,
    io::{self, Write as _},
    process::ExitCode,
};

use domain::AppId;
use store::{Parked, ParkedRow, Store};

use super::{UsageError, database, readable};
use crate::{
    cli::{InFolder, Outbox, OutboxChoice},
    settings::Settings,
};

/// How many rows are read at once.
const PAGE: u32 = 500;

/// Lists, shows, retries or drops.
pub(super) fn run(command: &Outbox, settings: &Settings) -> anyhow::Result<ExitCode> {
    super::runtime()?.block_on(async {
        match command {
            Outbox::List(folder) => list(folder, settings).await,
            Outbox::Show(choice) => show(choice, settings).await,
            Outbox::Retry(choice) => settle(choice, settings, Settlement::Retry).await,
            Outbox::Drop(choice) => settle(choice, settings, Settlement::Drop).await,
        }
    })
}

#[derive(Clone, Copy)]
enum Settlement {
    Retry,
    Drop,
}

async fn list(folder: &InFolder, settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = database::open(folder, settings).await?;
    let rows = parked(&store).await?;
    let mut out = io::stdout().lock();
    if rows.is_empty() {
        writeln!(out, "no event is parked")?;
        return Ok(ExitCode::SUCCESS);
    }
    for parked in rows {
        writeln!(out, "{}  {}", parked.source, event(&parked))?;
        writeln!(out, "  topic:    {}", topic(&parked))?;
        match &parked.row {
            Ok(parked) => writeln!(
                out,
                "  user:     {}\n  attempts: {}, the last at {:.0}\n  reason:   {}",
                readable::line(parked.row.entry.user_id.as_str()),
                parked.row.attempts,
                parked.parked_at,
                readable::line(&parked.reason)
            )?,
            Err(error) => writeln!(out, "  error:    {}", readable::error(error))?,
        }
    }
    writeln!(
        out,
        "\nWhat the same user did later waits behind it.\n\
         Next: errand outbox show, retry or drop, with EVENT_ID or --all."
    )?;
    Ok(ExitCode::SUCCESS)
}

async fn show(choice: &OutboxChoice, settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = database::open(&choice.folder, settings).await?;
    let mut out = io::stdout().lock();
    for (index, parked) in chosen(&store, choice).await?.iter().enumerate() {
        if 0 < index {
            writeln!(out)?;
        }
        writeln!(out, "service:  {}", parked.source)?;
        writeln!(out, "event:    {}", event(parked))?;
        writeln!(out, "topic:    {}", topic(parked))?;
        match &parked.row {
            Ok(ParkedRow {
                row,
                parked_at,
                reason,
            }) => {
                let user = readable::line(row.entry.user_id.as_str());
                writeln!(out, "user:     {user}")?;
                writeln!(out, "happened: {:.0}", row.entry.occurred_at)?;
                writeln!(out, "attempts: {}", row.attempts)?;
                writeln!(out, "parked:   {parked_at:.0}")?;
                writeln!(out, "reason:   {}", readable::line(reason))?;
                writeln!(out, "{}", readable::payload(row.entry.data.as_bytes()))?;
            }
            Err(error) => writeln!(out, "error:    {}", readable::error(error))?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn settle(
    choice: &OutboxChoice,
    settings: &Settings,
    settlement: Settlement,
) -> anyhow::Result<ExitCode> {
    let store = database::open(&choice.folder, settings).await?;
    let mut settled = 0_u64;
    for parked in chosen(&store, choice).await? {
        let (source, position) = (parked.source, parked.position);
        let tx = store.begin().await?;
        let done = match settlement {
            Settlement::Retry => tx.outbox_unpark(source, position).await?,
            Settlement::Drop => tx.outbox_drop(source, position).await?,
        };
        tx.commit().await?;
        settled += u64::from(done);
    }
    let what = match settlement {
        Settlement::Retry => "will be tried again",
        Settlement::Drop => "dropped",
    };
    writeln!(io::stdout().lock(), "{settled} {what}")?;
    Ok(ExitCode::SUCCESS)
}

/// All that are meant: an id that is not there fails before anything is done.
async fn chosen(store: &Store, choice: &OutboxChoice) -> anyhow::Result<Vec<Parked>> {
    let mut rows = parked(store).await?;
    if choice.all {
        return Ok(rows);
    }
    let mut wanted: BTreeSet<&str> = choice.events.iter().map(String::as_str).collect();
    rows.retain(|parked| {
        let event_id = parked.event_id.map(|id| id.to_string());
        event_id.is_some_and(|id| wanted.remove(id.as_str()))
    });
    if let Some(unknown) = wanted.first() {
        return Err(UsageError(format!(
            "no parked event has the id {unknown}: `errand outbox list` shows those there are"
        ))
        .into());
    }
    Ok(rows)
}

async fn parked(store: &Store) -> anyhow::Result<Vec<Parked>> {
    let read = store.read().await?;
    let mut rows = Vec::new();
    for app in AppId::ALL {
        let mut after = None;
        loop {
            let page = read.outbox_parked(app, after, PAGE).await?;
            after = page.last().map(|parked| parked.position);
            rows.extend(page);
            if after.is_none() {
                break;
            }
        }
    }
    Ok(rows)
}

fn event(parked: &Parked) -> String {
    let event_id = parked.event_id.map(|id| id.to_string());
    event_id.unwrap_or_else(|| "an id that cannot be read: only --all means it".into())
}

fn topic(parked: &Parked) -> String {
    readable::line(parked.topic.as_deref().unwrap_or("not known"))
}
