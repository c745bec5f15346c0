//! Whose updates are kept, and who listens.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use domain::UserId;
use proto::v1::ResyncReason;
use tokio::sync::mpsc;

use super::{Frame, Item, TooManyStreams};
use crate::{config::RealtimeConfig, cursor::Cursor};

/// The users who have an update in a buffer, or an open stream.
#[derive(Debug, Default)]
pub(super) struct Users {
    by_id: HashMap<UserId, User>,
    streams: usize,
    next_stream: u64,
}

#[derive(Debug, Default)]
struct User {
    /// The partition of the user's updates, once it is known.
    home: Option<i32>,
    /// What is kept for the user, in order of arrival.
    frames: VecDeque<Arc<Frame>>,
    streams: Vec<Stream>,
}

/// The hub's end of a stream.
#[derive(Debug)]
pub(super) struct Stream {
    id: u64,
    queue: mpsc::Sender<Item>,
}

impl Users {
    /// Keeps an update for its user.
    pub(super) fn keep(&mut self, user: &UserId, frame: &Arc<Frame>) {
        let user = self.by_id.entry(user.clone()).or_default();
        user.home = Some(frame.position.partition);
        user.frames.push_back(Arc::clone(frame));
    }

    /// Hands an update to its user's streams.
    pub(super) fn hand_out(&mut self, user: &UserId, frame: &Arc<Frame>) {
        if let Some(user) = self.by_id.get_mut(user) {
            self.streams -= user.send(&Item::Update(Arc::clone(frame)));
        }
    }

    /// Tells a user's streams to read their lists again.
    pub(super) fn resync(&mut self, user: &UserId, reason: ResyncReason, end: &Cursor) {
        if let Some(user) = self.by_id.get_mut(user) {
            self.streams -= user.send(&Item::Resync(reason, Box::new(end.clone())));
        }
        self.drop_if_idle(user);
    }

    /// Forgets an update that is no longer kept.
    pub(super) fn forget(&mut self, user: &UserId, frame: &Arc<Frame>) {
        let Some(entry) = self.by_id.get_mut(user) else {
            return;
        };
        // It is the first, unless the user's partition has changed.
        if let Some(index) = entry
            .frames
            .iter()
            .position(|kept| Arc::ptr_eq(kept, frame))
        {
            entry.frames.remove(index);
        }
        self.drop_if_idle(user);
    }

    /// The partition of the user's updates, if it is known.
    pub(super) fn home(&self, user: &UserId) -> Option<i32> {
        self.by_id.get(user)?.home
    }

    /// What is kept for a user, in order of arrival.
    pub(super) fn frames(&self, user: &UserId) -> impl Iterator<Item = &Arc<Frame>> {
        self.by_id
            .get(user)
            .into_iter()
            .flat_map(|user| &user.frames)
    }

    /// The users with streams whose updates are, or may be, in the partition.
    pub(super) fn listening_to(&self, partition: i32) -> Vec<UserId> {
        let concerned = self.by_id.iter().filter(|(_, user)| {
            !user.streams.is_empty() && user.home.is_none_or(|home| home == partition)
        });
        concerned.map(|(id, _)| id.clone()).collect()
    }

    /// Whether the user may open one more stream.
    pub(super) fn check_room(
        &self,
        user: &UserId,
        limits: &RealtimeConfig,
    ) -> Result<(), TooManyStreams> {
        let of_user = self.by_id.get(user).map_or(0, |user| user.streams.len());
        if of_user >= limits.streams_per_user {
            return Err(TooManyStreams::OfUser);
        }
        if self.streams >= limits.streams {
            return Err(TooManyStreams::OfReplica);
        }
        Ok(())
    }

    /// Adds a stream and returns its number. `home` is the user's partition where a cursor tells.
    pub(super) fn add_stream(
        &mut self,
        user: &UserId,
        queue: mpsc::Sender<Item>,
        home: Option<i32>,
    ) -> u64 {
        let id = self.next_stream;
        self.next_stream += 1;
        self.streams += 1;
        let user = self.by_id.entry(user.clone()).or_default();
        user.home = user.home.or(home);
        user.streams.push(Stream { id, queue });
        id
    }

    /// Removes a stream, if it has not been cut off.
    pub(super) fn remove_stream(&mut self, user: &UserId, id: u64) {
        let Some(entry) = self.by_id.get_mut(user) else {
            return;
        };
        let before = entry.streams.len();
        entry.streams.retain(|stream| stream.id != id);
        self.streams -= before - entry.streams.len();
        self.drop_if_idle(user);
    }

    /// Whether the stream has taken everything out of its queue. False once it is cut off.
    pub(super) fn has_taken_all(&self, user: &UserId, id: u64) -> bool {
        let streams = self
            .by_id
            .get(user)
            .into_iter()
            .flat_map(|user| &user.streams);
        let mut own = streams.filter(|stream| stream.id == id);
        own.any(|stream| stream.queue.capacity() == stream.queue.max_capacity())
    }

    /// The number of open streams.
    pub(super) fn streams(&self) -> usize {
        self.streams
    }

    fn drop_if_idle(&mut self, user: &UserId) {
        let idle = |user: &User| user.frames.is_empty() && user.streams.is_empty();
        if self.by_id.get(user).is_some_and(idle) {
            self.by_id.remove(user);
        }
    }
}

impl User {
    /// Puts an item into each stream's queue, and cuts off those that have no room for it. Returns
    /// how many were cut off.
    fn send(&mut self, item: &Item) -> usize {
        let before = self.streams.len();
        self.streams
            .retain(|stream| stream.queue.try_send(item.clone()).is_ok());
        before - self.streams.len()
    }
}

#[cfg(test)]
impl Users {
    /// How many updates are kept for all users.
    pub(super) fn kept(&self) -> usize {
        let idle = |user: &&User| user.frames.is_empty() && user.streams.is_empty();
        assert_eq!(self.by_id.values().filter(idle).count(), 0);
        let streams: usize = self.by_id.values().map(|user| user.streams.len()).sum();
        assert_eq!(streams, self.streams);
        self.by_id.values().map(|user| user.frames.len()).sum()
    }
}
