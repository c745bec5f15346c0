//! A client's end of a stream.

use std::{collections::VecDeque, sync::Arc};

use domain::UserId;
use jiff::Timestamp;
use proto::v1::ResyncReason;
use tokio::sync::mpsc;

use super::{Frame, Hub};
use crate::cursor::Cursor;

/// What a stream sends.
#[derive(Debug, Clone)]
pub enum Item {
    /// An update.
    Update(Arc<Frame>),
    /// The client has missed something. Once it has read its lists it goes on after the cursor.
    Resync(ResyncReason, Box<Cursor>),
}

/// How a stream begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Whether it goes on right after the cursor.
    pub resumed: bool,
    /// Why it does not, where there was a cursor.
    pub resync: Option<ResyncReason>,
    /// Where the client stands at the beginning.
    pub cursor: Cursor,
}

impl Opening {
    pub(super) fn resumed(cursor: Cursor) -> Self {
        Self {
            resumed: true,
            resync: None,
            cursor,
        }
    }

    pub(super) fn afresh(cursor: Cursor, resync: Option<ResyncReason>) -> Self {
        Self {
            resumed: false,
            resync,
            cursor,
        }
    }
}

/// One stream of a user's updates. Dropping it closes it.
#[derive(Debug)]
pub struct Subscription {
    pub(super) hub: Arc<Hub>,
    user: UserId,
    stream: u64,
    opening: Opening,
    missed: VecDeque<Arc<Frame>>,
    queue: mpsc::Receiver<Item>,
}

impl Subscription {
    pub(super) fn new(
        hub: Arc<Hub>,
        user: UserId,
        stream: u64,
        opening: Opening,
        missed: Vec<Arc<Frame>>,
        queue: mpsc::Receiver<Item>,
    ) -> Self {
        Self {
            hub,
            user,
            stream,
            opening,
            missed: missed.into(),
            queue,
        }
    }

    /// How the stream begins.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// The next item, first those that the client had missed. None once the stream has been cut off
    /// because the client is too slow. Safe to cancel.
    pub async fn next(&mut self) -> Option<Item> {
        match self.missed.pop_front() {
            Some(frame) => Some(Item::Update(frame)),
            None => self.queue.recv().await,
        }
    }

    /// Where the client stands, if it has been sent everything there is. The answer and the
    /// emptiness of the queue are of one moment, so nothing is skipped by going on from there.
    pub fn cursor_if_idle(&self, now: Timestamp) -> Option<Cursor> {
        let state = self.hub.state();
        let idle = self.missed.is_empty() && state.users.has_taken_all(&self.user, self.stream);
        idle.then(|| state.end(&self.user, now))
    }

    /// Where a client stands that reads its lists from now on.
    pub fn end(&self, now: Timestamp) -> Cursor {
        self.hub.state().end(&self.user, now)
    }

    /// The owner.
    pub fn user(&self) -> &UserId {
        &self.user
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub
            .state()
            .users
            .remove_stream(&self.user, self.stream);
    }
}
