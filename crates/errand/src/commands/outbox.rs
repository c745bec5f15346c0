//! `errand outbox`: events that could not be published.

use std::{
    collections::BTreeSet,
    io::{self, Write as _},
    process::ExitCode,
};

use domain::AppId;
use store::{ParkedRow, Store};

use super::{UsageError, database};
use crate::{
    cli::{InFolder, Outbox, OutboxChoice},
    settings::Settings,
};

/// How many rows are read at once.
const PAGE: u32 = 500;

/// Lists, retries or drops.
pub(super) fn run(command: &Outbox, settings: &Settings) -> anyhow::Result<ExitCode> {
    super::runtime()?.block_on(async {
        match command {
            Outbox::List(folder) => list(folder, settings).await,
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
    }
    for (_, parked) in rows {
        let entry = &parked.row.entry;
        writeln!(
            out,
            "{}  {}  {}  parked {} after {} attempts\n  {}",
            entry.event_id,
            entry.source,
            entry.topic,
            parked.parked_at,
            parked.row.attempts,
            parked.reason
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn settle(
    choice: &OutboxChoice,
    settings: &Settings,
    settlement: Settlement,
) -> anyhow::Result<ExitCode> {
    let store = database::open(&choice.folder, settings).await?;
    let mut wanted: BTreeSet<String> = choice.events.iter().cloned().collect();
    let mut settled = 0_u64;
    for (app, parked) in parked(&store).await? {
        let id = parked.row.entry.event_id.to_string();
        if !choice.all && !wanted.remove(&id) {
            continue;
        }
        let tx = store.begin().await?;
        let position = parked.row.position;
        let done = match settlement {
            Settlement::Retry => tx.outbox_unpark(app, position).await?,
            Settlement::Drop => tx.outbox_drop(app, position).await?,
        };
        tx.commit().await?;
        settled += u64::from(done);
    }
    if let Some(unknown) = wanted.first() {
        return Err(UsageError(format!(
            "no parked event has the id {unknown}: `errand outbox list` shows those there are"
        ))
        .into());
    }
    let what = match settlement {
        Settlement::Retry => "will be tried again",
        Settlement::Drop => "dropped",
    };
    writeln!(io::stdout().lock(), "{settled} {what}")?;
    Ok(ExitCode::SUCCESS)
}

async fn parked(store: &Store) -> anyhow::Result<Vec<(AppId, ParkedRow)>> {
    let read = store.read().await?;
    let mut rows = Vec::new();
    for app in AppId::ALL {
        let mut after = None;
        loop {
            let page = read.outbox_parked(app, after, PAGE).await?;
            after = page.last().map(|parked| parked.row.position);
            rows.extend(page.into_iter().map(|parked| (app, parked)));
            if after.is_none() {
                break;
            }
        }
    }
    Ok(rows)
}
