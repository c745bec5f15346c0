//! What was measured on the engine, as it is kept as JSON.

mod print;

use std::time::Instant;

use serde::Serialize;

use super::processes::{AllUsed, Spent};
use crate::{load::per_second, machine::Machine, report::Times};

/// Everything that was measured on the engine.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Where.
    pub(super) machine: Machine,
    /// How large an update for a screen is in Kafka.
    pub(super) message_bytes: usize,
    /// Steady loads.
    pub(super) steady: Vec<SteadyRow>,
    /// Reminders due at the same moment.
    pub(super) reminders: Option<RemindersRow>,
    /// Events that waited in the outbox.
    pub(super) backlogs: Vec<BacklogRow>,
    /// What each process held in memory, at several moments.
    pub(super) memory: Vec<(&'static str, AllUsed)>,
}

/// Calls at a rate, each timed from the moment for which it was meant.
#[derive(Debug, Serialize)]
pub(super) struct SteadyRow {
    /// From where to where.
    pub(super) what: &'static str,
    /// The rate, a second.
    pub(super) rate: u32,
    /// How many were to be.
    pub(super) calls: usize,
    /// How many arrived.
    pub(super) arrived: usize,
    /// How many arrived a second, until the last did.
    pub(super) per_second: f64,
    /// How long they took.
    pub(super) took_ms: Times,
    /// What each process of the engine spent of the processors meanwhile, where that was looked at.
    pub(super) spent: Spent,
}

/// Reminders due at the same moment.
#[derive(Debug, Serialize)]
pub(super) struct RemindersRow {
    /// How many.
    pub(super) reminders: usize,
    /// How many notifications were stored.
    pub(super) notifications: usize,
    /// Of how many reminders they are.
    pub(super) reminded: usize,
    /// How many notifications a second were stored, from that moment to the last of them.
    pub(super) per_second: f64,
    /// How late they were stored.
    pub(super) stored_ms: Times,
    /// How many were shown on screens.
    pub(super) shown: usize,
    /// How late they were shown.
    pub(super) screen_ms: Times,
    /// What each process spent of the processors from that moment on.
    pub(super) spent: Spent,
}

/// Events that waited in the outbox.
#[derive(Debug, Serialize)]
pub(super) struct BacklogRow {
    /// Whether the services kept state keys.
    pub(super) state_keys: bool,
    /// How many creates there were: each has an event for the audit log and one for screens.
    pub(super) creates: usize,
    /// How many creates a second there had been while the sidecar was away.
    pub(super) made_per_second: f64,
    /// How long after the start of the sidecar the first event had left the outbox.
    pub(super) first_after_ms: f64,
    /// Events of both kinds that left the outbox in a second, from then on until it was empty.
    pub(super) published_per_second: f64,
    /// Events that came to the audit log in a second, from then on until all were there.
    pub(super) audited_per_second: f64,
    /// What each process spent of the processors from the start of the sidecar on.
    pub(super) spent: Spent,
}

impl SteadyRow {
    /// Of calls, each with when it was due and when it arrived.
    pub(super) fn new(
        what: &'static str,
        rate: u32,
        calls: usize,
        due: &[Instant],
        arrived: &[Option<Instant>],
    ) -> Self {
        let arrivals = due.iter().zip(arrived);
        let arrivals = arrivals.filter_map(|(due, arrived)| Some((*due, (*arrived)?)));
        let mut times: Vec<_> = arrivals.clone().map(|(due, at)| at - due).collect();
        let (first, last) = (due.iter().min(), arrivals.map(|(_, at)| at).max());
        let lasted = first.zip(last).map(|(first, last)| last - *first);
        Self {
            what,
            rate,
            calls,
            arrived: times.len(),
            per_second: lasted.map_or(0.0, |lasted| per_second(times.len(), lasted)),
            took_ms: Times::of(&mut times),
            spent: Spent::new(),
        }
    }
}

impl Report {
    /// A report of nothing yet.
    pub(super) fn new(machine: Machine) -> Self {
        Self {
            machine,
            message_bytes: 0,
            steady: Vec::new(),
            reminders: None,
            backlogs: Vec::new(),
            memory: Vec::new(),
        }
    }
}
