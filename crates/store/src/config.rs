use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

/// Where the database is and how it may be used.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// The database that serves queries.
    pub url: DatabaseUrl,
    /// Where migrations go when `url` is a pooler; nothing else uses it.
    pub direct_url: Option<DatabaseUrl>,
    /// The most connections to PostgreSQL, or the most readers of a SQLite file, whose writer is
    /// always one. At least 1.
    pub max_connections: u32,
    /// Whether a transaction-mode pooler (PgBouncer, Neon's `-pooler` address) stands before
    /// PostgreSQL: then no statement has a name and every one is inside a transaction.
    pub pooled: bool,
    /// How long to wait for a free connection, or for the right to write to a SQLite file.
    pub acquire_timeout: Duration,
    /// The longest a single statement may run on PostgreSQL, lock waits included.
    pub statement_timeout: Duration,
}

/// A database's address, which may hold a password: it is in no log and no error.
#[derive(Clone)]
pub struct DatabaseUrl(SecretString);

impl StoreConfig {
    /// The defaults for an address.
    pub fn new(url: impl Into<DatabaseUrl>) -> Self {
        Self {
            url: url.into(),
            direct_url: None,
            max_connections: 10,
            pooled: false,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
        }
    }
}

impl DatabaseUrl {
    /// The address itself, for whoever connects.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(SecretString::from(url))
    }
}

impl From<&str> for DatabaseUrl {
    fn from(url: &str) -> Self {
        Self(SecretString::from(url))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DatabaseUrl(…)")
    }
}
