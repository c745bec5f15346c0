//! What all sidecars of one machine share: topics, state and the list of apps, in one folder.

mod apps;
mod commit;
mod copy;
mod database;
mod folder;
mod log;
mod readers;
mod retention;
mod state;

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

pub(crate) use self::{
    apps::{App, Apps},
    log::{Fetched, Group, InvalidPartitionNumber, Log, Message, Partition, Record, Seat, Topic},
    state::{Concurrency, StateFailure, StateOperation, StateRow, StateStore},
};
pub use self::{
    commit::StorageError,
    copy::{CopyError, copy_files},
};
use self::{folder::FolderLock, log::TopicDefaults};
use crate::{clock::Clock, tasks::Tasks};

/// The broker, the state store and the list of apps of one machine. Clones are the same engine.
///
/// The files are durable when a call returns: WAL, `synchronous=FULL`, and one transaction for all
/// the calls that wait at the same time.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    log: Arc<Log>,
    state: StateStore,
    apps: Apps,
    tasks: Tasks,
    stopping: CancellationToken,
    intake: Arc<Semaphore>,
    intake_bytes: usize,
    folder: PathBuf,
}

/// How an engine is opened.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// The folder that holds the engine's files; made when it is not there.
    pub folder: PathBuf,
    /// Topics that are made at once. Others are made when first published or subscribed to.
    pub topics: Vec<TopicConfig>,
    /// Partitions of a topic that is not listed.
    pub default_partitions: u32,
    /// Retention of a topic that is not listed.
    pub default_retention: Duration,
    /// How long a consumer group may have had no member before nothing is kept for it any more.
    pub forget_groups_after: Duration,
    /// How often retention and the expiry of state are applied.
    pub purge_interval: Duration,
    /// The most bytes of events that may wait for their commit at the same time.
    pub intake_bytes: usize,
    /// The wall clock.
    pub clock: Clock,
}

impl EngineConfig {
    /// An engine in `folder` with 3 partitions and 7 days of retention for every topic, which keeps
    /// nothing for consumer groups that have been gone for 30 days.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            topics: Vec::new(),
            default_partitions: 3,
            default_retention: Duration::from_hours(7 * 24),
            forget_groups_after: Duration::from_hours(30 * 24),
            purge_interval: Duration::from_secs(30),
            intake_bytes: 64 << 20,
            clock: Clock::system(),
        }
    }
}

/// A topic of the engine.
#[derive(Clone, Debug)]
pub struct TopicConfig {
    /// The topic's name.
    pub name: String,
    /// How many partitions it has. A topic that exists already may get more, never fewer.
    pub partitions: u32,
    /// How long an event is kept at least. It is kept beyond that until every consumer group has
    /// passed it, unless a group has had no member for `forget_groups_after`.
    pub retention: Duration,
}

/// Why an engine could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The folder cannot be made, or its lock cannot be opened.
    #[error("cannot use the data folder {}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Another engine has the folder.
    #[error("the data folder {} is held by another process{}", folder.display(), holder.map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
    Held {
        /// The folder.
        folder: PathBuf,
        /// The process that holds it, when it could be read.
        holder: Option<u32>,
    },
    /// A file cannot be opened as a database.
    #[error("cannot open {}", file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// A file was made by a newer version.
    #[error("{} has schema {found}, newer than the {known} this version knows: use the newer version", file.display())]
    Newer {
        /// The file.
        file: PathBuf,
        /// The schema found.
        found: i64,
        /// The newest schema known.
        known: i64,
    },
    /// A connection does not have the durability that is asked for.
    #[error("{} runs with {pragma} = {found}, but needs {needed}", file.display())]
    NotDurable {
        /// The file.
        file: PathBuf,
        /// The setting.
        pragma: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        needed: &'static str,
    },
    /// A thread could not be started, or a task that opens files has ended.
    #[error("cannot start the engine's threads")]
    Threads(#[source] std::io::Error),
    /// The topics could not be read or made.
    #[error("cannot prepare the topics")]
    Topics(#[source] StorageError),
}

impl Engine {
    /// Opens the engine in its folder and takes an exclusive lock on it.
    pub async fn open(config: EngineConfig) -> Result<Self, EngineError> {
        let tasks = Tasks::new();
        let failed = tasks.failed().clone();
        let folder = config.folder.clone();
        let clock = config.clock.clone();
        let files = move || -> Result<(Log, StateStore), EngineError> {
            let lock = Arc::new(FolderLock::take(&folder)?);
            let state = StateStore::open(&folder.join(STATE_FILE), clock.clone(), &lock, &failed)?;
            let log = Log::open(&folder.join(LOG_FILE), clock, &lock, &failed)?;
            Ok((log, state))
        };
        let (log, state) = tokio::task::spawn_blocking(files)
            .await
            .map_err(|source| EngineError::Threads(std::io::Error::other(source)))??;
        log.prepare(TopicDefaults::from(&config))
            .await
            .map_err(EngineError::Topics)?;

        let inner = Inner {
            clock: config.clock,
            log: Arc::new(log),
            state,
            apps: Apps::default(),
            tasks,
            stopping: CancellationToken::new(),
            intake: Arc::new(Semaphore::new(config.intake_bytes)),
            intake_bytes: config.intake_bytes,
            folder: config.folder,
        };
        inner.start_upkeep(config.purge_interval);
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Writes what is still in memory, closes the files and gives up the folder. Sidecars must
    /// have stopped before; calls that come later fail.
    pub async fn close(&self) {
        self.inner.stopping.cancel();
        self.inner.tasks.wait().await;
        self.inner.log.close().await;
        self.inner.state.close().await;
    }

    /// Cancelled when the engine can no longer be trusted, since one of its threads has panicked.
    pub fn failed(&self) -> &CancellationToken {
        self.inner.tasks.failed()
    }

    /// Makes a topic, or adds the partitions that it lacks.
    pub async fn create_topic(&self, topic: &TopicConfig) -> Result<(), StorageError> {
        self.inner.log.create_topic(topic).await
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    pub(crate) fn log(&self) -> &Arc<Log> {
        &self.inner.log
    }

    pub(crate) fn state(&self) -> &StateStore {
        &self.inner.state
    }

    pub(crate) fn apps(&self) -> &Apps {
        &self.inner.apps
    }

    /// Waits until `bytes` more may be held in memory for a commit.
    pub(crate) async fn admit(&self, bytes: usize) -> Result<OwnedSemaphorePermit, AcquireError> {
        // A call larger than the bound goes alone.
        let bytes = u32::try_from(bytes.min(self.inner.intake_bytes)).unwrap_or(u32::MAX);
        Arc::clone(&self.inner.intake)
            .acquire_many_owned(bytes)
            .await
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Engine")
            .field("folder", &self.inner.folder)
            .finish_non_exhaustive()
    }
}

impl Inner {
    fn start_upkeep(&self, purge_interval: Duration) {
        let stopping = self.stopping.clone();
        let log = Arc::clone(&self.log);
        self.tasks.spawn("consumer positions", async move {
            log.keep_positions(stopping).await;
        });
        let stopping = self.stopping.clone();
        let log = Arc::clone(&self.log);
        let state = self.state.clone();
        self.tasks.spawn("retention", async move {
            retention::run(&log, &state, purge_interval, stopping).await;
        });
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

/// The file that holds topics and consumer positions.
const LOG_FILE: &str = "topics.sqlite";
/// The file that holds state.
const STATE_FILE: &str = "state.sqlite";

#[cfg(test)]
mod tests;
