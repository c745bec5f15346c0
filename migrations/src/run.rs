use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigratorTrait, SchemaManager};

use crate::connect::connect;
use crate::{MigrationError, Migrator, SCHEMA};

/// Where a database stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The migrations it has had, oldest first.
    pub applied: Vec<String>,
    /// Those it still needs.
    pub pending: Vec<String>,
    /// Those it has had that this program does not know: a later version has been here.
    pub unknown: Vec<String>,
}

/// Applies what is pending, all or nothing, and returns the names of what was applied.
///
/// Several at once are safe: the second waits and finds nothing to do. On PostgreSQL `url` may
/// point at a transaction-mode pooler, though `DATABASE_DIRECT_URL` is the better place to ask.
pub async fn run(url: &str) -> Result<Vec<String>, MigrationError> {
    let database = connect(url, true).await?;
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = database.begin_with_options(options).await?;
    let result = migrate(&transaction).await;
    let applied = match result {
        Ok(applied) => {
            transaction.commit().await?;
            applied
        }
        Err(error) => {
            // The failure that led here is the one to tell.
            let _ = transaction.rollback().await;
            return Err(error);
        }
    };
    let _ = database.close().await;
    if !applied.is_empty() {
        tracing::info!(migrations = ?applied, "the database schema is up to date");
    }
    Ok(applied)
}

/// Compares a database with this program's migrations and changes nothing in it.
pub async fn status(url: &str) -> Result<Status, MigrationError> {
    let database = connect(url, false).await?;
    let transaction = database.begin().await?;
    prepare_session(&transaction).await?;
    let status = read_status(&transaction).await?;
    clear_session(&transaction).await?;
    transaction.rollback().await?;
    let _ = database.close().await;
    Ok(status)
}

async fn migrate(transaction: &DatabaseTransaction) -> Result<Vec<String>, MigrationError> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        // Two replicas may start at once, before there is a table to lock.
        transaction
            .execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('errand migrate'))")
            .await?;
        prepare_session(transaction).await?;
        create_schema(transaction).await?;
    }
    let before = read_status(transaction).await?;
    if let Some(version) = before.unknown.into_iter().next_back() {
        return Err(MigrationError::Newer { version });
    }
    if before.pending.is_empty() {
        clear_session(transaction).await?;
        return Ok(Vec::new());
    }
    if transaction.get_database_backend() == DbBackend::Postgres {
        create_trigram_extension(transaction).await?;
    }
    Migrator::up(transaction, None).await?;
    clear_session(transaction).await?;
    Ok(before.pending)
}

/// Behind a transaction-mode pooler this transaction's server connection may hold statements that
/// another client prepared under the names that ours will have.
async fn prepare_session(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction
            .execute_unprepared(&format!("DEALLOCATE ALL; SET LOCAL search_path = {SCHEMA}"))
            .await?;
    }
    Ok(())
}

/// Leaves no prepared statement behind for the next client of a pooler.
async fn clear_session(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared("DEALLOCATE ALL").await?;
    }
    Ok(())
}

/// `CREATE SCHEMA IF NOT EXISTS` asks for the right to create even where there is nothing to do.
async fn create_schema(transaction: &DatabaseTransaction) -> Result<(), MigrationError> {
    let sql = format!("SELECT 1 AS found FROM pg_namespace WHERE nspname = '{SCHEMA}'");
    let found = transaction
        .query_one_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await?;
    if found.is_none() {
        transaction
            .execute_unprepared(&format!("CREATE SCHEMA {SCHEMA}"))
            .await
            .map_err(MigrationError::SchemaForbidden)?;
    }
    Ok(())
}

/// An extension is one a database. It goes into our own schema, where the right to create is ours;
/// PostgreSQL trusts `pg_trgm` to any role that may create in the database.
async fn create_trigram_extension(transaction: &DatabaseTransaction) -> Result<(), MigrationError> {
    transaction
        .execute_unprepared(&format!(
            "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA {SCHEMA}"
        ))
        .await
        .map_err(MigrationError::TrigramsForbidden)?;
    Ok(())
}

async fn read_status(transaction: &DatabaseTransaction) -> Result<Status, DbErr> {
    let table = Migrator::migration_table_name().to_string();
    let known: Vec<String> = Migrator::migrations()
        .iter()
        .map(|migration| migration.name().into())
        .collect();
    if !SchemaManager::new(transaction)
        .has_table(table.as_str())
        .await?
    {
        return Ok(Status {
            pending: known,
            ..Status::default()
        });
    }
    let rows = transaction
        .query_all_raw(Statement::from_string(
            transaction.get_database_backend(),
            format!("SELECT version FROM {table} ORDER BY version"),
        ))
        .await?;
    let applied = rows
        .iter()
        .map(|row| row.try_get::<String>("", "version"))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Status {
        pending: known
            .iter()
            .filter(|name| !applied.contains(name))
            .cloned()
            .collect(),
        unknown: applied
            .iter()
            .filter(|name| !known.contains(name))
            .cloned()
            .collect(),
        applied,
    })
}
