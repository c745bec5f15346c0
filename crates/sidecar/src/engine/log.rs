//! Durable topics: partitioned logs of events, and how far each consumer group has come.

mod absence;
mod groups;
mod ledger;
mod partition;
mod positions;
mod purge;
mod share;
mod tables;
mod topic;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use self::{absence::Absence, ledger::LogLedger, positions::Positions, share::Share};
pub(crate) use self::{
    partition::{Fetched, Message, Partition},
    positions::Group,
    share::Seat,
    topic::Topic,
};
use super::{
    EngineConfig, EngineError, TopicConfig,
    commit::{GroupCommit, StorageError},
    database,
    folder::FolderLock,
    readers::Readers,
};
use crate::clock::Clock;

/// An event to append.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// Decides the partition, unless one is named, and travels as `__key`.
    pub(crate) key: Option<String>,
    /// The partition that the publisher named.
    pub(crate) partition: Option<usize>,
    /// The publisher's metadata.
    pub(crate) headers: BTreeMap<String, String>,
    /// The payload: a CloudEvent, unless it was published raw.
    pub(crate) value: Bytes,
}

/// The publisher named a partition by something that is no number.
#[derive(Debug, thiserror::Error)]
#[error("invalid partitionNumber metadata value {0:?}")]
pub(crate) struct InvalidPartitionNumber(String);

impl Record {
    /// A payload that goes where its metadata say. Unlike all others these names have a case
    /// (components-contrib `common/component/kafka/producer.go`).
    pub(crate) fn of_metadata(
        value: Bytes,
        headers: BTreeMap<String, String>,
    ) -> Result<Self, InvalidPartitionNumber> {
        let partition = headers.get("partitionNumber").map(|number| {
            let invalid = |_| InvalidPartitionNumber(number.clone());
            number.parse().map_err(invalid)
        });
        let key = headers.get("__key").or_else(|| headers.get("partitionKey"));
        Ok(Self {
            key: key.cloned(),
            partition: partition.transpose()?,
            headers,
            value,
        })
    }
}

/// Topics and consumer groups of one file.
pub(crate) struct Log {
    commit: GroupCommit<LogLedger>,
    readers: Readers,
    clock: Clock,
    topics: RwLock<HashMap<String, Arc<Topic>>>,
    defaults: RwLock<TopicDefaults>,
    positions: Arc<Positions>,
    shares: Mutex<HashMap<(i64, i64), Arc<Share>>>,
    next_ephemeral: AtomicI64,
    absence: Absence,
}

/// What a topic is made with.
#[derive(Clone, Debug, Default)]
pub(super) struct TopicDefaults {
    partitions: u32,
    retention: Duration,
    forget_groups_after: Duration,
    topics: HashMap<String, TopicConfig>,
}

impl From<&EngineConfig> for TopicDefaults {
    fn from(config: &EngineConfig) -> Self {
        let listed = config
            .topics
            .iter()
            .map(|topic| (topic.name.clone(), topic.clone()));
        Self {
            partitions: config.default_partitions.max(1),
            retention: config.default_retention,
            forget_groups_after: config.forget_groups_after,
            topics: listed.collect(),
        }
    }
}

impl TopicDefaults {
    fn partitions_of(&self, topic: &str) -> u32 {
        self.topics
            .get(topic)
            .map_or(self.partitions, |listed| listed.partitions)
            .max(1)
    }

    fn retention_of(&self, topic: &str) -> Duration {
        self.topics
            .get(topic)
            .map_or(self.retention, |listed| listed.retention)
    }
}

