//! The listener.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use super::Reader;

/// Section `server`.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Where to listen.
    pub address: IpAddr,
    /// The port; none means the service's own (8000 to 8004).
    pub port: Option<u16>,
    /// The most connections that are served at once; more wait to be accepted.
    pub max_connections: usize,
    /// The most calls in flight on one HTTP/2 connection.
    pub max_concurrent_streams: u32,
    /// The largest request taken from clients, by gRPC, gRPC-web and REST, in bytes. A larger one is
    /// `INVALID_ARGUMENT`.
    pub max_message_bytes: usize,
    /// The largest message taken from the sidecar, in bytes: a bulk delivery is many events.
    pub max_callback_bytes: usize,
    /// The largest header list, in bytes. The sidecar sends two headers for each event of a bulk
    /// delivery.
    pub max_header_list_bytes: u32,
    /// How long a client may take to send its first request, or the headers of one.
    pub header_timeout: Duration,
    /// The time between pings on a quiet connection; one that does not answer is closed.
    pub keep_alive: Duration,
    /// How long a call that sets no deadline may take to begin its answer.
    pub request_timeout: Duration,
    /// The origins whose pages may call by gRPC-web.
    pub cors_origins: Vec<String>,
}

impl ServerConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            address: reader.get(
                "server.address",
                IpAddr::V4(Ipv4Addr::LOCALHOST),
                "the address to listen on",
            ),
            port: reader.optional(
                "server.port",
                "the port to listen on; without it the service's own, 8000 to 8004",
            ),
            max_connections: reader.within(
                "server.max_connections",
                16_384,
                1..=1_000_000,
                "connections served at once; more wait to be accepted",
            ),
            max_concurrent_streams: reader.within(
                "server.max_concurrent_streams",
                1024,
                1..=1_000_000,
                "calls in flight on one HTTP/2 connection",
            ),
            max_message_bytes: reader.within(
                "server.max_message_bytes",
                1 << 20,
                64 << 10..=64 << 20,
                "largest request taken from a client, in bytes; a larger one is INVALID_ARGUMENT",
            ),
            max_callback_bytes: reader.within(
                "server.max_callback_bytes",
                16 << 20,
                1 << 20..=256 << 20,
                "largest delivery taken from the sidecar",
            ),
            max_header_list_bytes: reader.within(
                "server.max_header_list_bytes",
                4 << 20,
                64 << 10..=64 << 20,
                "largest list of headers; a bulk delivery carries two headers an event",
            ),
            header_timeout: reader.duration(
                "server.header_timeout",
                "30s",
                "how long a client may take to send its first request, or the headers of one",
            ),
            keep_alive: reader.duration(
                "server.keep_alive",
                "30s",
                "time between pings on a quiet connection",
            ),
            request_timeout: reader.duration(
                "server.request_timeout",
                "30s",
                "how long a call without a deadline of its own may take to begin its answer",
            ),
            cors_origins: reader.list(
                "server.cors_origins",
                "origins whose pages may call by gRPC-web and REST",
            ),
        }
    }
}
