//! Finds the secrets and the database, however long that takes.

use std::{error::Error, time::Duration};

use domain::AppId;
use secrecy::ExposeSecret as _;
use store::{DatabaseUrl, Store, StoreConfig, StoreError};

use crate::{
    config::Config,
    lifecycle::Lifecycle,
    resources::Resources,
    seal::{SECRET_MINIMUM, Seal},
    secrets::{SecretError, find_secret},
    sidecar_client::SidecarClient,
};

/// The pauses between attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What no waiting will mend.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nobody says where a secret is.
    #[error(transparent)]
    Secret(SecretError),
    /// The secret from the store is too short.
    #[error("{name} must have at least {SECRET_MINIMUM} bytes")]
    TooShort {
        /// The secret's name.
        name: &'static str,
    },
    /// The database is not one that this program can use.
    #[error("the database cannot be used")]
    Database(#[source] StoreError),
}

/// Why an attempt failed that may succeed later.
#[derive(Debug, thiserror::Error)]
enum NotYet {
    #[error(transparent)]
    Secret(SecretError),
    #[error("the database is away")]
    Database(#[source] StoreError),
}

enum Problem {
    Later(NotYet),
    Never(OpenError),
}

/// Finds the secrets and opens the database, trying until both are there or the drain begins. The
/// error is one that no waiting will mend: the caller ends the process with it.
pub async fn open_resources(
    config: &Config,
    app: AppId,
    sidecar: &SidecarClient,
    resources: &Resources,
    lifecycle: &Lifecycle,
) -> Result<(), OpenError> {
    let mut pause = FIRST_PAUSE;
    let mut told = String::new();
    while !resources.are_ready() {
        match open_once(config, sidecar, resources).await {
            Ok(()) => tracing::info!(service = %app, "secrets and database are there"),
            Err(Problem::Never(error)) => return Err(error),
            Err(Problem::Later(not_yet)) => {
                let text = not_yet.to_string();
                if text != told {
                    tracing::warn!(service = %app, error = &not_yet as &dyn Error, "waiting");
                    told = text;
                }
                tokio::select! {
                    () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
                    () = lifecycle.draining() => return Ok(()),
                }
            }
        }
    }
    Ok(())
}

async fn open_once(
    config: &Config,
    sidecar: &SidecarClient,
    resources: &Resources,
) -> Result<(), Problem> {
    if resources.seal().is_none() {
        resources.provide_seal(find_seal(config, sidecar).await?);
    }
    if resources.store().is_none() {
        resources.provide_store(open_store(config, sidecar).await?);
    }
    Ok(())
}

async fn find_seal(config: &Config, sidecar: &SidecarClient) -> Result<Seal, Problem> {
    let secrets = &config.secrets;
    let current = find_secret("ERRAND_SECRET", secrets.current.as_ref(), secrets, sidecar).await?;
    if current.expose_secret().len() < SECRET_MINIMUM {
        return Err(Problem::Never(OpenError::TooShort {
            name: "ERRAND_SECRET",
        }));
    }
    Ok(Seal::new(&current, secrets.previous.as_ref()))
}

async fn open_store(config: &Config, sidecar: &SidecarClient) -> Result<Store, Problem> {
    let database = &config.database;
    let given = database.url.as_ref();
    let url = find_secret("DATABASE_URL", given, &config.secrets, sidecar).await?;
    let options = StoreConfig {
        direct_url: database
            .direct_url
            .as_ref()
            .map(|url| DatabaseUrl::from(url.expose_secret())),
        max_connections: database.max_connections,
        pooled: database.pooled,
        acquire_timeout: database.acquire_timeout,
        ..StoreConfig::new(url.expose_secret())
    };
    let opened = async {
        let store = Store::connect(&options).await?;
        store.check().await?;
        Ok(store)
    };
    opened.await.map_err(|error: StoreError| match error {
        error @ (StoreError::Unavailable { .. } | StoreError::NotMigrated) => {
            Problem::Later(NotYet::Database(error))
        }
        error => Problem::Never(OpenError::Database(error)),
    })
}

impl From<SecretError> for Problem {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Required { .. } => Self::Never(OpenError::Secret(error)),
            SecretError::Refused { .. } | SecretError::Missing { .. } => {
                Self::Later(NotYet::Secret(error))
            }
        }
    }
}
