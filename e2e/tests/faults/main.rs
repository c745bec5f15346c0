//! What must hold while processes are killed, hang, or lose what they work with.
//!
//! Each test harms the one system that `scripts/with-system` started, so they take turns. Before and
//! after each everything that has happened there has had its effect, once: also what other test
//! programs did before.

#![expect(clippy::unwrap_used, reason = "all of this is a test")]

mod broker_proxy;
mod bursts;
mod canary;
mod dead_letters;
mod outages;
mod own_replica;
mod reminders;
mod screens;

use std::process::Command;

use e2e::System;
use tokio::sync::{Mutex, MutexGuard};

/// Whose turn it is.
static TURN: Mutex<()> = Mutex::const_new(());

/// The system for one test alone.
struct Turn {
    system: System,
    _turn: MutexGuard<'static, ()>,
}

impl Turn {
    /// Waits for it, and until everything runs and nothing is under way.
    async fn begin() -> Self {
        let turn = TURN.lock().await;
        let system = System::found();
        system.ready().await;
        system.at_rest().await;
        Self {
            system,
            _turn: turn,
        }
    }

    /// Leaves it as it was.
    async fn end(self) {
        self.system.ready().await;
        self.system.at_rest().await;
    }
}

/// Kills a process outright, and at once: to ask the supervisor takes half a second.
fn kill(pid: u32) {
    let pid = pid.to_string();
    let killed = Command::new("kill").args(["-KILL", &pid]).status();
    assert!(killed.unwrap().success(), "the process {pid} is gone");
}
