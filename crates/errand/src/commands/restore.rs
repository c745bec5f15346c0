//! `errand restore`: a backup becomes a data folder.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use anyhow::Context as _;
use store::{Store, StoreConfig};

use crate::{backup_folder::BackupFolder, cli::Restore, settings::Settings};

/// Fills a data folder from a backup.
pub(super) fn run(options: &Restore, settings: &Settings) -> anyhow::Result<ExitCode> {
    let backup = BackupFolder::open(&options.source)?;
    let folder = super::data_folder(&options.folder, settings)?;
    anyhow::ensure!(
        !folder.database().exists() && !folder.engine().exists(),
        "there is data in {} already: name an empty folder with --data-dir",
        folder.path().display()
    );
    let held = folder.hold()?;
    backup.copy_into(held.folder())?;
    super::runtime()?.block_on(async {
        let store = Store::connect(&StoreConfig::new(folder.database_url())).await?;
        let checked = store.check().await;
        store.close().await;
        checked
    })
    .context("the backup was made by another version: `errand up` of this version can only go forward")
    .or_else(pending_is_fine)?;
    writeln!(
        io::stdout().lock(),
        "restored to {}: start it with errand up --data-dir {}",
        folder.path().display(),
        folder.path().display()
    )?;
    Ok(ExitCode::SUCCESS)
}

/// A backup of an older version is brought forward by `errand up`.
fn pending_is_fine(error: anyhow::Error) -> anyhow::Result<()> {
    match error.downcast_ref::<store::StoreError>() {
        Some(store::StoreError::NotMigrated) => Ok(()),
        _ => Err(error),
    }
}
