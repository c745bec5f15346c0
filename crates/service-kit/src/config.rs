//! Configuration: one struct a concern, each value from its default, then `errand.toml`, then the
//! environment.
//!
//! A section says what it needs by reading it from a [`Reader`]: key, default and meaning stand at
//! one place. The environment and the file's text are arguments; [`environment`] is the one place
//! that reads the process's own. Nothing fails at the first problem: [`Reader::finish`] lists them
//! all, each with its key and where the value came from.
//!
//! ```
//! use service_kit::config::{Config, Reader, Sources};
//!
//! let mut reader = Reader::new(Sources::default());
//! let config = Config::read(&mut reader);
//! reader.finish().expect("the defaults hold");
//! assert_eq!(config.limits.requests_per_second, 50);
//! ```

mod auth;
mod database;
mod limits;
mod outbox;
mod problem;
mod process;
mod reader;
mod server;
mod sidecar;
mod sources;
mod value;

pub use self::{
    auth::{AuthConfig, IssuerConfig, IssuerKeys, TokenAlgorithm},
    database::{DatabaseConfig, SecretsConfig},
    limits::LimitsConfig,
    outbox::{CanaryConfig, DeliveryConfig, OutboxConfig},
    problem::{ConfigErrors, Problem},
    process::{Environment, LogFormat, ProcessConfig, TelemetryConfig},
    reader::{Reader, Setting},
    server::ServerConfig,
    sidecar::SidecarConfig,
    sources::{Sources, environment},
    value::Value,
};

/// Everything that the kit needs to know. Services read sections of their own from the same
/// [`Reader`].
#[derive(Debug, Clone)]
pub struct Config {
    /// The process: its environment and its end.
    pub process: ProcessConfig,
    /// Logs, traces and metrics.
    pub telemetry: TelemetryConfig,
    /// The listener.
    pub server: ServerConfig,
    /// The database.
    pub database: DatabaseConfig,
    /// `ERRAND_SECRET` and where secrets come from.
    pub secrets: SecretsConfig,
    /// The Dapr sidecar and the names of its components.
    pub sidecar: SidecarConfig,
    /// Whose tokens are good.
    pub auth: AuthConfig,
    /// What one user may ask for.
    pub limits: LimitsConfig,
    /// How events are handled.
    pub delivery: DeliveryConfig,
    /// How events leave.
    pub outbox: OutboxConfig,
    /// How silence is noticed.
    pub canary: CanaryConfig,
}

impl Config {
    /// Reads every section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            process: ProcessConfig::read(reader),
            telemetry: TelemetryConfig::read(reader),
            server: ServerConfig::read(reader),
            database: DatabaseConfig::read(reader),
            secrets: SecretsConfig::read(reader),
            sidecar: SidecarConfig::read(reader),
            auth: AuthConfig::read(reader),
            limits: LimitsConfig::read(reader),
            delivery: DeliveryConfig::read(reader),
            outbox: OutboxConfig::read(reader),
            canary: CanaryConfig::read(reader),
        }
    }
}

#[cfg(test)]
mod tests;
