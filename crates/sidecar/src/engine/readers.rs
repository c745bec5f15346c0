//! Threads that read one file, each on a connection of its own.

use std::{
    io,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{
    EngineError,
    commit::{PanicAlarm, StorageError},
    database,
    folder::FolderLock,
};

/// A fixed number of reading threads; calls go round.
pub(super) struct Readers {
    queues: Vec<mpsc::Sender<Option<Query>>>,
    next: AtomicUsize,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

type Query = Box<dyn FnOnce(&Connection) + Send>;

impl Readers {
    /// Starts the threads. The file must have been opened for writing before.
    pub(super) fn start(
        name: &str,
        file: &Path,
        lock: &Arc<FolderLock>,
        failed: &CancellationToken,
    ) -> Result<Self, EngineError> {
        let mut queues = Vec::new();
        let mut threads = Vec::new();
        for _ in 0..THREADS {
            let connection = database::open_reader(file)?;
            let (queue, queries) = mpsc::channel(QUEUE_LENGTH);
            let thread = spawn(name, connection, queries, Arc::clone(lock), failed.clone())
                .map_err(EngineError::Threads)?;
            queues.push(queue);
            threads.push(thread);
        }
        Ok(Self {
            queues,
            next: AtomicUsize::new(0),
            threads: Mutex::new(threads),
        })
    }

    /// Runs `query` on one of the connections.
    pub(super) async fn call<T, F>(&self, query: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.queues.len();
        let query: Query = Box::new(move |connection| {
            // A caller that has gone away does not want its answer.
            let _gone = reply.send(query(connection));
        });
        self.queues[turn]
            .send(Some(query))
            .await
            .map_err(|_closed| StorageError::Closed)?;
        Ok(answer.await.map_err(|_gone| StorageError::Closed)??)
    }

    /// Ends the threads after what is queued, and waits for them.
    pub(super) async fn close(&self) {
        for queue in &self.queues {
            // A closed queue means that the thread has ended already.
            let _already_ended = queue.send(None).await;
        }
        let threads: Vec<_> = self
            .threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
            .collect();
        // A thread that panicked has raised its alarm.
        let _ended = tokio::task::spawn_blocking(move || {
            threads
                .into_iter()
                .map(JoinHandle::join)
                .filter(Result::is_err)
                .count()
        })
        .await;
    }
}

fn spawn(
    name: &str,
    connection: Connection,
    mut queries: mpsc::Receiver<Option<Query>>,
    lock: Arc<FolderLock>,
    failed: CancellationToken,
) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        let _alarm = PanicAlarm(failed);
        let _lock = lock;
        while let Some(Some(query)) = queries.blocking_recv() {
            query(&connection);
        }
    })
}

const THREADS: usize = 2;
/// Queries that may wait for one thread; more wait at the sender.
const QUEUE_LENGTH: usize = 256;
