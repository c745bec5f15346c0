//! What a service is given: transactions, time, ids and keys.

use std::{future::Future, sync::Arc, time::Duration};

use domain::{AppId, CorrelationId, UserId};
use jiff::Timestamp;
use rand::Rng as _;
use store::{ReadTx, Store};

use crate::{
    clock::SharedClock,
    config::Config,
    context::Context,
    error::ApiError,
    ids::Ids,
    lifecycle::Lifecycle,
    outbox::OutboxSignal,
    resources::Resources,
    seal::Seal,
    sidecar_client::SidecarClient,
    work::{UnitOfWork, WorkError, WorkParts},
};

/// How often a request is tried whose transaction lost against another one.
pub(crate) const MOST_ATTEMPTS: u32 = 4;

/// What a service is given. A cheap handle.
#[derive(Debug, Clone)]
pub struct Kit(Arc<Parts>);

/// What a [`Kit`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// Which service this is.
    pub app: AppId,
    /// The configuration of this service.
    pub config: Config,
    /// The time.
    pub clock: SharedClock,
    /// New ids.
    pub ids: Ids,
    /// The database and the keys, once they are there.
    pub resources: Resources,
    /// The sidecar.
    pub sidecar: SidecarClient,
    /// The life of the process.
    pub lifecycle: Lifecycle,
    /// Wakes the relay of this service.
    pub signal: OutboxSignal,
}

impl Kit {
    /// A kit of these parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Which service this is.
    pub fn app(&self) -> AppId {
        self.0.app
    }

    /// The configuration of this service.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The time.
    pub fn clock(&self) -> &SharedClock {
        &self.0.clock
    }

    /// The largest request that is taken from a client, in bytes: for `max_decoding_message_size`
    /// of each gRPC service.
    pub fn largest_request(&self) -> usize {
        self.0.config.server.max_message_bytes
    }

    /// The present moment, in whole microseconds.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// New ids.
    pub fn ids(&self) -> Ids {
        self.0.ids.clone()
    }

    /// The sidecar.
    pub fn sidecar(&self) -> &SidecarClient {
        &self.0.sidecar
    }

    /// The life of the process.
    pub fn lifecycle(&self) -> &Lifecycle {
        &self.0.lifecycle
    }

    /// The database and the keys, once they are there.
    pub fn resources(&self) -> &Resources {
        &self.0.resources
    }

    /// Wakes the relay of this service.
    pub fn outbox_signal(&self) -> &OutboxSignal {
        &self.0.signal
    }

    /// The store.
    pub fn store(&self) -> Result<Store, WorkError> {
        self.0.resources.store().ok_or(WorkError::NotReady)
    }

    /// The keys.
    pub fn seal(&self) -> Result<Seal, WorkError> {
        self.0.resources.seal().ok_or(WorkError::NotReady)
    }

    /// Begins to read.
    pub async fn read(&self) -> Result<ReadTx, WorkError> {
        Ok(self.store()?.read().await?)
    }

    /// Begins a unit of work.
    pub async fn begin(&self, context: &Context) -> Result<UnitOfWork, WorkError> {
        let tx = self.store()?.begin().await?;
        let parts = WorkParts {
            app: self.0.app,
            now: self.now(),
            ids: self.ids(),
            largest_event: self.0.config.outbox.event_bytes,
            signal: self.0.signal.clone(),
        };
        Ok(UnitOfWork::new(tx, context.clone(), parts))
    }

    /// The context in which this service acts for a user by itself, with a new correlation id.
    pub fn own_context(&self, user: UserId) -> Context {
        self.own_context_with(user, self.0.ids.correlation_id())
    }

    /// The context in which this service acts for a user by itself.
    pub fn own_context_with(&self, user: UserId, correlation_id: CorrelationId) -> Context {
        Context::of_service(self.0.app, user, correlation_id)
    }

    /// Runs `body` with a unit of work that it has to commit. When the transaction loses against
    /// another one (a deadlock, a serialisation failure), it is tried again, a few times.
    pub async fn transact<T, F, Fut>(&self, context: &Context, mut body: F) -> Result<T, ApiError>
    where
        F: FnMut(UnitOfWork) -> Fut,
        Fut: Future<Output = Result<T, ApiError>>,
    {
        let mut attempt = 1;
        loop {
            let outcome = match self.begin(context).await {
                Ok(work) => body(work).await,
                Err(error) => Err(error.into()),
            };
            match outcome {
                Err(error) if error.is_contention() && attempt < MOST_ATTEMPTS => {
                    self.pause_before_retry(attempt, &error).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    pub(crate) async fn pause_before_retry(&self, attempt: u32, error: &ApiError) {
        metrics::counter!("errand_transaction_retries_total", "service" => self.0.app.as_str())
            .increment(1);
        tracing::debug!(
            attempt,
            error = error as &dyn std::error::Error,
            "the transaction is tried again"
        );
        tokio::time::sleep(pause(attempt)).await;
    }
}

/// A pause that two contenders do not share.
fn pause(attempt: u32) -> Duration {
    let most = 10_u64 << attempt;
    Duration::from_millis(rand::rng().random_range(1..=most))
}
