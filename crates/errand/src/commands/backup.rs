//! `errand backup`: a copy of the data folder, made while Errand runs or does not.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use anyhow::Context as _;
use service_kit::{Clock as _, SystemClock};
use store::{Store, StoreConfig};

use crate::{backup_folder::NewBackup, cli::Backup, data_folder::DataFolder, settings::Settings};

/// Copies the data folder.
pub(super) fn run(options: &Backup, settings: &Settings) -> anyhow::Result<ExitCode> {
    let folder = super::data_folder(&options.folder, settings)?;
    anyhow::ensure!(
        folder.has_database()?,
        "there is nothing to copy in {}: say --data-dir",
        folder.path().display()
    );
    let target = NewBackup::begin(&options.target)?;
    super::runtime()?.block_on(copy(&folder, &target))?;
    let target = target.finish(&SystemClock.now().to_string())?;
    writeln!(io::stdout().lock(), "copied to {}", target.display())?;
    Ok(ExitCode::SUCCESS)
}

/// Copies the engine's files and then the database, while nobody can commit to the database.
///
/// That order and that lock are what makes the copy whole: an event whose change is not in the copy
/// cannot be in the engine's, since no change commits in between; and where a consumer stands in
/// the copy, its effects are in the database, since they were committed before.
async fn copy(folder: &DataFolder, target: &NewBackup) -> anyhow::Result<()> {
    let store = Store::connect(&StoreConfig::new(folder.database_url()))
        .await
        .context("cannot open the database")?;
    let hold = store
        .begin()
        .await
        .context("cannot hold the database still")?;
    let (engine, copied) = (folder.engine(), target.engine());
    tokio::task::spawn_blocking(move || sidecar::copy_files(&engine, &copied))
        .await?
        .context("cannot copy the engine's files")?;
    store
        .copy_to(&target.database())
        .await
        .context("cannot copy the database")?;
    // Whoever owns something in the copy signed up before, and is in this one, which is made later.
    copy_web_database(folder, target)
        .await
        .context("cannot copy the web app's database")?;
    drop(hold);
    store.close().await;
    target.keep_secret(folder)?;
    Ok(())
}

/// Copies the database of the web app, if there is one. It may run, in a process of its own.
async fn copy_web_database(folder: &DataFolder, target: &NewBackup) -> anyhow::Result<()> {
    let database = folder.web_database();
    if database.try_exists()? {
        store::copy_sqlite(&database, &target.web_database()).await?;
    }
    Ok(())
}
