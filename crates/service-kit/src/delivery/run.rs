//! Runs a handler in a transaction of its own.

use std::{future::Future, panic::AssertUnwindSafe};

use futures::FutureExt as _;

use super::Consumer;
use crate::{
    context::Context,
    handler::{HandleBatch, HandleError, Received},
    lifecycle::panic_message,
    service::HandleAny,
    telemetry::current_traceparent,
};

/// A handler panicked.
#[derive(Debug, thiserror::Error)]
#[error("the handler {0}")]
struct Panicked(String);

/// A handler took too long.
#[derive(Debug, thiserror::Error)]
#[error("the handler and its transaction did not end in time")]
struct TooSlow;

impl Consumer {
    /// Runs the handler of one event and commits what it did.
    pub(super) async fn run(
        &self,
        handler: &dyn HandleAny,
        received: &Received<'_>,
    ) -> Result<(), HandleError> {
        self.guard(async {
            let mut work = self.kit.begin(&self.context(received)).await?;
            handler.handle_any(received, &mut work).await?;
            work.commit().await?;
            Ok(())
        })
        .await
    }

    /// Runs the handler of a batch, which is not empty, and commits what it did.
    pub(super) async fn run_batch(
        &self,
        handler: &dyn HandleBatch,
        batch: &[Received<'_>],
    ) -> Result<(), HandleError> {
        let Some(first) = batch.first() else {
            return Ok(());
        };
        self.guard(async {
            let mut work = self.kit.begin(&self.context(first)).await?;
            handler.handle_batch(batch, &mut work).await?;
            work.commit().await?;
            Ok(())
        })
        .await
    }

    /// Bounds a handler's time, its transaction's included, and catches its panic, so that one bad
    /// event cannot take the process or the partition with it. A commit that is left half-way may
    /// have happened; the event comes again and finds its effect there.
    pub(super) async fn guard<F>(&self, handler: F) -> Result<(), HandleError>
    where
        F: Future<Output = Result<(), HandleError>>,
    {
        let bounded = tokio::time::timeout(self.config().delivery.handler_timeout, handler);
        match AssertUnwindSafe(bounded).catch_unwind().await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(HandleError::transient(TooSlow)),
            Err(panic) => {
                metrics::counter!("errand_handler_panics_total", "service" => self.kit.app().as_str()).increment(1);
                Err(HandleError::unexpected(Panicked(panic_message(
                    panic.as_ref(),
                ))))
            }
        }
    }

    fn context(&self, received: &Received<'_>) -> Context {
        let traceparent = current_traceparent().or_else(|| received.delivery.traceparent.clone());
        Context::of_event(self.kit.app(), received.event, traceparent)
    }
}
