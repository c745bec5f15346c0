//! The Dapr sidecar and the names of its components.

use std::{net::IpAddr, time::Duration};

use secrecy::SecretString;

use super::Reader;

/// Section `sidecar`.
#[derive(Debug, Clone)]
pub struct SidecarConfig {
    /// Where the sidecar is.
    pub host: String,
    /// The port of its gRPC API.
    pub grpc_port: u16,
    /// The port of its HTTP API. Known because Dapr sets it everywhere; nothing here uses it.
    pub http_port: u16,
    /// What we send to the sidecar (`dapr-api-token`).
    pub api_token: Option<SecretString>,
    /// What the sidecar must send to us.
    pub app_api_token: Option<SecretString>,
    /// Addresses besides loopback from which the sidecar may call.
    pub callers: Vec<IpAddr>,
    /// The pub/sub component whose consumer group all replicas of a service share.
    pub pubsub: String,
    /// The pub/sub component by which every replica gets every event.
    pub fan_out_pubsub: String,
    /// The state store.
    pub state_store: String,
    /// How long one call to the sidecar may take.
    pub call_timeout: Duration,
    /// How long the idempotency key of an event may take to be read or written.
    pub state_timeout: Duration,
    /// How long a subscription may be missing before the sidecar is asked to start again.
    pub subscription_grace: Duration,
}

impl SidecarConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            host: reader.get(
                "sidecar.host",
                "127.0.0.1".to_owned(),
                "where the Dapr sidecar is",
            ),
            grpc_port: reader.get("sidecar.grpc_port", 50_001, "the port of its gRPC API"),
            http_port: reader.get(
                "sidecar.http_port",
                3500,
                "the port of its HTTP API, which is not used",
            ),
            api_token: reader.secret(
                "sidecar.api_token",
                "what is sent to the sidecar as dapr-api-token",
            ),
            app_api_token: reader.secret(
                "sidecar.app_api_token",
                "what the sidecar must send; without it every delivery is refused",
            ),
            callers: reader.list(
                "sidecar.callers",
                "addresses besides loopback from which the sidecar may call",
            ),
            pubsub: reader.get(
                "sidecar.pubsub",
                "pubsub".to_owned(),
                "the pub/sub component that replicas share",
            ),
            fan_out_pubsub: reader.get(
                "sidecar.fan_out_pubsub",
                "pubsub-fanout".to_owned(),
                "the pub/sub component by which every replica gets every event",
            ),
            state_store: reader.get(
                "sidecar.state_store",
                "statestore".to_owned(),
                "the state store component",
            ),
            call_timeout: reader.duration(
                "sidecar.call_timeout",
                "10s",
                "how long one call to the sidecar may take",
            ),
            state_timeout: reader.duration(
                "sidecar.state_timeout",
                "500ms",
                "how long the idempotency key of an event may take to be read or written",
            ),
            subscription_grace: reader.duration(
                "sidecar.subscription_grace",
                "30s",
                "how long a subscription may be missing before the sidecar is asked to start again",
            ),
        }
    }
}
