//! How a process starts its background work, and how it ends.

use std::{
    fmt,
    future::Future,
    panic::AssertUnwindSafe,
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures::FutureExt as _;
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFuture},
    task::TaskTracker,
};

/// The life of a process: what runs in it, and the order in which it ends.
///
/// Draining begins by [`Lifecycle::drain`] (the first signal; signals belong to `main`): listeners
/// stop accepting, readiness fails, streams end, relays empty their outbox.
/// [`Lifecycle::abort`] (the second signal, or the end of the grace period) cuts everything off. A
/// background task that ends by itself, or panics, starts the drain and makes the outcome a
/// failure: a process that is half dead helps nobody.
#[derive(Debug, Clone, Default)]
pub struct Lifecycle {
    draining: CancellationToken,
    aborted: CancellationToken,
    tasks: TaskTracker,
    failure: Arc<OnceLock<Failure>>,
}

/// The background task whose end took the process down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("background task {task} ended: {reason}")]
pub struct Failure {
    /// The name of the task.
    pub task: String,
    /// Why it ended.
    pub reason: String,
}

/// How a process ended when it did not end well.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LifecycleError {
    /// A background task ended by itself.
    #[error(transparent)]
    TaskDied(Failure),
    /// What was in flight did not end within the grace period, or a second signal came.
    #[error("cut off before everything in flight had ended")]
    CutOff,
}

impl Lifecycle {
    /// A process that runs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs a background task for as long as the process lives. It must return once draining has
    /// begun: a return before that, an error or a panic takes the process down.
    pub fn spawn<F, E>(&self, name: impl Into<String>, future: F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: fmt::Display,
    {
        let (name, lifecycle) = (name.into(), self.clone());
        self.spawn_short(async move {
            let outcome = tokio::select! {
                outcome = AssertUnwindSafe(future).catch_unwind() => outcome,
                () = lifecycle.aborted.cancelled() => return,
            };
            match outcome {
                Ok(Ok(())) if lifecycle.is_draining() => {
                    tracing::debug!(task = name, "background task ended");
                }
                Ok(Ok(())) => lifecycle.fail(name, "it returned"),
                Ok(Err(error)) => lifecycle.fail(name, error.to_string()),
                Err(panic) => lifecycle.fail(name, panic_message(panic.as_ref())),
            }
        });
    }

    /// Runs a task that ends by itself, such as a connection. The drain waits for it.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one home of tokio::spawn: the tracker watches it"
    )]
    pub fn spawn_short<F>(&self, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        tokio::spawn(self.tasks.track_future(future));
    }

    /// Begins the drain. Repeating it changes nothing.
    pub fn drain(&self) {
        self.draining.cancel();
    }

    /// Cuts everything off.
    pub fn abort(&self) {
        self.draining.cancel();
        self.aborted.cancel();
    }

    /// Takes the process down with a failure: draining begins, and the outcome tells why.
    pub fn fail(&self, task: impl Into<String>, reason: impl Into<String>) {
        let failure = Failure {
            task: task.into(),
            reason: reason.into(),
        };
        tracing::error!(
            task = failure.task,
            reason = failure.reason,
            "background task ended"
        );
        // Only the first failure is the cause; the rest follow from it.
        let _ = self.failure.set(failure);
        self.drain();
    }

    /// Whether draining has begun.
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    /// Returns once draining has begun.
    pub fn draining(&self) -> WaitForCancellationFuture<'_> {
        self.draining.cancelled()
    }

    /// Returns once everything is to be cut off.
    pub fn aborted(&self) -> WaitForCancellationFuture<'_> {
        self.aborted.cancelled()
    }

    /// Waits for the drain to begin and then for every task to end, at most `grace` long. The
    /// result says whether the process may exit with zero.
    pub async fn run(&self, grace: Duration) -> Result<(), LifecycleError> {
        self.draining().await;
        self.tasks.close();
        let cut_off = tokio::select! {
            () = self.tasks.wait() => false,
            () = self.aborted() => true,
            () = tokio::time::sleep(grace) => true,
        };
        self.abort();
        match self.failure.get() {
            Some(failure) => Err(LifecycleError::TaskDied(failure.clone())),
            None if cut_off => Err(LifecycleError::CutOff),
            None => Ok(()),
        }
    }
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("no message"))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const GRACE: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn a_drain_waits_for_what_is_in_flight() {
        let lifecycle = Lifecycle::new();
        let (release, released) = tokio::sync::oneshot::channel::<()>();
        lifecycle.spawn_short(async move { released.await.unwrap_or(()) });
        lifecycle.drain();
        let running = lifecycle.run(GRACE);
        tokio::pin!(running);
        assert!(futures::poll!(running.as_mut()).is_pending());
        release.send(()).unwrap();
        assert_eq!(running.await, Ok(()));
    }

    #[tokio::test]
    async fn a_task_that_returns_early_takes_the_process_down() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("ticker", async { Ok::<_, Infallible>(()) });
        let failure = Failure {
            task: "ticker".into(),
            reason: "it returned".into(),
        };
        assert_eq!(
            lifecycle.run(GRACE).await,
            Err(LifecycleError::TaskDied(failure))
        );
    }

    #[tokio::test]
    async fn a_task_that_panics_takes_the_process_down() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("ticker", async {
            if GRACE.is_zero() {
                return Ok::<_, Infallible>(());
            }
            panic!("no ticks left")
        });
        let failure = Failure {
            task: "ticker".into(),
            reason: "panicked: no ticks left".into(),
        };
        assert_eq!(
            lifecycle.run(GRACE).await,
            Err(LifecycleError::TaskDied(failure))
        );
    }

    #[tokio::test]
    async fn a_task_that_ends_in_the_drain_is_fine() {
        let lifecycle = Lifecycle::new();
        let draining = lifecycle.clone();
        lifecycle.spawn("ticker", async move {
            draining.draining().await;
            Ok::<_, Infallible>(())
        });
        lifecycle.drain();
        assert_eq!(lifecycle.run(GRACE).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn the_grace_period_and_a_second_signal_cut_off() {
        for second_signal in [false, true] {
            let lifecycle = Lifecycle::new();
            lifecycle.spawn_short(std::future::pending());
            lifecycle.drain();
            if second_signal {
                lifecycle.abort();
            }
            assert_eq!(lifecycle.run(GRACE).await, Err(LifecycleError::CutOff));
        }
    }
}
