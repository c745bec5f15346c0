//! What a service does with an event: the traits it implements.

mod error;
mod event_type;

use async_trait::async_trait;
use domain::Event;

use crate::work::UnitOfWork;

pub use self::{
    error::HandleError,
    event_type::{
        EventType, ReminderDue, TaskCompleted, TaskCreated, TaskDeleted, TaskUpdated, TaskUpdates,
    },
};
pub use event_type::ReminderDueData;
pub use event_type::TaskUpdatedData;

/// An event as it was delivered.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The event.
    pub event: &'a Event,
    /// How it came here.
    pub delivery: &'a Delivery,
}

/// How an event came here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The topic it was delivered from.
    pub topic: String,
    /// Its place in the topic, where the sidecar tells.
    pub position: Option<Position>,
    /// The W3C trace context of its publisher.
    pub traceparent: Option<String>,
}

/// A place in a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The partition.
    pub partition: i32,
    /// The offset in the partition. Offsets rise by one from event to event.
    pub offset: i64,
}

/// Handles the events of one type, one at a time. `E` says which: `Handle<TaskCompleted>`.
///
/// Decoding is done and events that were handled before do not come here, as far as anybody
/// remembers: the effect must carry a natural unique key in the database all the same. The kit
/// commits `work` after `Ok`; after an error nothing has happened.
#[async_trait]
pub trait Handle<E: EventType>: Send + Sync + 'static {
    /// Does what the event demands.
    async fn handle(
        &self,
        data: E::Data<'_>,
        received: &Received<'_>,
        work: &mut UnitOfWork,
    ) -> Result<(), HandleError>;
}

/// Handles many events in one transaction.
#[async_trait]
pub trait HandleBatch: Send + Sync + 'static {
    /// Does what the events demand, all or nothing. They are of one topic and partition, in its
    /// order. If it fails for another reason than [`HandleError::Transient`], it is called again
    /// with each event alone.
    async fn handle_batch(
        &self,
        batch: &[Received<'_>],
        work: &mut UnitOfWork,
    ) -> Result<(), HandleError>;
}

/// What a topic delivered, not yet decoded.
#[derive(Debug, Clone, Copy)]
pub struct Delivered<'a> {
    /// The id of the `CloudEvent`.
    pub id: &'a str,
    /// The type of the `CloudEvent`.
    pub event_type: &'a str,
    /// What it carries.
    pub data: &'a [u8],
    /// How it came here.
    pub delivery: &'a Delivery,
}

/// Takes everything that a topic delivers, on every replica, to pass it on to whoever is connected.
/// It has no transaction, and an event may come twice.
///
/// It decodes by itself: whoever watches offsets for holes has to see each one, also that of an
/// event which nobody can read, and which ends as a dead letter by [`HandleError::Permanent`].
#[async_trait]
pub trait FanOut: Send + Sync + 'static {
    /// Passes it on.
    async fn deliver(&self, delivered: Delivered<'_>) -> Result<(), HandleError>;
}

/// Runs each time an input binding fires. A run that takes longer than the binding's period makes
/// the ticks in between be skipped: it never overlaps with itself in one process.
#[async_trait]
pub trait HandleBinding: Send + Sync + 'static {
    /// Does what is due. It begins its own transactions, so that it can work in bounded batches.
    async fn run(&self) -> Result<(), HandleError>;
}

/// How events are gathered for a [`HandleBatch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkOptions {
    /// The most events in a batch. Above 80 real sidecars and servers with default header limits
    /// stop understanding each other.
    pub max_messages: u16,
    /// How long the sidecar gathers, in milliseconds.
    pub max_await_milliseconds: u16,
}

impl Default for BulkOptions {
    fn default() -> Self {
        Self {
            max_messages: 80,
            max_await_milliseconds: 250,
        }
    }
}
