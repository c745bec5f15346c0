//! The database schema and its history.
//!
//! [`run`] brings a database up to this binary's schema, [`status`] only looks. On PostgreSQL all
//! tables, the list of applied migrations included, live in the schema [`SCHEMA`]; on SQLite they
//! are the file.
//!
//! A published migration is never edited: a change of the schema is a new module, added to the end
//! of [`Migrator`]'s list, and its name becomes `store::SCHEMA_VERSION`.

mod connect;
mod error;
mod m20261121_000001_create_tables;
mod run;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub use error::MigrationError;
pub use run::{Status, run, status};

/// The PostgreSQL schema that holds every table.
pub const SCHEMA: &str = "errand";

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261121_000001_create_tables::Migration)]
    }
}
