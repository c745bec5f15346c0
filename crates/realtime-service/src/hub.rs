//! The hub: takes every update from the topic, keeps the latest, and hands them to the streams of
//! their users.
//!
//! One lock guards everything, and nothing waits while it is held: an update is handed to a stream
//! by `try_send` into a bounded queue, and a stream whose queue is full is cut off. Since an update
//! is kept and handed out under the same lock under which a stream goes back to what it missed and
//! takes its place, no update falls between the two and none comes twice.
//!
//! A partition's offsets have no holes. One that is missing is an update that nobody here has seen,
//! so the streams it may concern are told to read their lists again.

mod buffer;
mod resume;
mod subscription;
#[cfg(test)]
mod tests;
mod users;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use domain::UserId;
use jiff::Timestamp;
use proto::v1::ResyncReason;

use self::{
    buffer::{Buffer, Entry, Standing},
    users::Users,
};
use crate::{
    config::RealtimeConfig,
    cursor::Cursor,
    position::{Place, Position},
};

pub use self::subscription::{Item, Opening, Subscription};

/// What the topic brought.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Where it stands.
    pub position: Position,
    /// When it happened, by the publisher's clock, where that can be read.
    pub happened_at: Option<Timestamp>,
    /// What it holds.
    pub content: Content,
}

/// What an event of the topic holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// An update: its owner, and the encoded `errand.v1.UpdateData`.
    Update(UserId, Bytes),
    /// Nothing for a user, such as a canary.
    Nothing,
    /// Something that cannot be read: an update for all we know, which is as good as missing.
    Unreadable,
}

/// An update as it is kept and sent, shared by all who do.
#[derive(Debug)]
pub struct Frame {
    /// Where it stands in the topic.
    pub position: Position,
    /// When this replica got it.
    pub received_at: Timestamp,
    /// The encoded `errand.v1.UpdateData`.
    pub update: Bytes,
}

impl Frame {
    /// Where a stream goes on after it.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            issued_at: self.received_at,
            place: Place::Home(self.position),
        }
    }
}

/// What became of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It was the next of its partition.
    Taken,
    /// It had been taken before, and was ignored.
    Duplicate,
    /// Something before it is missing, or it is unreadable itself. It was taken, and the streams
    /// were told.
    Gap,
    /// The partition's log is another one than before. It was taken, and the streams were told.
    OfNewLog,
}

/// Too many streams are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooManyStreams {
    /// By this user.
    #[error("this user has too many open streams")]
    OfUser,
    /// On this replica.
    #[error("this replica has too many open streams")]
    OfReplica,
}

/// The hub of one replica.
#[derive(Debug)]
pub struct Hub {
    config: RealtimeConfig,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    partitions: BTreeMap<i32, Buffer>,
    users: Users,
}

impl Hub {
    /// An empty hub.
    pub fn new(config: RealtimeConfig) -> Arc<Self> {
        Arc::new(Self {
            config,
            state: Mutex::default(),
        })
    }

    /// Takes in what the topic brought, keeps it, and hands it to its user's streams.
    pub fn receive(&self, arrival: Arrival, now: Timestamp) -> Receipt {
        let Arrival {
            position,
            happened_at,
            content,
        } = arrival;
        let mut state = self.state();
        state.forget_expired(now, &self.config);
        let buffer = state.partitions.entry(position.partition);
        let buffer = buffer.or_insert_with(|| Buffer::starting_at(position));
        let receipt = match buffer.standing(position, happened_at) {
            Standing::Seen => return Receipt::Duplicate,
            Standing::Next if matches!(content, Content::Unreadable) => Receipt::Gap,
            Standing::Next => Receipt::Taken,
            Standing::AfterGap => Receipt::Gap,
            Standing::OfNewLog => Receipt::OfNewLog,
        };
        if receipt != Receipt::Taken {
            state.start_over(position);
        }
        let frame = match content {
            Content::Update(user, update) => Some((
                user,
                Arc::new(Frame {
                    position,
                    received_at: now,
                    update,
                }),
            )),
            Content::Nothing | Content::Unreadable => None,
        };
        if let Some((user, frame)) = &frame {
            state.users.keep(user, frame);
            if receipt == Receipt::Taken {
                state.users.hand_out(user, frame);
            }
        }
        let entry = Entry {
            fingerprint: position.fingerprint,
            received_at: now,
            frame,
        };
        if let Some(buffer) = state.partitions.get_mut(&position.partition) {
            buffer.push(entry, happened_at);
        }
        if receipt != Receipt::Taken {
            state.tell_of_gap(position.partition, now);
        }
        state.forget_surplus(position.partition, &self.config);
        receipt
    }

