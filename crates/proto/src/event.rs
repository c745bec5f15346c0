//! Events as proto3 JSON, the form in which topics carry them (docs/adr/0007-json-events.md).
//!
//! An event is written in two steps. When a change commits, [`data_json`] and [`actor_json`] go
//! into the outbox row; the sequence is drawn in that same statement. Later the relay composes the
//! message around them with [`envelope_json`], from the row's columns. [`decode`] reads a message
//! and checks every field of it.

mod decode;
mod encode;
mod error;
mod history;
mod message;
mod read;

pub use decode::{actor_from_json, decode};
pub use encode::{EventHeader, actor_json, data_json, envelope_json, event_json};
pub use error::DecodeError;
pub use history::{History, history};

/// The version of what the messages mean.
pub const SCHEMA_VERSION: i32 = 1;
