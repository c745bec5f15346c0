use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::Pools;
use crate::{Store, StoreError};

impl Store {
    /// Copies a SQLite database to a new file, as it is at this moment. Others may use it meanwhile,
    /// a writer included: what it has not committed is not in the copy. PostgreSQL has tools of its
    /// own for this, and refuses.
    pub async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        let Pools::Sqlite { writer, .. } = &*self.pools else {
            return Err(StoreError::InvalidUrl {
                reason: "only a SQLite database is copied this way; use pg_dump".into(),
            });
        };
        // A connection of its own: the writer may be busy, and holding it is how a caller keeps
        // the database still.
        copy(writer.connect_options().connect().await?, file).await
    }
}

/// Copies a SQLite database of another program to a new file, as it is at this moment. That program
/// may use it meanwhile.
pub async fn copy_sqlite(from: &Path, to: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(from)
        .create_if_missing(false)
        .disable_statement_logging();
    copy(options.connect().await?, to).await
}

async fn copy(mut connection: SqliteConnection, to: &Path) -> Result<(), StoreError> {
    sqlx::query("VACUUM INTO ?1")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}
