//! What goes over the wire: events, requests, answers, and the schema behind them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod answers;
mod events;
mod fixed;
mod generate;
mod requests;
mod schema;
