//! The database, and the secrets.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use crate::seal::SECRET_MINIMUM;

use super::Reader;

/// Section `database`.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// `postgres://…` or `sqlite:…`. None: it comes from the secret store.
    pub url: Option<SecretString>,
    /// Where migrations run when `url` points at a pooler.
    pub direct_url: Option<SecretString>,
    /// Whether `url` points at a pooler in transaction mode.
    pub pooled: bool,
    /// The most connections of this process.
    pub max_connections: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
}

/// Section `secrets`.
#[derive(Debug, Clone)]
pub struct SecretsConfig {
    /// `ERRAND_SECRET`. None: it comes from the secret store.
    pub current: Option<SecretString>,
    /// The secret before the last change; what it sealed still opens.
    pub previous: Option<SecretString>,
    /// The Dapr secret store that has what the environment has not.
    pub store: Option<String>,
    /// The one secret of that store that has all values, each under its own name: Kubernetes keeps
    /// them so. None: each is a secret by itself, of its own name.
    pub name: Option<String>,
}

impl DatabaseConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            url: reader.secret(
                "database.url",
                "postgres://… or sqlite:…; else it is asked of the secret store",
            ),
            direct_url: reader.secret(
                "database.direct_url",
                "where migrations run when database.url is a pooler's",
            ),
            pooled: reader.get(
                "database.pooled",
                false,
                "whether database.url is a transaction-mode pooler's",
            ),
            max_connections: reader.within(
                "database.max_connections",
                16,
                1..=1000,
                "connections of this process",
            ),
            acquire_timeout: reader.duration(
                "database.acquire_timeout",
                "5s",
                "how long a request waits for a free connection",
            ),
        }
    }
}

impl SecretsConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        let section = Self {
            current: reader.secret(
                "secrets.current",
                "seals page tokens, cursors and local tokens; at least 32 bytes",
            ),
            previous: reader.secret(
                "secrets.previous",
                "the secret before the last change: what it sealed still opens",
            ),
            store: reader.optional(
                "secrets.store",
                "the Dapr secret store that is asked for what is not given",
            ),
            name: reader.optional(
                "secrets.name",
                "the one secret of that store that has them all, as in Kubernetes; without it each is its own",
            ),
        };
        for (key, secret) in [
            ("secrets.current", &section.current),
            ("secrets.previous", &section.previous),
        ] {
            if secret
                .as_ref()
                .is_some_and(|secret| secret.expose_secret().len() < SECRET_MINIMUM)
            {
                reader.reject(key, format!("must have at least {SECRET_MINIMUM} bytes"));
            }
        }
        section
    }
}
