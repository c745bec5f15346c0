//! The process itself: where it runs, how it logs, how it ends.

use std::{fmt, str::FromStr, time::Duration};

use figment::value::Value as Raw;

use super::{Reader, Value};

/// Section `process`.
#[derive(Debug, Clone)]
pub struct ProcessConfig {
    /// Where the process runs.
    pub environment: Environment,
    /// The service to run where no subcommand names one.
    pub service: Option<String>,
    /// The name of this process among the relays of a service. What an earlier process of the same
    /// name held is taken over at once, so it must never be used by two at a time. None: a new name
    /// at each start.
    pub instance: Option<String>,
    /// How long what is in flight, and what is in the outbox, may take to end after the first
    /// signal.
    pub grace_period: Duration,
}

/// Where a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// On somebody's own machine.
    Development,
    /// Where people rely on it.
    Production,
}

/// Section `telemetry`.
#[derive(Debug, Clone)]
pub struct TelemetryConfig {
    /// What is logged, in the syntax of `tracing_subscriber::EnvFilter`.
    pub log: String,
    /// How it is written.
    pub log_format: LogFormat,
    /// Where traces go by OTLP over gRPC; nowhere when absent.
    pub otlp_endpoint: Option<String>,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people when standard error is a terminal, else JSON.
    Auto,
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

impl ProcessConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            environment: reader.get(
                "process.environment",
                Environment::Development,
                "development or production",
            ),
            service: reader.optional(
                "process.service",
                "the service to run where no subcommand names one",
            ),
            instance: reader.optional(
                "process.instance",
                "names this process among its replicas; never used by two at a time",
            ),
            grace_period: reader.duration(
                "process.grace_period",
                "25s",
                "how long requests in flight, and then the outbox, may take to end after the first signal",
            ),
        }
    }
}

impl TelemetryConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            log: reader.get(
                "telemetry.log",
                "info,h2=warn,hyper=warn,sea_orm_migration=warn,sqlx=warn,tower=warn".to_owned(),
                "what is logged: a level, or target=level pairs separated by commas",
            ),
            log_format: reader.get(
                "telemetry.log_format",
                LogFormat::Auto,
                "auto, pretty or json",
            ),
            otlp_endpoint: reader.optional(
                "telemetry.otlp_endpoint",
                "where traces go by OTLP over gRPC, such as http://127.0.0.1:4317",
            ),
        }
    }
}

macro_rules! words {
    ($type:ty, $expected:literal, $($word:literal => $variant:path),+) => {
        impl FromStr for $type {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok($variant),)+
                    _ => Err(()),
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(match self {
                    $($variant => $word,)+
                })
            }
        }

        impl Value for $type {
            fn parse(raw: &Raw) -> Result<Self, String> {
                let text = String::parse(raw).ok();
                let parsed = text.and_then(|text| text.parse().ok());
                parsed.ok_or_else(|| concat!("must be ", $expected).into())
            }
        }
    };
}
pub(super) use words;

words!(
    Environment,
    "development or production",
    "development" => Environment::Development,
    "production" => Environment::Production
);
words!(
    LogFormat,
    "auto, pretty or json",
    "auto" => LogFormat::Auto,
    "pretty" => LogFormat::Pretty,
    "json" => LogFormat::Json
);
