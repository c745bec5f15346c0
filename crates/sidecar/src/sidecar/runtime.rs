//! What all parts of one sidecar share.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use dapr::dapr::proto::runtime::v1::PubsubSubscription;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{AppHealth, InboundRetry, PubSubComponent, StateComponent},
    cron::Schedule,
    engine::{App, Engine},
    secrets::SecretStore,
    tasks::Tasks,
};

/// One sidecar's components, and what connects its parts.
pub(crate) struct Runtime {
    pub(crate) app_id: String,
    /// None for an app that only calls others.
    pub(crate) app: Option<Arc<App>>,
    pub(crate) engine: Engine,
    pub(crate) pubsub: Vec<PubSubComponent>,
    pub(crate) state: Vec<StateComponent>,
    pub(crate) bindings: Vec<Arc<Binding>>,
    pub(crate) secrets: Vec<SecretStore>,
    pub(crate) health: AppHealth,
    pub(crate) retry: InboundRetry,
    pub(crate) drain: Duration,
    pub(crate) max_message_bytes: usize,
    pub(crate) tasks: Tasks,
    /// Cancelled when the sidecar is to stop.
    pub(crate) stopping: CancellationToken,
    /// Told when the sidecar is to start anew.
    pub(crate) restart: Notify,
    pub(super) subscriptions: RwLock<Vec<PubsubSubscription>>,
}

impl Runtime {
    pub(crate) fn pubsub_component(&self, name: &str) -> Option<&PubSubComponent> {
        self.pubsub.iter().find(|component| component.name == name)
    }

    /// What the app subscribes to, once it has been asked.
    pub(crate) fn subscriptions(&self) -> Vec<PubsubSubscription> {
        self.subscriptions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set_subscriptions(&self, subscriptions: Vec<PubsubSubscription>) {
        *self
            .subscriptions
            .write()
            .unwrap_or_else(PoisonError::into_inner) = subscriptions;
    }

    /// Waits for a call; once the sidecar stops, the call has the drain time left.
    pub(crate) async fn until_drained<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        tokio::pin!(call);
        tokio::select! {
            value = &mut call => Some(value),
            () = self.stopping.cancelled() => tokio::time::timeout(self.drain, call).await.ok(),
        }
    }
}

/// A cron binding that is ready to tick.
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) name: String,
    pub(crate) schedule: Schedule,
    pub(crate) direction_input: bool,
}
