//! The task API.
