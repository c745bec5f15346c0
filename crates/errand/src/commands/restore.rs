//! `errand restore`: a backup becomes a data folder.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use store::{Store, StoreConfig, StoreError};

use crate::{
    backup_folder::BackupFolder, cli::Restore, data_folder::DataFolder, settings::Settings,
};

/// Fills a data folder from a backup.
pub(super) fn run(options: &Restore, settings: &Settings) -> anyhow::Result<ExitCode> {
    let backup = BackupFolder::open(&options.source)?;
    let folder = super::data_folder(&options.folder, settings)?;
    let held = folder.hold()?;
    anyhow::ensure!(
        folder.is_unused()?,
        "there is data in {} already: name an empty folder with --data-dir",
        folder.path().display()
    );
    backup.copy_into(held.folder())?;
    if let Err(error) = super::runtime()?.block_on(check(&folder)) {
        // What cannot be started must not be in the way of what can.
        backup.remove_from(held.folder())?;
        return Err(error.context("the backup cannot be used"));
    }
    writeln!(
        io::stdout().lock(),
        "restored to {}: start it with errand up --data-dir {}",
        folder.path().display(),
        folder.path().display()
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Whether this version can work on the database. One of an older version is brought forward by
/// `errand up`.
async fn check(folder: &DataFolder) -> anyhow::Result<()> {
    let store = Store::connect(&StoreConfig::new(folder.database_url())).await?;
    let checked = store.check().await;
    store.close().await;
    match checked {
        Err(StoreError::NotMigrated) => Ok(()),
        checked => Ok(checked?),
    }
}
