//! A topic and which of its partitions an event goes to.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::{partition::Partition, tables::PartitionRow};

/// A topic with its partitions.
#[derive(Debug)]
pub(crate) struct Topic {
    /// Its row.
    pub(crate) id: i64,
    /// Its name.
    pub(crate) name: Arc<str>,
    /// Its partitions, by number.
    pub(crate) partitions: Vec<Arc<Partition>>,
    turn: AtomicUsize,
}

impl Topic {
    pub(super) fn new(name: &str, rows: Vec<PartitionRow>) -> Self {
        let id = rows.first().map_or(0, |row| row.topic);
        let partitions = rows
            .into_iter()
            .map(|row| Arc::new(Partition::new(row.id, row.number, row.first, row.next)))
            .collect();
        Self {
            id,
            name: Arc::from(name),
            partitions,
            turn: AtomicUsize::new(0),
        }
    }

    /// The same topic with the partitions it has got since; those it had stay the same ones.
    pub(super) fn with_partitions(&self, rows: Vec<PartitionRow>) -> Self {
        let known = self.partitions.len();
        let mut more = Self::new(&self.name, rows);
        more.partitions
            .splice(..known, self.partitions.iter().cloned());
        more
    }

    /// The partition of a key; without a key they take turns.
    pub(super) fn partition_for(&self, key: Option<&str>) -> Arc<Partition> {
        let index = match key {
            Some(key) => partition_of_key(key, self.partitions.len()),
            None => self.turn.fetch_add(1, Ordering::Relaxed) % self.partitions.len(),
        };
        Arc::clone(&self.partitions[index])
    }
}

/// The partition that Dapr's Kafka client chooses: FNV-1a as a signed number, its remainder made
/// positive (sarama, `partitioner.go`).
fn partition_of_key(key: &str, partitions: usize) -> usize {
    let hash = key.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let partitions = i32::try_from(partitions).expect("a topic has few partitions");
    let remainder = hash.cast_signed() % partitions;
    usize::try_from(remainder.unsigned_abs()).expect("a partition number is small")
}

#[cfg(test)]
mod tests {
    use super::partition_of_key;

    #[test]
    fn the_hash_is_fnv_1a() {
        // FNV-1a of "a" is 0xe40c292c: as a signed number -468965076.
        assert_eq!(partition_of_key("a", 12), 468_965_076 % 12);
        // FNV-1a of the empty text is the offset basis 0x811c9dc5: -2128831035.
        assert_eq!(partition_of_key("", 7), 2_128_831_035 % 7);
    }
}
