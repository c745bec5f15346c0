//! A service on its port, beside a sidecar that does what the test says, on a real database.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

mod browsers;
mod bulk;
mod callbacks;
mod connections;
mod dead_letters;
mod fake_sidecar;
mod handler_time;
mod handlers;
mod idempotency;
mod outbox;
mod outbox_ending;
mod outbox_faults;
mod outbox_leases;
mod samples;
mod serving;
mod starting;
mod watching;
mod world;
