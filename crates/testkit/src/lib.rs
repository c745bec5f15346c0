//! The whole system in one process, on port 0, with a clock that tests turn.
//!
//! A [`System`] is what `errand up` runs, put together from the same parts: services, their embedded
//! sidecars and one engine, on a database of its own, with as many replicas of each service as a
//! test asks for. What is different is the clock, which stands still until it is turned, and that
//! every call between a service and its sidecar goes over a wire that tests can disturb
//! ([`Disturbance`]): lose an answer, swallow a delivery, hold one back while the service is killed.
//! Nothing in the services knows of it.
//!
//! A test ends with [`System::finish`], which fails it if an event is left in an outbox, or parked,
//! or a dead letter that the test did not mention. Only tests may depend on this crate.

mod address_book;
mod call;
mod disturbance;
mod eventually;
mod log_lines;
mod plan;
mod replica;
mod system;
mod tasks;
mod updates;
mod user;
mod wire;

pub use self::{
    call::Call,
    disturbance::{Disturbance, Disturbed},
    eventually::eventually,
    log_lines::LogLines,
    plan::Plan,
    system::System,
    tasks::{date, instant, task},
    updates::Updates,
    user::{Bearer, Client, User},
};
pub use service_kit::testing::Database;

/// Runs async tests on every database: of each `async fn a_name(database: Database)` it makes a
/// module with a test for SQLite, one for PostgreSQL, and one for PostgreSQL behind a
/// transaction-mode pooler. Both servers are found as `scripts/with-databases` says.
#[macro_export]
macro_rules! on_every_database {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                Box::pin(super::$name($crate::Database::Sqlite)).await;
            }

            #[tokio::test]
            async fn postgres() {
                Box::pin(super::$name($crate::Database::Postgres)).await;
            }

            #[tokio::test]
            async fn pgbouncer() {
                Box::pin(super::$name($crate::Database::PgBouncer)).await;
            }
        }
    )+};
}
