use std::path::Path;

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
        let mut connection = writer.connect_options().connect().await?;
        sqlx::query("VACUUM INTO ?1")
            .bind(file.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(())
    }
}
