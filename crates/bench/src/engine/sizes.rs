//! How long and how much is measured on the engine.

use std::time::Duration;

use crate::cli::Size;

/// How long and how much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// How many users there are. Of one user a change leaves after the other, so few users are slow.
    pub(super) users: usize,
    /// The rates of a steady load, in calls a second, each with how many calls there are.
    pub(super) rates: &'static [(u32, usize)],
    /// The calls before each that are not counted.
    pub(super) warm_up: usize,
    /// The creates whose events wait in the outbox.
    pub(super) backlog: usize,
    /// The reminders that fall due at one moment.
    pub(super) reminders: usize,
    /// How long it may take to make them.
    pub(super) reminders_in: Duration,
}

impl From<Size> for Sizes {
    fn from(size: Size) -> Self {
        match size {
            Size::Full => Self {
                users: 1_000,
                rates: &[(1, 100), (200, 6_000), (1000, 30_000)],
                warm_up: 1000,
                backlog: 100_000,
                reminders: 10_000,
                reminders_in: Duration::from_secs(45),
            },
            Size::Quick => Self {
                users: 1_000,
                rates: &[(1, 10), (200, 1_000), (1000, 5_000)],
                warm_up: 1000,
                backlog: 10_000,
                reminders: 1_000,
                reminders_in: Duration::from_secs(15),
            },
            Size::Tiny => Self {
                users: 10,
                rates: &[(20, 20)],
                warm_up: 40,
                backlog: 200,
                reminders: 20,
                reminders_in: Duration::from_secs(5),
            },
        }
    }
}
