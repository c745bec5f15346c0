//! The whole system in one process: what must hold across services, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

mod crashes;
mod live;
mod recurrence;
mod redelivery;
mod reminders;
mod replicas;
