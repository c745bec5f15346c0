//! What leads from a topic or a binding to its handler.

use std::{
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use domain::Topic;

use crate::{
    handler::{
        BulkOptions, EventType, FanOut, Handle, HandleBatch, HandleBinding, HandleError, Received,
    },
    work::UnitOfWork,
};

/// What becomes of the events of a topic.
#[derive(Clone)]
pub(crate) struct TopicRoute {
    pub(crate) topic: Topic,
    pub(crate) consume: Consume,
}

/// How events are taken.
#[derive(Clone)]
pub(crate) enum Consume {
    Single(Arc<dyn HandleAny>),
    Bulk(Arc<dyn HandleBatch>, BulkOptions),
    FanOut(Arc<dyn FanOut>),
}

/// A [`Handle`] whose event type is forgotten.
#[async_trait]
pub(crate) trait HandleAny: Send + Sync + 'static {
    async fn handle_any(
        &self,
        received: &Received<'_>,
        work: &mut UnitOfWork,
    ) -> Result<(), HandleError>;
}

/// Remembers the event type of a [`Handle`].
pub(crate) struct TypedHandler<E, H> {
    handler: H,
    event_type: PhantomData<fn(E)>,
}

impl<E, H> TypedHandler<E, H> {
    pub(crate) fn new(handler: H) -> Self {
        Self {
            handler,
            event_type: PhantomData,
        }
    }
}

#[async_trait]
impl<E: EventType, H: Handle<E>> HandleAny for TypedHandler<E, H> {
    async fn handle_any(
        &self,
        received: &Received<'_>,
        work: &mut UnitOfWork,
    ) -> Result<(), HandleError> {
        let data = E::data(&received.event.payload).ok_or_else(|| {
            HandleError::permanent(format!("the payload is not one of {}", E::TOPIC))
        })?;
        self.handler.handle(data, received, work).await
    }
}

/// What becomes of a binding's ticks.
#[derive(Clone)]
pub(crate) struct BindingRoute {
    pub(crate) name: &'static str,
    pub(crate) handler: Arc<dyn HandleBinding>,
    running: Arc<AtomicBool>,
}

/// Held while a binding's handler runs.
pub(crate) struct Run(Arc<AtomicBool>);

impl BindingRoute {
    pub(crate) fn new(name: &'static str, handler: Arc<dyn HandleBinding>) -> Self {
        Self {
            name,
            handler,
            running: Arc::default(),
        }
    }

    /// The right to run; None while the last run goes on.
    pub(crate) fn begin(&self) -> Option<Run> {
        let was_running = self.running.swap(true, Ordering::AcqRel);
        (!was_running).then(|| Run(Arc::clone(&self.running)))
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
