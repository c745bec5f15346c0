//! What must hold across processes: two replicas of each service on the real engine.
//!
//! One system serves all of them; `scripts/with-system` starts it. Each has users of its own, and
//! none harms a process that others need. What kills is in `tests/faults`.

#![expect(clippy::unwrap_used, reason = "all of this is a test")]

mod accounts;
mod audit;
mod canaries;
mod dead_letters;
mod doctor;
mod forged;
mod recurrence;
mod reminders;
mod state_store;
mod streams;
mod tasks;
mod tenants;
