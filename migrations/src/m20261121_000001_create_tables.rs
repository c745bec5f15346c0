//! Every table of the first version.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261121_000001_create_tables"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            let sql = include_str!("m20261121_000001_create_tables/postgres.sql")
                .replace("{trigram_schema}", &trigram_schema(manager).await?);
            connection.execute_unprepared(&sql).await?;
        } else {
            let sql = include_str!("m20261121_000001_create_tables/sqlite.sql");
            connection.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// Where `pg_trgm` lives, quoted: an administrator may have put it into any schema.
async fn trigram_schema(manager: &SchemaManager<'_>) -> Result<String, DbErr> {
    let row = manager
        .get_connection()
        .query_one_raw(Statement::from_string(
            DbBackend::Postgres,
            "SELECT quote_ident(n.nspname) AS schema FROM pg_extension e \
             JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'",
        ))
        .await?
        .ok_or_else(|| DbErr::Custom("the extension pg_trgm is not installed".into()))?;
    row.try_get("", "schema")
}
