use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Database, Pool, Postgres, SqlSafeStr, Sqlite, Transaction};

use crate::config::StoreConfig;
use crate::session::{Handle, Session};
use crate::{Outage, ReadTx, SCHEMA_VERSION, StoreError, Tx, metrics};

pub use copy::copy_sqlite;

mod copy;
mod postgres;
mod sqlite;

/// An open database. Cheap to clone; the clones share their connections.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Arc<Pools>,
}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// PostgreSQL.
    Postgres,
    /// A SQLite file.
    Sqlite,
}

#[derive(Debug)]
pub(crate) enum Pools {
    Postgres {
        pool: Pool<Postgres>,
        /// What a transaction that writes begins with.
        begin: String,
        /// What a transaction that reads begins with; `None` where it need not be one.
        begin_read: Option<String>,
        max_connections: u32,
    },
    Sqlite {
        /// One connection: its queue is the write lock, and fair.
        writer: Pool<Sqlite>,
        readers: Pool<Sqlite>,
    },
}

impl Store {
    /// Opens the database and waits for its first connection. Changes nothing in it, and asks
    /// nothing of its schema: that is [`Store::check`].
    pub async fn connect(config: &StoreConfig) -> Result<Self, StoreError> {
        let url = config.url.expose();
        let pools = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            postgres::connect(config).await?
        } else if url.starts_with("sqlite:") {
            sqlite::connect(config).await?
        } else {
            return Err(StoreError::InvalidUrl {
                reason: "it must begin with postgres://, postgresql:// or sqlite:".into(),
            });
        };
        Ok(Self {
            pools: Arc::new(pools),
        })
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        match &*self.pools {
            Pools::Postgres { .. } => Backend::Postgres,
            Pools::Sqlite { .. } => Backend::Sqlite,
        }
    }

    /// Whether the database answers and has exactly this program's schema.
    pub async fn check(&self) -> Result<(), StoreError> {
        let read = self.read().await?;
        match read.schema_version().await?.as_deref() {
            Some(SCHEMA_VERSION) => Ok(()),
            Some(version) if version > SCHEMA_VERSION => Err(StoreError::NewerSchema {
                version: version.into(),
            }),
            _ => Err(StoreError::NotMigrated),
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let read = self.read().await?;
        read.session.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// Begins a transaction that only reads. On PostgreSQL each of its statements sees what was
    /// committed before it; on SQLite all see the same moment.
    pub async fn read(&self) -> Result<ReadTx, StoreError> {
        let start = Instant::now();
        let session = self.open_read().await.inspect_err(metrics::failed)?;
        metrics::acquired("read", start.elapsed());
        Ok(ReadTx { session })
    }

    /// Begins a transaction that may write. On SQLite it holds the write lock from here on.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let start = Instant::now();
        let session = self.open_write().await.inspect_err(metrics::failed)?;
        metrics::acquired("write", start.elapsed());
        Ok(Tx {
            read: ReadTx { session },
        })
    }

    /// Waits for the transactions under way and closes all connections. Whatever comes later fails.
    pub async fn close(&self) {
        match &*self.pools {
            Pools::Postgres { pool, .. } => pool.close().await,
            Pools::Sqlite { writer, readers } => {
                // The writer goes last, so that it is the one to move the log into the file.
                readers.close().await;
                writer.close().await;
            }
        }
    }

    async fn open_read(&self) -> Result<Session, StoreError> {
        match &*self.pools {
            Pools::Postgres {
                pool,
                begin_read: None,
                ..
            } => {
                let connection = pool.acquire().await?;
                Ok(Session::new(Handle::PostgresConnection(connection), true))
            }
            Pools::Postgres {
                pool,
                begin_read: Some(begin),
                max_connections,
                ..
            } => {
                let transaction = begin_lasting(pool, begin, *max_connections).await?;
                Ok(Session::new(Handle::Postgres(transaction), false))
            }
            Pools::Sqlite { readers, .. } => {
                let transaction = begin(readers.acquire().await?, "BEGIN").await?;
                Ok(Session::new(Handle::Sqlite(transaction), true))
            }
        }
    }

    async fn open_write(&self) -> Result<Session, StoreError> {
        match &*self.pools {
            Pools::Postgres {
                pool,
                begin,
                begin_read,
                max_connections,
            } => {
                let transaction = begin_lasting(pool, begin, *max_connections).await?;
                Ok(Session::new(
                    Handle::Postgres(transaction),
                    begin_read.is_none(),
                ))
            }
            Pools::Sqlite { writer, .. } => {
                let transaction = begin(writer.acquire().await?, "BEGIN IMMEDIATE").await?;
                Ok(Session::new(Handle::Sqlite(transaction), true))
            }
        }
    }
}

impl From<Backend> for DbBackend {
    fn from(backend: Backend) -> Self {
        match backend {
            Backend::Postgres => Self::Postgres,
            Backend::Sqlite => Self::Sqlite,
        }
    }
}

impl ReadTx {
    /// The newest migration that the database has had; `None` if it has had none.
    async fn schema_version(&self) -> Result<Option<String>, StoreError> {
        let table = match self.session.backend() {
            Backend::Postgres => {
                "SELECT 1 FROM pg_tables WHERE schemaname = 'errand' AND tablename = 'seaql_migrations'"
            }
            Backend::Sqlite => {
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'"
            }
        };
        let backend = self.session.get_database_backend();
        if self
            .session
            .query_one_raw(Statement::from_string(backend, table))
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let newest = "SELECT version FROM seaql_migrations ORDER BY version DESC LIMIT 1";
        let row = self
            .session
            .query_one_raw(Statement::from_string(backend, newest))
            .await?;
        Ok(row.map(|row| row.try_get("", "version")).transpose()?)
    }
}

/// Begins on a connection that is alive: those that a restart of the server has ended are found
/// out only by using them, and until here nothing of the transaction has happened.
async fn begin_lasting(
    pool: &Pool<Postgres>,
    statement: &str,
    max_connections: u32,
) -> Result<Transaction<'static, Postgres>, StoreError> {
    let mut dead = 0;
    loop {
        match begin(pool.acquire().await?, statement).await {
            Err(StoreError::Unavailable {
                outage: Outage::ConnectionLost,
                ..
            }) if dead < max_connections => {
                dead += 1;
            }
            result => return result,
        }
    }
}

async fn begin<DB: Database>(
    connection: PoolConnection<DB>,
    statement: &str,
) -> Result<Transaction<'static, DB>, StoreError> {
    let statement = AssertSqlSafe(statement.to_owned()).into_sql_str();
    Ok(Transaction::begin(connection, Some(statement)).await?)
}

/// A connection that has been used a moment ago is taken to be alive.
pub(crate) const TRUSTED_IDLE: Duration = Duration::from_secs(5);
