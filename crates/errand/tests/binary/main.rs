//! The real binary, as its users run it.
#![expect(
    clippy::unwrap_used,
    reason = "all of this is a test, what its tests share included"
)]

mod client;
mod commands;
mod crash;
mod engine;
mod full_disk;
mod process;
mod tour;
mod up;
mod web;