impl Log {
    pub(super) fn open(
        file: &Path,
        clock: Clock,
        lock: &Arc<FolderLock>,
        failed: &CancellationToken,
    ) -> Result<Self, EngineError> {
        let connection = database::open_writer(file, &tables::SCHEMA)?;
        let unreadable = |source| EngineError::Open {
            file: file.to_path_buf(),
            source,
        };
        let topics = tables::read_topics(&connection).map_err(unreadable)?;
        let positions = Arc::new(Positions::new(
            groups::read_positions(&connection).map_err(unreadable)?,
        ));
        let readers = Readers::start("topics-read", file, lock, failed)?;
        let ledger = LogLedger::new(Arc::clone(&positions));
        let commit = GroupCommit::start(
            "topics-write",
            connection,
            ledger,
            Arc::clone(lock),
            failed.clone(),
        )
        .map_err(EngineError::Threads)?;
        Ok(Self {
            commit,
            readers,
            clock,
            topics: RwLock::new(topics),
            defaults: RwLock::default(),
            positions,
            shares: Mutex::default(),
            next_ephemeral: AtomicI64::new(-1),
            absence: Absence::default(),
        })
    }

    /// Makes the topics that the configuration lists.
    pub(super) async fn prepare(&self, defaults: TopicDefaults) -> Result<(), StorageError> {
        let listed: Vec<_> = defaults.topics.keys().cloned().collect();
        *self
            .defaults
            .write()
            .unwrap_or_else(PoisonError::into_inner) = defaults;
        for topic in listed {
            self.topic(&topic).await?;
        }
        Ok(())
    }

    pub(super) async fn create_topic(&self, topic: &TopicConfig) -> Result<(), StorageError> {
        self.defaults
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .topics
            .insert(topic.name.clone(), topic.clone());
        self.topic(&topic.name).await.map(drop)
    }

    /// The topic of that name; made when it is not there.
    pub(crate) async fn topic(&self, name: &str) -> Result<Arc<Topic>, StorageError> {
        let wanted = self
            .defaults
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .partitions_of(name);
        if let Some(topic) = self.known_topic(name)
            && topic.partitions.len() >= wanted as usize
        {
            return Ok(topic);
        }
        let made = name.to_owned();
        let rows = self
            .commit
            .call(move |_ledger, connection| tables::ensure_topic(connection, &made, wanted))
            .await?;
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        let topic = match topics.get(name) {
            Some(known) => Arc::new(known.with_partitions(rows)),
            None => Arc::new(Topic::new(name, rows)),
        };
        topics.insert(name.to_owned(), Arc::clone(&topic));
        Ok(topic)
    }

    /// Appends the records to a topic. They are on disk, in order, when this returns.
    pub(crate) async fn append(
        &self,
        topic: &str,
        records: Vec<Record>,
    ) -> Result<(), StorageError> {
        let topic = self.topic(topic).await?;
        let now = self.clock.now_milliseconds();
        let placed: Vec<_> = records
            .into_iter()
            .map(|record| {
                let partition = match record.partition {
                    Some(number) => topic.partitions.get(number).map(Arc::clone),
                    None => Some(topic.partition_for(record.key.as_deref())),
                };
                let partition = partition.ok_or(StorageError::NoSuchPartition)?;
                Ok((partition, tables::NewMessage::new(record)))
            })
            .collect::<Result<_, StorageError>>()?;
        self.commit
            .call(move |ledger, connection| {
                for (partition, message) in placed {
                    let offset = ledger.next_offset(&partition);
                    tables::insert_message(connection, partition.id, offset, now, &message)?;
                    ledger.stage(partition, message.stored(offset, now));
                }
                Ok(())
            })
            .await
    }

    /// Events of a partition from `from` on: none when there is none yet.
    pub(crate) async fn fetch(
        &self,
        partition: &Partition,
        from: u64,
        limit: usize,
    ) -> Result<Fetched, StorageError> {
        let end = match partition.recent(from, limit, FETCH_BYTES) {
            Ok(fetched) => return Ok(fetched),
            Err(end) => end,
        };
        let id = partition.id;
        self.readers
            .call(move |connection| {
                tables::read_messages(connection, id, from, end, limit, FETCH_BYTES)
            })
            .await
    }

