//! `errand restore`: a backup becomes a data folder.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use anyhow::Context as _;
use store::{Store, StoreConfig, StoreError};

use crate::{
    backup_folder::BackupFolder, cli::Restore, data_folder::DataFolder, draft_folder::DraftFolder,
    settings::Settings,
};

/// Fills a data folder from a backup: all of it, or nothing.
pub(super) fn run(options: &Restore, settings: &Settings) -> anyhow::Result<ExitCode> {
    let backup = BackupFolder::open(&options.source)?;
    let folder = super::data_folder(&options.folder, settings)?;
    let draft = DraftFolder::of(folder.path())?;
    backup.copy_into(draft.path())?;
    super::runtime()?
        .block_on(check(&DataFolder::at(draft.path())))
        .context("the backup cannot be used")?;
    let restored = draft.finish()?;
    writeln!(
        io::stdout().lock(),
        "restored to {}: start it with errand up --data-dir {}",
        restored.display(),
        restored.display()
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
