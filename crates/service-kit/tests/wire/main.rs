//! A service on its port, beside a sidecar that does what the test says, on a real database.

mod bulk;
mod callbacks;
mod dead_letters;
mod fake_sidecar;
mod handlers;
mod idempotency;
mod outbox;
mod outbox_faults;
mod outbox_leases;
mod samples;
mod serving;
mod watching;
mod world;
