//! The composition root: where services, engine and configuration are put together.
//!
//! It is the only crate that knows all the others, and nothing but the binary, the tests' own kit
//! and the benchmark depends on it. What is here decides nothing about tasks or events: it says which parts there
//! are ([`topology`]), what they are configured with ([`settings`]), and how they are started.

pub mod backup_folder;
pub mod cli;
pub mod commands;
pub mod data_folder;
pub mod draft_folder;
pub mod embedded;
pub mod metrics;
pub mod secret;
pub mod services;
pub mod settings;
pub mod sidecars;
pub mod signals;
pub mod topology;
pub mod web;