    /// The consumer group of that name, with a position in each partition of the topic: where it
    /// was, or at the oldest event that is retained.
    pub(crate) async fn join(&self, name: &str, topic: &Topic) -> Result<Group, StorageError> {
        let starts: Vec<_> = topic
            .partitions
            .iter()
            .map(|partition| (partition.id, partition.first()))
            .collect();
        let group_name = name.to_owned();
        let now = self.clock.now_milliseconds();
        let (group, positions) = self
            .commit
            .call(move |_ledger, connection| {
                groups::ensure_group(connection, &group_name, &starts, now)
            })
            .await?;
        self.positions.add(group, positions);
        Ok(Group::named(group))
    }

    /// A new group that lives in memory and is forgotten when it is dropped.
    pub(crate) fn ephemeral_group(&self) -> Group {
        let id = self.next_ephemeral.fetch_sub(1, Ordering::Relaxed);
        Group::ephemeral(id, Arc::clone(&self.positions))
    }

    /// Puts an ephemeral group at the oldest events of the topic that are retained.
    pub(crate) fn join_ephemeral(&self, group: &Group, topic: &Topic) {
        let starts = topic
            .partitions
            .iter()
            .map(|partition| (partition.id, partition.first()));
        self.positions.add(group.id(), starts.collect());
    }

    /// A place among the members of the group that share the topic's partitions.
    pub(crate) fn take_seat(&self, group: &Group, topic: &Topic) -> Seat {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        // A share without members is only kept until the next one is taken.
        shares.retain(|_, share| Arc::strong_count(share) > 1);
        let share = shares
            .entry((group.id(), topic.id))
            .or_insert_with(|| Arc::new(Share::new()));
        Seat::take(share)
    }

    /// The next event the group wants from the partition.
    pub(crate) fn position(&self, group: &Group, partition: &Partition) -> u64 {
        self.positions
            .get(group.id(), partition.id)
            .unwrap_or_else(|| partition.first())
    }

    /// Notes that the group is done with everything before `next`. It reaches the disk with the
    /// next commit, at the latest after [`POSITIONS_DELAY`]: a crash repeats what lies between.
    pub(crate) fn mark(&self, group: &Group, partition: &Partition, next: u64) {
        self.positions.mark(group.id(), partition.id, next);
    }

    /// Writes positions that no other commit has carried.
    pub(super) async fn keep_positions(&self, stopping: CancellationToken) {
        let written = async {
            loop {
                self.positions.changed().await;
                tokio::time::sleep(POSITIONS_DELAY).await;
                if self.positions.is_dirty() {
                    // The writer logs its failures, and the positions stay to be written.
                    let _failed = self.commit.call(|_ledger, _connection| Ok(())).await;
                }
            }
        };
        stopping.run_until_cancelled(written).await;
    }

    pub(super) async fn close(&self) {
        // An empty call carries the last positions; a writer that fails has said so.
        let _failed = self.commit.call(|_ledger, _connection| Ok(())).await;
        self.commit.close().await;
        self.readers.close().await;
    }

    /// Allows the file no more pages than this, or than it has if that is more; `None` lifts it.
    #[cfg(test)]
    pub(super) async fn limit_pages(&self, pages: Option<u32>) {
        let pages = pages.map_or(i64::from(u32::MAX) - 1, i64::from);
        self.commit
            .call(move |_ledger, connection| {
                connection.pragma_update(None, "max_page_count", pages.max(1))
            })
            .await
            .expect("a pragma that every connection takes");
    }

    fn known_topic(&self, name: &str) -> Option<Arc<Topic>> {
        self.topics
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }
}

/// The most bytes of events that one fetch brings.
const FETCH_BYTES: usize = 1 << 20;
/// How long a position may wait for a commit that carries it.
const POSITIONS_DELAY: Duration = Duration::from_millis(50);
