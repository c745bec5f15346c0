//! Group commit: one thread writes, and one transaction carries every call that waits for it.
//!
//! While a commit waits for the disk the next calls queue up; they then share one commit, so that
//! 64 callers pay for one fsync and not for 64. A caller is answered after its commit, never before.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::folder::FolderLock;

/// Why a call on the engine's files failed. Nothing of the call was written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// The engine is closed or has failed.
    #[error("the engine is closed")]
    Closed,
    /// SQLite could not do it: the disk is full or broken.
    #[error("the engine's files cannot be read or written")]
    Failed(#[source] Arc<rusqlite::Error>),
    /// The publisher named a partition that the topic does not have.
    #[error("kafka: partitioner returned an invalid partition index")]
    NoSuchPartition,
}

impl From<rusqlite::Error> for StorageError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Failed(Arc::new(source))
    }
}

/// What a writer keeps in memory beside its file, so that both change together.
pub(super) trait Ledger: Send + 'static {
    /// Adds what should travel with any commit.
    fn before_commit(&mut self, connection: &Connection) -> rusqlite::Result<()>;
    /// The transaction is on disk.
    fn committed(&mut self);
    /// The transaction left no trace.
    fn rolled_back(&mut self);
}

/// The thread that writes one file.
pub(super) struct GroupCommit<L> {
    queue: mpsc::Sender<Request<L>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum Request<L> {
    Work(Box<dyn Work<L>>),
    Stop,
}

impl<L: Ledger> GroupCommit<L> {
    /// Starts the thread. `failed` is cancelled if it panics; the folder stays locked while it runs.
    pub(super) fn start(
        name: &str,
        connection: Connection,
        ledger: L,
        lock: Arc<FolderLock>,
        failed: CancellationToken,
    ) -> io::Result<Self> {
        let (queue, requests) = mpsc::channel(QUEUE_LENGTH);
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let _alarm = PanicAlarm(failed);
                let _lock = lock;
                Writer {
                    connection,
                    ledger,
                    requests,
                }
                .run();
            })?;
        Ok(Self {
            queue,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Runs `operation` inside the next transaction and returns its value after the commit.
    ///
    /// An error of the operation takes the whole transaction back, with the calls that share it;
    /// an operation that may be refused says so in its value.
    pub(super) async fn call<T, F>(&self, operation: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&mut L, &Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let work = Call {
            operation: Some(operation),
            value: None,
            reply,
        };
        self.queue
            .send(Request::Work(Box::new(work)))
            .await
            .map_err(|_closed| StorageError::Closed)?;
        answer.await.map_err(|_gone| StorageError::Closed)?
    }

    /// Ends the thread after what is queued, and waits for it.
    pub(super) async fn close(&self) {
        // A closed queue means that the thread has ended already.
        let _already_ended = self.queue.send(Request::Stop).await;
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // A thread that panicked has raised its alarm.
            let _ended = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

/// One call in the queue.
trait Work<L>: Send {
    fn run(&mut self, ledger: &mut L, connection: &Connection) -> rusqlite::Result<()>;
    fn answer(self: Box<Self>, outcome: Result<(), StorageError>);
}

struct Call<T, F> {
    operation: Option<F>,
    value: Option<T>,
    reply: oneshot::Sender<Result<T, StorageError>>,
}

impl<L, T, F> Work<L> for Call<T, F>
where
    T: Send,
    F: FnOnce(&mut L, &Connection) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, ledger: &mut L, connection: &Connection) -> rusqlite::Result<()> {
        if let Some(operation) = self.operation.take() {
            self.value = Some(operation(ledger, connection)?);
        }
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), StorageError>) {
        let Self { value, reply, .. } = *self;
        // A caller that has gone away does not want its answer.
        let _gone = reply.send(outcome.and_then(|()| value.ok_or(StorageError::Closed)));
    }
}

struct Writer<L> {
    connection: Connection,
    ledger: L,
    requests: mpsc::Receiver<Request<L>>,
}

impl<L: Ledger> Writer<L> {
    fn run(mut self) {
        let mut stop = false;
        let mut waiting = Vec::new();
        while !stop {
            let Some(first) = self.requests.blocking_recv() else {
                return;
            };
            let mut next = Some(first);
            while let Some(request) = next {
                match request {
                    Request::Work(work) => waiting.push(work),
                    Request::Stop => stop = true,
                }
                if stop || waiting.len() == CALLS_PER_COMMIT {
                    break;
                }
                next = self.requests.try_recv().ok();
            }
            let outcome = self.write(&mut waiting).map_err(StorageError::from);
            match &outcome {
                Ok(()) => self.ledger.committed(),
                Err(error) => {
                    tracing::error!(error = ?error, "a transaction of the engine failed");
                    self.ledger.rolled_back();
                }
            }
            for work in waiting.drain(..) {
                work.answer(outcome.clone());
            }
        }
    }

    fn write(&mut self, waiting: &mut [Box<dyn Work<L>>]) -> rusqlite::Result<()> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for work in waiting {
            work.run(&mut self.ledger, &transaction)?;
        }
        self.ledger.before_commit(&transaction)?;
        transaction.commit()
    }
}

/// Tells the engine when the thread it lives on panics.
pub(super) struct PanicAlarm(pub(super) CancellationToken);

impl Drop for PanicAlarm {
    fn drop(&mut self) {
        if thread::panicking() {
            tracing::error!("a thread of the engine panicked");
            self.0.cancel();
        }
    }
}

/// Calls that may wait for the thread; more wait at the sender.
const QUEUE_LENGTH: usize = 1024;
/// Calls that share a transaction at most, so that the first of them does not wait too long.
const CALLS_PER_COMMIT: usize = 512;
