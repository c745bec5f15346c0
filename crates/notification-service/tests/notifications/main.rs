//! From a reminder's moment to the user's bell, and what the user does with it, on every database.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

mod reading_all;
mod reminding;
mod requests;
mod snoozing;
mod support;
