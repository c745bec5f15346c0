//! Section `realtime` of the configuration.

use std::time::Duration;

use service_kit::config::Reader;

/// How much is kept, and for how long.
///
/// Memory is bounded by `partitions` × `buffer_bytes` for what streams can go back to, and by
/// `streams` × `queue` references to updates for what they have yet to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealtimeConfig {
    /// The number of partitions of `task-updates`. A replica is ready once it has caught up with
    /// each of them.
    pub partitions: u16,
    /// How long an update is kept and a cursor is good: the retention of the topic.
    pub retention: Duration,
    /// Updates kept for each partition, at most.
    pub buffer_entries: usize,
    /// Their size in bytes, at most.
    pub buffer_bytes: usize,
    /// Updates sent again to one stream, at most. A client that has missed more reads its lists.
    pub replay: usize,
    /// Updates that wait for a slow client, at most. One more, and its stream ends.
    pub queue: usize,
    /// Streams of one user, at most.
    pub streams_per_user: usize,
    /// Streams of this replica, at most.
    pub streams: usize,
    /// The silence after which a heartbeat is sent.
    pub heartbeat: Duration,
    /// How long a task stays in the trash, for an update to tell when it goes.
    pub trash_retention: Duration,
}

impl RealtimeConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        let default = Self::default();
        Self {
            partitions: reader.within(
                "realtime.partitions",
                default.partitions,
                1..=1_000,
                "the number of partitions of the topic task-updates",
            ),
            retention: reader.duration(
                "realtime.retention",
                "15min",
                "how long an update is kept and a cursor is good: the retention of task-updates",
            ),
            buffer_entries: reader.within(
                "realtime.buffer_entries",
                default.buffer_entries,
                1..=10_000_000,
                "updates kept for each partition, at most",
            ),
            buffer_bytes: reader.within(
                "realtime.buffer_bytes",
                default.buffer_bytes,
                1 << 16..=1 << 32,
                "the size of the updates kept for each partition, at most",
            ),
            replay: reader.within(
                "realtime.replay",
                default.replay,
                0..=1_000_000,
                "updates sent again to one stream, at most",
            ),
            queue: reader.within(
                "realtime.queue",
                default.queue,
                1..=100_000,
                "updates that wait for a slow client, at most",
            ),
            streams_per_user: reader.within(
                "realtime.streams_per_user",
                default.streams_per_user,
                1..=10_000,
                "streams of one user, at most",
            ),
            streams: reader.within(
                "realtime.streams",
                default.streams,
                1..=1_000_000,
                "streams of one replica, at most",
            ),
            heartbeat: reader.duration(
                "realtime.heartbeat",
                "15s",
                "the silence after which a stream sends a heartbeat",
            ),
            // The same setting as backend-api's, which removes the task.
            trash_retention: reader.duration(
                "retention.trash",
                "30days",
                "how long a task stays in the trash before it is removed for good",
            ),
        }
    }
}

impl Default for RealtimeConfig {
    fn default() -> Self {
        Self {
            partitions: 3,
            retention: Duration::from_mins(15),
            buffer_entries: 20_000,
            buffer_bytes: 8 << 20,
            replay: 1_000,
            queue: 128,
            streams_per_user: 20,
            streams: 20_000,
            heartbeat: Duration::from_secs(15),
            trash_retention: Duration::from_hours(30 * 24),
        }
    }
}

#[cfg(test)]
mod tests {
    use service_kit::config::Sources;

    use super::*;

    #[test]
    fn the_documented_defaults_are_the_defaults() {
        let mut reader = Reader::new(Sources::default());
        assert_eq!(RealtimeConfig::read(&mut reader), RealtimeConfig::default());
        assert!(reader.finish().is_ok());
    }
}
