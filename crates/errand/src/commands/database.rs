//! The database that a command works on: the one that services share, else that of the data folder.

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use service_kit::{SidecarClient, find_secret};
use store::{Store, StoreConfig};

use crate::{cli::InFolder, settings::Settings};

/// Opens the database and makes sure that it has this program's schema.
pub(super) async fn open(folder: &InFolder, settings: &Settings) -> anyhow::Result<Store> {
    connect(&place(folder, settings).await?).await
}

/// Opens the database at this place.
pub(super) async fn connect(place: &StoreConfig) -> anyhow::Result<Store> {
    let store = Store::connect(place)
        .await
        .context("cannot open the database")?;
    store.check().await.context("cannot use the database")?;
    Ok(store)
}

/// Whether services run one by one here, with a database that they share.
pub(super) fn is_shared(settings: &Settings) -> bool {
    settings.kit.database.url.is_some() || settings.kit.secrets.store.is_some()
}

/// Where the database is.
pub(super) async fn place(folder: &InFolder, settings: &Settings) -> anyhow::Result<StoreConfig> {
    let config = if is_shared(settings) {
        shared(settings).await?
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

/// The one that is configured, or that the sidecar's secret store knows.
async fn shared(settings: &Settings) -> anyhow::Result<StoreConfig> {
    let (configured, secrets) = (&settings.kit.database, &settings.kit.secrets);
    let sidecar = SidecarClient::new(&settings.kit.sidecar)?;
    let url = find_secret("DATABASE_URL", configured.url.as_ref(), secrets, &sidecar).await?;
    Ok(StoreConfig {
        pooled: configured.pooled,
        ..StoreConfig::new(url.expose_secret())
    })
}
