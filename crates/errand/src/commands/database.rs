//! The database that a command works on: the configured one, else that of the data folder.

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use store::{Store, StoreConfig};

use crate::{cli::InFolder, settings::Settings};

/// Opens the database and makes sure that it has this program's schema.
pub(super) async fn open(folder: &InFolder, settings: &Settings) -> anyhow::Result<Store> {
    let config = place(folder, settings)?;
    let store = Store::connect(&config)
        .await
        .context("cannot open the database")?;
    store.check().await.context("cannot use the database")?;
    Ok(store)
}

/// Where the database is.
pub(super) fn place(folder: &InFolder, settings: &Settings) -> anyhow::Result<StoreConfig> {
    let configured = &settings.kit.database;
    let config = if let Some(url) = &configured.url {
        StoreConfig {
            pooled: configured.pooled,
            ..StoreConfig::new(url.expose_secret())
        }
    } else {
        let folder = super::data_folder(folder, settings)?;
        anyhow::ensure!(
            folder.has_database()?,
            "there is no database in {}: run `errand up` first, or say --data-dir",
            folder.path().display()
        );
        StoreConfig::new(folder.database_url())
    };
    Ok(StoreConfig {
        max_connections: 2,
        ..config
    })
}
