//! What must hold across processes: two replicas of each service on the real engine.
//!
//! One system serves all of them; `scripts/with-system` starts it. Each has users of its own, and
//! none harms a process that others need.

#![expect(clippy::unwrap_used, reason = "all of this is a test")]

mod tasks;
