//! Background tasks that end together: the one place of this crate that spawns.

use std::{any::Any, panic::AssertUnwindSafe};

use futures::FutureExt as _;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// A set of tasks. A task that panics fails the whole set; nothing dies unseen.
#[derive(Clone, Debug)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    killed: CancellationToken,
    failed: CancellationToken,
}

impl Tasks {
    pub(crate) fn new() -> Self {
        Self {
            tracker: TaskTracker::new(),
            killed: CancellationToken::new(),
            failed: CancellationToken::new(),
        }
    }

    /// Runs a task until it ends or the set is killed.
    pub(crate) fn spawn(
        &self,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let killed = self.killed.clone();
        let failed = self.failed.clone();
        self.tracker.spawn(async move {
            let guarded = AssertUnwindSafe(task).catch_unwind();
            if let Some(Err(panic)) = killed.run_until_cancelled_owned(guarded).await {
                tracing::error!(task = name, panic = panic_text(&*panic), "a task panicked");
                failed.cancel();
            }
        });
    }

    /// Cancelled once a task of the set has panicked.
    pub(crate) fn failed(&self) -> &CancellationToken {
        &self.failed
    }

    /// Drops every task where it stands.
    pub(crate) fn kill(&self) {
        self.killed.cancel();
    }

    /// Waits until every task has ended. Tasks may still be added while it waits.
    pub(crate) async fn wait(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}

impl<F> hyper::rt::Executor<F> for Tasks
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, task: F) {
        self.spawn("HTTP/2 stream", task);
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no text)")
}

#[cfg(test)]
mod tests {
    use super::Tasks;

    #[tokio::test]
    async fn a_task_that_panics_fails_the_set() {
        let tasks = Tasks::new();
        tasks.spawn("good", async {});
        tasks.spawn("bad", async { panic!("on purpose") });
        tasks.wait().await;
        assert!(tasks.failed().is_cancelled());
    }

    #[tokio::test]
    async fn a_killed_set_drops_its_tasks() {
        let tasks = Tasks::new();
        tasks.spawn("endless", std::future::pending());
        tasks.kill();
        tasks.wait().await;
        assert!(!tasks.failed().is_cancelled());
    }
}
