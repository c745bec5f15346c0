use std::str::FromStr;
use std::time::Duration;

use sea_orm_migration::sea_orm::{DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::MigrationError;

/// One connection, without statements in the log. `create` makes a SQLite file that is not there.
pub(crate) async fn connect(url: &str, create: bool) -> Result<DatabaseConnection, MigrationError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        // Poolers refuse start-up parameters that they do not know, and nothing here needs it.
        let options = PgConnectOptions::from_str(url)
            .map_err(MigrationError::Connect)?
            .extra_float_digits(None)
            .application_name("errand migrate")
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .map_err(MigrationError::Connect)?;
        Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
    } else if url.starts_with("sqlite:") {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(MigrationError::Connect)?
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .map_err(MigrationError::Connect)?;
        Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
    } else {
        Err(MigrationError::UnknownDatabase)
    }
}
