//! What the tests of services share: a kit on a database of its own, and a clock that the test
//! turns. Feature `testing`; no program is built with it.

mod clock;
mod database;
mod kit;

pub use self::{
    clock::ManualClock,
    database::{Database, TestDatabase, execute},
    kit::TestKit,
};

/// Runs async tests on every database: `on_every_database!(a_name, another_name);` makes of each
/// `async fn a_name(database: Database)` a module with a test for SQLite, one for PostgreSQL, and
/// one for PostgreSQL behind a transaction-mode pooler.
///
/// The latter two find their servers in `ERRAND_TEST_POSTGRES_URL` and `ERRAND_TEST_PGBOUNCER_URL`,
/// as `scripts/with-databases` sets them, and fail without.
#[macro_export]
macro_rules! on_every_database {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::testing::Database::Sqlite).await;
            }

            #[tokio::test]
            async fn postgres() {
                super::$name($crate::testing::Database::Postgres).await;
            }

            #[tokio::test]
            async fn pgbouncer() {
                super::$name($crate::testing::Database::PgBouncer).await;
            }
        }
    )+};
}
