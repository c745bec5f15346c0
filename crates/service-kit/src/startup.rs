//! Finds the secrets and the database, however long that takes.

use std::{error::Error, time::Duration};

use domain::AppId;
use secrecy::{ExposeSecret as _, SecretString};
use store::{DatabaseUrl, Store, StoreConfig, StoreError};

use crate::{
    config::Config,
    lifecycle::Lifecycle,
    resources::Resources,
    seal::{SECRET_MINIMUM, Seal},
    sidecar_client::{SidecarClient, SidecarError},
};

/// The pauses between attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What no waiting will mend.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither the configuration nor the secret store has it.
    #[error(
        "{name} is required: set it, or name the Dapr secret store that has it in secrets.store"
    )]
    Required {
        /// The variable.
        name: &'static str,
    },
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
    #[error("the secret store is away")]
    Secrets(#[source] SidecarError),
    #[error("the secret store has no {name}")]
    NoSuchSecret { name: &'static str },
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
    let given = config.secrets.current.clone();
    let current = find_secret("ERRAND_SECRET", given, config, sidecar).await?;
    if current.expose_secret().len() < SECRET_MINIMUM {
        return Err(Problem::Never(OpenError::TooShort {
            name: "ERRAND_SECRET",
        }));
    }
    Ok(Seal::new(&current, config.secrets.previous.as_ref()))
}

async fn open_store(config: &Config, sidecar: &SidecarClient) -> Result<Store, Problem> {
    let database = &config.database;
    let url = find_secret("DATABASE_URL", database.url.clone(), config, sidecar).await?;
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

/// What is configured, or else what the secret store has under the same name.
async fn find_secret(
    name: &'static str,
    given: Option<SecretString>,
    config: &Config,
    sidecar: &SidecarClient,
) -> Result<SecretString, Problem> {
    if let Some(secret) = given {
        return Ok(secret);
    }
    let Some(secret_store) = &config.secrets.store else {
        return Err(Problem::Never(OpenError::Required { name }));
    };
    let found = sidecar
        .secret(secret_store, name)
        .await
        .map_err(|error| Problem::Later(NotYet::Secrets(error)))?;
    // A store that has nothing under a name may say so with an empty value.
    let secret = found
        .into_iter()
        .find(|(key, value)| key == name && !value.expose_secret().is_empty());
    secret
        .map(|(_, value)| value)
        .ok_or(Problem::Later(NotYet::NoSuchSecret { name }))
}
