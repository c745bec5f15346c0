//! The real binary, as its users run it.

mod client;
mod commands;
mod crash;
mod process;
mod tour;
mod trail;
mod up;
