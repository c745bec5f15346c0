//! Where a secret is: in the configuration, or else in a Dapr secret store.

use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    config::SecretsConfig,
    sidecar_client::{SidecarClient, SidecarError},
};

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It is not configured, and neither is a secret store.
    #[error(
        "{name} is required: set it, or name the Dapr secret store that has it in secrets.store"
    )]
    Required {
        /// The variable, and the secret's name in a store.
        name: &'static str,
    },
    /// The secret store gave no answer, or refused.
    #[error("the secret store {store} does not give {name}")]
    Refused {
        /// The store.
        store: String,
        /// The secret.
        name: &'static str,
        /// What the sidecar said.
        #[source]
        source: SidecarError,
    },
    /// The secret store has nothing, or nothing in it, under that name.
    #[error("the secret store {store} has no {name}")]
    Missing {
        /// The store.
        store: String,
        /// The secret.
        name: &'static str,
    },
}

/// What was given, or else what the secret store has under the same name: as a secret of that name,
/// or in the one secret that has all of them.
pub async fn find_secret(
    name: &'static str,
    given: Option<&SecretString>,
    config: &SecretsConfig,
    sidecar: &SidecarClient,
) -> Result<SecretString, SecretError> {
    if let Some(secret) = given {
        return Ok(secret.clone());
    }
    let Some(store) = &config.store else {
        return Err(SecretError::Required { name });
    };
    let key = config.name.as_deref().unwrap_or(name);
    let found = sidecar.secret(store, key).await;
    let found = found.map_err(|source| SecretError::Refused {
        store: store.clone(),
        name,
        source,
    })?;
    // A store that has nothing under a name may say so with an empty value.
    let secret = found
        .into_iter()
        .find(|(key, value)| key == name && !value.expose_secret().is_empty());
    secret
        .map(|(_, value)| value)
        .ok_or_else(|| SecretError::Missing {
            store: store.clone(),
            name,
        })
}
