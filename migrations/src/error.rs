use sea_orm_migration::sea_orm::DbErr;

/// Why a database was not migrated, or not looked at. Nothing has changed in it.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The address is not one of a PostgreSQL or SQLite database.
    #[error("the database URL must begin with postgres://, postgresql:// or sqlite:")]
    UnknownDatabase,
    /// The database does not let us in, or is not there.
    #[error("the database cannot be reached")]
    Connect(#[source] sqlx::Error),
    /// A later version of Errand has been here.
    #[error(
        "the database is newer than this program: it has the migration {version}; run the version of errand that made it, or a later one"
    )]
    Newer {
        /// The migration that this program does not know.
        version: String,
    },
    /// The role may not make the schema.
    #[error(
        "the role may not create the schema errand; have an administrator run: CREATE SCHEMA errand AUTHORIZATION <role>"
    )]
    SchemaForbidden(#[source] DbErr),
    /// Search needs an extension that the role may not install.
    #[error(
        "search needs the PostgreSQL extension pg_trgm, which could not be installed; have an administrator run: CREATE EXTENSION pg_trgm"
    )]
    TrigramsForbidden(#[source] DbErr),
    /// A statement failed.
    #[error("a migration failed")]
    Database(#[source] DbErr),
}

impl From<DbErr> for MigrationError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}
