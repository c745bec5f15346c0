//! Reminders that are due become notifications.
