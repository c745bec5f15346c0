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

    /// Waits for the process to end. The first signal begins the drain, the second cuts it off. What
    /// has to be done before the drain begins is done at the first signal, unless the second comes.
    pub async fn run_to_end(
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