    /// Opens a stream of a user's updates: from now on, or from where `cursor` ends.
    pub fn subscribe(
        self: &Arc<Self>,
        user: &UserId,
        cursor: Option<&Cursor>,
        now: Timestamp,
    ) -> Result<Subscription, TooManyStreams> {
        let mut state = self.state();
        state.forget_expired(now, &self.config);
        state.users.check_room(user, &self.config)?;
        let resumed = cursor.map(|cursor| resume::missed(&state, user, cursor, now, &self.config));
        let (opening, missed) = match (cursor, resumed) {
            (Some(cursor), Some(Ok(missed))) => (Opening::resumed(cursor.clone()), missed),
            (_, Some(Err(reason))) => (Opening::afresh(state.end(user, now), Some(reason)), vec![]),
            _ => (Opening::afresh(state.end(user, now), None), vec![]),
        };
        let (sender, queue) = tokio::sync::mpsc::channel(self.config.queue.max(1));
        let home = match (&opening.cursor.place, opening.resumed) {
            (Place::Home(position), true) => Some(position.partition),
            _ => None,
        };
        let stream = state.users.add_stream(user, sender, home);
        drop(state);
        Ok(Subscription::new(
            Arc::clone(self),
            user.clone(),
            stream,
            opening,
            missed,
            queue,
        ))
    }

    /// Its bounds.
    pub fn config(&self) -> &RealtimeConfig {
        &self.config
    }

    /// The number of open streams.
    pub fn streams(&self) -> usize {
        self.state().users.streams()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Where a stream of the user goes on that has been sent everything there is.
    fn end(&self, user: &UserId, now: Timestamp) -> Cursor {
        let head = |(number, buffer): (&i32, &Buffer)| buffer.head(*number);
        let home = self.users.home(user);
        let place = match home.and_then(|home| self.partitions.get_key_value(&home)) {
            Some(home) => Place::Home(head(home)),
            None => Place::Heads(self.partitions.iter().map(head).collect()),
        };
        Cursor {
            issued_at: now,
            place,
        }
    }

    /// Forgets what a partition held and begins it at `position`, which is yet to be taken.
    fn start_over(&mut self, position: Position) {
        let buffer = Buffer::starting_over_at(position);
        let old = self.partitions.insert(position.partition, buffer);
        for (user, frame) in old.into_iter().flat_map(Buffer::into_frames) {
            self.users.forget(&user, &frame);
        }
    }

    /// Tells the streams that may have missed something of a partition. They go on after its newest
    /// event, which is in the lists that their clients are about to read.
    fn tell_of_gap(&mut self, partition: i32, now: Timestamp) {
        for user in self.users.listening_to(partition) {
            let end = self.end(&user, now);
            self.users.resync(&user, ResyncReason::Gap, &end);
        }
    }

    /// Forgets what was received longer ago than the retention.
    fn forget_expired(&mut self, now: Timestamp, limits: &RealtimeConfig) {
        let retention = limits.retention;
        for buffer in self.partitions.values_mut() {
            while let Some(entry) = buffer.pop_received_before(now, retention) {
                if let Some((user, frame)) = entry.frame {
                    self.users.forget(&user, &frame);
                }
            }
        }
    }

    /// Forgets the oldest of a partition that holds too much.
    fn forget_surplus(&mut self, partition: i32, limits: &RealtimeConfig) {
        let Some(buffer) = self.partitions.get_mut(&partition) else {
            return;
        };
        while let Some(entry) = buffer.pop_surplus(limits.buffer_entries, limits.buffer_bytes) {
            if let Some((user, frame)) = entry.frame {
                self.users.forget(&user, &frame);
            }
        }
    }
}
