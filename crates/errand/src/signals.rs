//! Signals, which belong to the process and to nothing inside it.

use std::{convert::Infallible, io, time::Duration};

use service_kit::{Lifecycle, LifecycleError};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGINT and SIGTERM, listened to from the moment this is made.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Listens from now on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for the process to end. The first signal begins the drain, the second cuts it off.
    pub async fn run_to_end(
        self,
        lifecycle: &Lifecycle,
        grace: Duration,
    ) -> Result<(), LifecycleError> {
        self.run_to_end_after(lifecycle, grace, async {}).await
    }

    /// The same, with something that is done at the first signal before the drain begins, unless the
    /// second one comes.
    pub async fn run_to_end_after(
        mut self,
        lifecycle: &Lifecycle,
        grace: Duration,
        before_drain: impl Future<Output = ()>,
    ) -> Result<(), LifecycleError> {
        tokio::select! {
            ended = lifecycle.run(grace) => ended,
            never = self.pass_on(lifecycle, before_drain) => match never {},
        }
    }

    async fn pass_on(
        &mut self,
        lifecycle: &Lifecycle,
        before_drain: impl Future<Output = ()>,
    ) -> Infallible {
        self.next().await;
        tracing::info!("ending: what is in flight is finished first, another signal cuts it off");
        tokio::select! {
            () = before_drain => lifecycle.drain(),
            () = self.next() => lifecycle.abort(),
        }
        loop {
            self.next().await;
            lifecycle.abort();
        }
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
