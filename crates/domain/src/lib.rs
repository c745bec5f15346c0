//! What a task is and may become: values, transitions, recurrence, reminders and events, without I/O.

pub mod recurrence;
