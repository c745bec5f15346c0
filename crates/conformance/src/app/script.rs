//! What an app answers.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use dapr::dapr::proto::runtime::v1::{
    TopicSubscription, topic_event_response::TopicEventResponseStatus,
};
use tokio::sync::watch;
use tonic::Status;

use super::{Batch, Delivery};

/// An answer to a delivery.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A status, known or not.
    Status(i32),
    /// A gRPC error.
    Error(Status),
    /// Accepted, but only once the app is released.
    Hold,
}

impl Reply {
    pub(crate) const SUCCESS: Self = Self::Status(TopicEventResponseStatus::Success as i32);
    pub(crate) const RETRY: Self = Self::Status(TopicEventResponseStatus::Retry as i32);
    pub(crate) const DROP: Self = Self::Status(TopicEventResponseStatus::Drop as i32);
}

type OnEvent = Box<dyn Fn(&Delivery) -> Reply + Send + Sync>;
type OnBatch = Box<dyn Fn(&Batch) -> Result<HashMap<String, i32>, Status> + Send + Sync>;

/// The answers of one app. They may be changed while it runs.
pub(crate) struct Script {
    subscriptions: Mutex<Vec<TopicSubscription>>,
    list_failures: Mutex<VecDeque<Status>>,
    list_bindings: Mutex<Vec<String>>,
    on_event: Mutex<OnEvent>,
    on_batch: Mutex<OnBatch>,
    alpha_known: AtomicBool,
    unhealthy: Mutex<Option<Status>>,
    tick_failure: Mutex<Option<Status>>,
    hold_ticks: AtomicBool,
    released: watch::Sender<bool>,
}

impl Script {
    pub(super) fn new(subscriptions: Vec<TopicSubscription>) -> Self {
        Self {
            subscriptions: Mutex::new(subscriptions),
            list_failures: Mutex::default(),
            list_bindings: Mutex::default(),
            on_event: Mutex::new(Box::new(|_delivery| Reply::SUCCESS)),
            on_batch: Mutex::new(Box::new(|batch| Ok(all(batch, &Reply::SUCCESS)))),
            alpha_known: AtomicBool::new(false),
            unhealthy: Mutex::default(),
            tick_failure: Mutex::default(),
            hold_ticks: AtomicBool::new(false),
            released: watch::Sender::new(false),
        }
    }

    /// Answers deliveries so from now on.
    pub(crate) fn on_event(&self, answer: impl Fn(&Delivery) -> Reply + Send + Sync + 'static) {
        *lock(&self.on_event) = Box::new(answer);
    }

    /// Answers batches so from now on: a status for each entry id.
    pub(crate) fn on_batch(
        &self,
        answer: impl Fn(&Batch) -> Result<HashMap<String, i32>, Status> + Send + Sync + 'static,
    ) {
        *lock(&self.on_batch) = Box::new(answer);
    }

    /// Serves the older name of the bulk callback too.
    pub(crate) fn know_alpha(&self) {
        self.alpha_known.store(true, Ordering::SeqCst);
    }

    /// Answers the next questions for subscriptions with these errors.
    pub(crate) fn fail_list(&self, failures: impl IntoIterator<Item = Status>) {
        lock(&self.list_failures).extend(failures);
    }

    /// Wants these bindings.
    pub(crate) fn want_bindings(&self, names: &[&str]) {
        *lock(&self.list_bindings) = names.iter().map(|&name| name.to_owned()).collect();
    }

    /// Fails health probes from now on, or passes them.
    pub(crate) fn set_unhealthy(&self, failure: Option<Status>) {
        *lock(&self.unhealthy) = failure;
    }

    /// Fails ticks from now on.
    pub(crate) fn fail_ticks(&self, failure: Status) {
        *lock(&self.tick_failure) = Some(failure);
    }

    /// Answers ticks only when released.
    pub(crate) fn hold_ticks(&self) {
        self.hold_ticks.store(true, Ordering::SeqCst);
    }

    /// Lets go of everything that is held.
    pub(crate) fn release(&self) {
        self.released.send_replace(true);
    }

    pub(super) fn subscriptions(&self) -> Result<Vec<TopicSubscription>, Status> {
        match lock(&self.list_failures).pop_front() {
            Some(failure) => Err(failure),
            None => Ok(lock(&self.subscriptions).clone()),
        }
    }

    pub(super) fn bindings(&self) -> Vec<String> {
        lock(&self.list_bindings).clone()
    }

    pub(super) fn reply(&self, delivery: &Delivery) -> Reply {
        (lock(&self.on_event))(delivery)
    }

    pub(super) fn statuses(&self, batch: &Batch) -> Result<HashMap<String, i32>, Status> {
        (lock(&self.on_batch))(batch)
    }

    pub(super) fn alpha_is_known(&self) -> bool {
        self.alpha_known.load(Ordering::SeqCst)
    }

    pub(super) fn health(&self) -> Result<(), Status> {
        lock(&self.unhealthy).clone().map_or(Ok(()), Err)
    }

    pub(super) async fn tick(&self) -> Result<(), Status> {
        if self.hold_ticks.load(Ordering::SeqCst) {
            self.until_released().await;
        }
        lock(&self.tick_failure).clone().map_or(Ok(()), Err)
    }

    pub(super) async fn until_released(&self) {
        let mut released = self.released.subscribe();
        // The script outlives its calls.
        let _released = released.wait_for(|released| *released).await;
    }
}

/// The same answer for every entry.
pub(crate) fn all(batch: &Batch, reply: &Reply) -> HashMap<String, i32> {
    let Reply::Status(status) = reply else {
        return HashMap::new();
    };
    batch
        .request
        .entries
        .iter()
        .map(|entry| (entry.entry_id.clone(), *status))
        .collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
