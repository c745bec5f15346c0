//! Events on their way out: written with the change they tell of, taken by the relay of the
//! service that wrote them, and deleted once they are published.

use domain::{AppId, CorrelationId, EventId, Topic, UserId};
use jiff::Timestamp;

mod append;
mod failing;
mod heads;
mod lease;
mod parked;
mod relay;
mod row;

pub use failing::FailingRow;
pub use lease::{Fence, Lease};
pub use parked::{Parked, ParkedRow};
pub use relay::{OutboxDepth, OutboxRow};

/// Into how many shards users fall. A relay owns whole shards, so that one relay sees all events of
/// a user.
pub const SHARDS: u8 = 16;

/// An event to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Names the event.
    pub event_id: EventId,
    /// Where it goes, which also says what type it is.
    pub topic: Topic,
    /// Whose it is.
    pub user_id: UserId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Ties it to the request that caused it.
    pub correlation_id: CorrelationId,
    /// The service that publishes it.
    pub source: AppId,
    /// Who did it, in JSON.
    pub actor_json: String,
    /// The trace it belongs to, as W3C Trace Context has it.
    pub traceparent: Option<String>,
    /// What happened: the message's `data`, in JSON.
    pub data: String,
}

/// The shard of a user: 0 to 15, the same on every replica and in every version (FNV-1a).
pub fn shard_of(user: &UserId) -> u8 {
    let hash = user
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    // The low bits of FNV-1a hang on few of the last bytes; the high half mixes them in.
    u8::try_from((hash ^ (hash >> 32)) % u64::from(SHARDS)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_spread_over_all_shards_and_stay_there() {
        let user = |number: u32| UserId::parse(&format!("user-{number}")).unwrap();
        let mut counts = [0_u32; SHARDS as usize];
        for number in 0..16_000 {
            counts[usize::from(shard_of(&user(number)))] += 1;
        }
        assert!(
            counts.iter().all(|count| (800..1200).contains(count)),
            "{counts:?}"
        );
        // Rows in a database carry the shard: this may never change.
        let shards: Vec<u8> = ["alice", "bob", "carol", "ÄÖ|ü"]
            .map(|name| shard_of(&UserId::parse(name).unwrap()))
            .into();
        assert_eq!(shards, [12, 13, 9, 13]);
    }
}
