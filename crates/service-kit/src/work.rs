//! One transaction: what changes, and the events that tell of it.

use domain::{AppId, Change, EventDraft, NewIds as _, Payload, Topic, UserId};
use jiff::Timestamp;
use store::{OutboxEntry, StoreError, Tx};

use crate::{context::Context, ids::Ids, outbox::OutboxSignal};

/// One transaction. Rows and events are committed together or not at all; dropped without
/// [`commit`](UnitOfWork::commit), nothing has happened.
pub struct UnitOfWork {
    tx: Tx,
    context: Context,
    app: AppId,
    now: Timestamp,
    ids: Ids,
    largest_event: usize,
    signal: OutboxSignal,
    drafts: Vec<EventDraft>,
    /// The sequences of those drafts that are in the outbox already.
    sequences: Vec<i64>,
}

/// Why a transaction could not be begun or committed. After it nothing has happened, but for a
/// commit whose connection was lost: that one may have.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The database and the secrets are not there yet.
    #[error("the database is not there yet")]
    NotReady,
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event is larger than the brokers take. The limits of the fields should make that
    /// impossible.
    #[error("an event for {topic} has {bytes} bytes, which is more than can be published")]
    EventTooLarge {
        /// The event's topic.
        topic: Topic,
        /// Its size.
        bytes: usize,
    },
}

/// What a unit of work needs from its surroundings.
pub(crate) struct WorkParts {
    pub(crate) app: AppId,
    pub(crate) now: Timestamp,
    pub(crate) ids: Ids,
    pub(crate) largest_event: usize,
    pub(crate) signal: OutboxSignal,
}

impl UnitOfWork {
    pub(crate) fn new(tx: Tx, context: Context, parts: WorkParts) -> Self {
        let WorkParts {
            app,
            now,
            ids,
            largest_event,
            signal,
        } = parts;
        Self {
            tx,
            context,
            app,
            now,
            ids,
            largest_event,
            signal,
            drafts: Vec::new(),
            sequences: Vec::new(),
        }
    }

    /// The transaction, for queries.
    pub fn tx(&self) -> &Tx {
        &self.tx
    }

    /// For whom, by whom and on account of what this is done.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The owner of what changes.
    pub fn user(&self) -> &UserId {
        &self.context.user
    }

    /// The one moment at which all of this happens.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// New ids.
    pub fn ids(&mut self) -> &mut Ids {
        &mut self.ids
    }

    /// Publishes what a change tells: its own event, and the update of the user's screens.
    pub fn record(&mut self, change: &Change) {
        for payload in change.payloads() {
            self.publish_for(change.after.user_id.clone(), payload);
        }
    }

    /// Publishes an event of the context's user.
    pub fn publish(&mut self, payload: Payload) {
        self.publish_for(self.context.user.clone(), payload);
    }

    /// Publishes an event of another user, in work that a service does by itself for many.
    pub fn publish_for(&mut self, user_id: UserId, payload: Payload) {
        let draft = EventDraft {
            id: self.ids.event_id(),
            occurred_at: self.now,
            user_id,
            correlation_id: self.context.correlation_id.clone(),
            source: self.app,
            actor: self.context.actor.clone(),
            payload,
        };
        self.drafts.push(draft);
    }

    /// The events so far.
    pub fn drafts(&self) -> &[EventDraft] {
        &self.drafts
    }

    /// Writes the events so far into the outbox before the commit does. It takes the lock of the
    /// user, which is then held until the end: only for what has to come after the events in the
    /// same transaction.
    pub async fn flush(&mut self) -> Result<(), WorkError> {
        let unwritten = self.drafts.iter().skip(self.sequences.len());
        let entries = unwritten
            .map(|draft| self.entry(draft))
            .collect::<Result<Vec<_>, _>>()?;
        if !entries.is_empty() {
            let sequences = self.tx.outbox_append(&entries).await?;
            self.sequences.extend(sequences);
        }
        Ok(())
    }

    /// Commits rows and events, and wakes the relay. The sequences are those of the events, in
    /// their order.
    pub async fn commit(mut self) -> Result<Vec<i64>, WorkError> {
        // The outbox comes last: it takes the users' locks, which are then held for the commit
        // alone.
        self.flush().await?;
        self.tx.commit().await?;
        if !self.sequences.is_empty() {
            self.signal.wake();
        }
        Ok(self.sequences)
    }

    fn entry(&self, draft: &EventDraft) -> Result<OutboxEntry, WorkError> {
        let topic = draft.payload.topic();
        let data = proto::event::data_json(&draft.payload);
        if self.largest_event < data.len() {
            return Err(WorkError::EventTooLarge {
                topic,
                bytes: data.len(),
            });
        }
        Ok(OutboxEntry {
            event_id: draft.id,
            topic,
            user_id: draft.user_id.clone(),
            occurred_at: draft.occurred_at,
            correlation_id: draft.correlation_id.clone(),
            source: draft.source,
            actor_json: proto::event::actor_json(&draft.actor),
            traceparent: self.context.traceparent.clone(),
            data,
        })
    }
}

impl std::fmt::Debug for UnitOfWork {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("UnitOfWork");
        debug
            .field("context", &self.context)
            .field("now", &self.now)
            .field("drafts", &self.drafts.len())
            .finish_non_exhaustive()
    }
}
