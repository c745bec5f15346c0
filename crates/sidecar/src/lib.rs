//! The embedded Dapr sidecar: topics, state, cron, secrets and invocation for one machine, on SQLite.
//!
//! One process may hold any number of sidecars, one for each app. They share an [`Engine`]: the
//! durable topics, the state store and the list of apps, kept as SQLite files in one folder.
//! Each sidecar serves the Dapr gRPC API to its app and calls the app's `AppCallback`, as `daprd`
//! does, the oddities of `daprd` included; the suite in `crates/conformance` says what that means.
//!
//! It serves one machine, has only what Errand's services use, and must not know them: no type of
//! the domain, of the events or of the services may be named here.

mod api;
mod app;
mod clock;
mod cloud_event;
mod config;
mod cron;
mod delivery;
mod engine;
mod generated;
mod identifiers;
mod secrets;
mod server;
mod sidecar;
mod tasks;

pub use clock::Clock;
pub use config::{
    AppHealth, ConsumerGroup, CronBinding, InboundRetry, Listen, PubSubComponent, SecretComponent,
    SecretSource, SidecarConfig, StateComponent,
};
pub use cron::ScheduleError;
pub use engine::{
    CopyError, Engine, EngineConfig, EngineError, StorageError, TopicConfig, copy_files,
};
pub use secrecy::SecretString;
pub use secrets::SecretsError;
pub use sidecar::{Sidecar, SidecarError, StartError, start};
