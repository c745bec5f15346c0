//! How events are handled, how they leave, and how silence is noticed.

use std::time::Duration;

use super::Reader;

/// Section `delivery`.
#[derive(Debug, Clone)]
pub struct DeliveryConfig {
    /// How long the state store remembers that an event was handled. At least the topics'
    /// retention.
    pub processed_ttl: Duration,
    /// How many attempts an error that nobody foresaw is given before the event is a dead letter.
    pub max_attempts: u32,
    /// How long a handler may take with an event before its transaction is rolled back and the
    /// event comes again.
    pub handler_timeout: Duration,
}

/// Section `outbox`.
#[derive(Debug, Clone)]
pub struct OutboxConfig {
    /// The most events in one publishing call.
    pub batch_rows: usize,
    /// The most bytes in one publishing call.
    pub batch_bytes: usize,
    /// The largest event, in bytes.
    pub event_bytes: usize,
    /// The most publishing calls in flight.
    pub calls: usize,
    /// How long a publishing call may take.
    pub publish_timeout: Duration,
    /// The time between looks into an outbox that was not empty a moment ago.
    pub poll: Duration,
    /// The time between looks into one that has been empty for long.
    pub idle_poll: Duration,
    /// How long a lease on a shard lasts without being renewed.
    pub lease: Duration,
    /// The first pause after a failed call; it doubles up to `max_backoff`.
    pub backoff: Duration,
    /// The longest pause between attempts.
    pub max_backoff: Duration,
    /// How many failures of a whole call make it be split.
    pub split_after: u32,
    /// How many failures of an event alone, while publishing works otherwise, make it be parked.
    pub park_after: u32,
}

/// Section `canary`.
#[derive(Debug, Clone)]
pub struct CanaryConfig {
    /// The time between canary events.
    pub interval: Duration,
    /// How long none may come before the sidecar is asked to start again.
    pub quiet: Duration,
}

impl DeliveryConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            processed_ttl: reader.duration(
                "delivery.processed_ttl",
                "8days",
                "how long an event is remembered as handled; at least the topics' retention",
            ),
            max_attempts: reader.within(
                "delivery.max_attempts",
                5,
                1..=100,
                "attempts that an unforeseen error is given before the event becomes a dead letter",
            ),
            handler_timeout: reader.duration(
                "delivery.handler_timeout",
                "30s",
                "how long a handler may take before it is rolled back and its event comes again",
            ),
        }
    }
}

impl OutboxConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            batch_rows: reader.within(
                "outbox.batch_rows",
                100,
                1..=1000,
                "events in one publishing call",
            ),
            batch_bytes: reader.within(
                "outbox.batch_bytes",
                3_000_000,
                1_000_000..=60_000_000,
                "bytes in one publishing call; the sidecar takes 4 MiB by default",
            ),
            event_bytes: reader.within(
                "outbox.event_bytes",
                900_000,
                10_000..=50_000_000,
                "bytes of one event; Kafka takes 1 MiB by default, envelope included",
            ),
            calls: reader.within("outbox.calls", 4, 1..=16, "publishing calls in flight"),
            publish_timeout: reader.duration(
                "outbox.publish_timeout",
                "10s",
                "how long a publishing call may take",
            ),
            poll: reader.duration(
                "outbox.poll",
                "250ms",
                "time between looks into an outbox that is in use",
            ),
            idle_poll: reader.duration(
                "outbox.idle_poll",
                "2s",
                "time between looks into one that is idle",
            ),
            lease: reader.duration(
                "outbox.lease",
                "10s",
                "how long a lease on a shard lasts unless renewed",
            ),
            backoff: reader.duration("outbox.backoff", "250ms", "first pause after a failed call"),
            max_backoff: reader.duration(
                "outbox.max_backoff",
                "3s",
                "longest pause between attempts",
            ),
            split_after: reader.within(
                "outbox.split_after",
                3,
                1..=100,
                "failures of a whole call until it is split",
            ),
            park_after: reader.within(
                "outbox.park_after",
                5,
                1..=1000,
                "failures of an event alone, while publishing works otherwise, until it is parked",
            ),
        }
    }
}

impl CanaryConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            interval: reader.duration("canary.interval", "3s", "time between canary events"),
            quiet: reader.duration(
                "canary.quiet",
                // Longer than a rebalance that a busy handler draws out.
                "90s",
                "how long none may come before the sidecar is asked to start again",
            ),
        }
    }
}
