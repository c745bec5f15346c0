//! Where an update stands in the topic `task-updates`.

/// A number that tells two events apart that stand at the same offset of two different logs: FNV-1a
/// of the event's id. An offset alone does not name an event for ever, since a topic can be made
/// anew and a data folder restored from a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub u32);

impl Fingerprint {
    /// Of the id of a CloudEvent.
    pub fn of(event_id: &str) -> Self {
        let hash = event_id.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        Self(hash)
    }
}

/// A place in the topic: everything in the partition up to and including the offset lies
/// behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// The number of the partition, from 0.
    pub partition: i32,
    /// The offset in the partition.
    pub offset: i64,
    /// Of the event at the offset.
    pub fingerprint: Fingerprint,
}

/// What a client has behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// All of the user's updates are in this one partition.
    Home(Position),
    /// No update of the user is known yet: one position for each partition.
    Heads(Vec<Position>),
}
