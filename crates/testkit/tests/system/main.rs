//! The whole system in one process: what must hold across services, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

mod accounts;
mod bounds;
mod canaries;
mod correlation;
mod crashes;
mod fields;
mod forged;
mod live;
mod metrics;
mod outages;
mod outbox;
mod recurrence;
mod redelivery;
mod reminders;
mod replicas;
mod streams;
mod surface;
mod tasks;
mod tenants;
mod web;
