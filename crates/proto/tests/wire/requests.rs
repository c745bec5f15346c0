//! Requests: what is accepted, and which field is named for what is not.

mod fields;
mod lists;
mod masks;
mod named;
mod profile;
mod tasks;
