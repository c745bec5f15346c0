//! From a reminder's moment to the user's bell, and what the user does with it, on every database.

mod reminding;
mod requests;
mod snoozing;
mod support;
