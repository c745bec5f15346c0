//! Everything kept in a database: SeaORM entities, queries and transactions on PostgreSQL and SQLite.
//!
//! A [`Store`] is opened once a process and cloned freely. [`Store::read`] gives a [`ReadTx`] for
//! queries, [`Store::begin`] a [`Tx`] that may also change things and ends with [`Tx::commit`];
//! dropped without, it never happened. Queries are methods named entity first: `task_get`,
//! `outbox_append`.
//!
//! * Both databases answer alike: same rows, same order, same errors. The difference ends here.
//! * Every query begins with the owner, but for the relay's, the reminder tick's and maintenance.
//! * No query asks the database for the time, but for [`ReadTx::server_clock`], on which nothing
//!   hangs: `now` is an argument.
//! * Inside one transaction locks are taken in this order, or two of them may wait for each other
//!   for ever: task, its successor, their reminders, and last the accounts in the order of their
//!   ids ([`Tx::outbox_append`]).
//! * Every effect of an event has a natural unique key here, and commits with it.
//!
//! This crate knows the domain's types and nothing of gRPC, of Dapr or of the wire format: what an
//! event carries is a text to it.

mod account;
mod account_delete;
mod audit;
mod bind;
mod clock;
mod config;
mod connection;
mod dead_letter;
mod entity;
mod error;
mod maintenance;
mod metrics;
mod notification;
mod outbox;
mod profile;
mod reminder;
mod request;
mod row;
mod session;
mod task;
mod time;
mod transaction;
mod unique;

pub use account::Account;
pub use audit::{AuditEntry, AuditFilter};
pub use config::{DatabaseUrl, StoreConfig};
pub use connection::{Backend, Store, copy_sqlite};
pub use dead_letter::{DeadLetter, DeadLetterPosition};
pub use error::{Outage, StoreError};
pub use notification::MarkedRead;
pub use outbox::{
    FailingRow, Fence, Lease, OutboxDepth, OutboxEntry, OutboxRow, Parked, ParkedRow, SHARDS,
    shard_of,
};
pub use reminder::{ClaimedReminders, DueReminder};
pub use request::StoredRequest;
pub use transaction::{ReadTx, Tx};
pub use unique::UniqueKey;

/// The newest migration this program was built with, by name: what a database must have.
pub const SCHEMA_VERSION: &str = "m20261121_000001_create_tables";
