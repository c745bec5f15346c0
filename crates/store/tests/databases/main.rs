//! The store's behaviour, the same on SQLite, on PostgreSQL and behind PgBouncer in transaction mode.
//!
//! Run with `scripts/with-databases`, which starts the servers and says where they are.

#![expect(
    clippy::unwrap_used,
    reason = "a test, or what it is built from, ends at the first surprise"
)]

#[macro_use]
mod harness;
mod samples;

mod accounts;
mod audit;
mod corruption;
mod dead_letters;
mod faults;
mod heads;
mod lists;
mod migrating;
mod notifications;
mod outbox;
mod plans;
mod profiles;
mod relay;
mod reminders;
mod requests;
mod stats;
mod tasks;
