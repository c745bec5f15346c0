//! One partition: its latest events in memory, and the signal that wakes its consumers.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::watch;

/// An event as it stands in a partition.
#[derive(Debug)]
pub(crate) struct Message {
    /// Its place in the partition.
    pub(crate) offset: u64,
    /// When it was appended, in milliseconds since the epoch.
    pub(crate) timestamp: i64,
    /// The partition key, where the publisher gave one.
    pub(crate) key: Option<String>,
    /// The publisher's metadata.
    pub(crate) headers: BTreeMap<String, String>,
    /// The payload.
    pub(crate) value: Bytes,
}

impl Message {
    fn weight(&self) -> usize {
        let headers: usize = self
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        self.value.len() + headers
    }
}

/// What a fetch brought.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// Events in order.
    pub(crate) messages: Vec<Arc<Message>>,
    /// Where to go on. It may lie beyond the last event, where older ones have been purged.
    pub(crate) next: u64,
}

/// One partition of a topic.
#[derive(Debug)]
pub(crate) struct Partition {
    /// Its row.
    pub(crate) id: i64,
    /// Its number in the topic, from 0.
    pub(crate) number: u32,
    window: Mutex<Window>,
    end: watch::Sender<u64>,
}

/// The offsets that exist, and the latest events themselves.
#[derive(Debug)]
struct Window {
    first: u64,
    recent: VecDeque<Arc<Message>>,
    recent_bytes: usize,
}

impl Partition {
    pub(super) fn new(id: i64, number: u32, first: u64, end: u64) -> Self {
        let window = Window {
            first,
            recent: VecDeque::new(),
            recent_bytes: 0,
        };
        Self {
            id,
            number,
            window: Mutex::new(window),
            end: watch::Sender::new(end),
        }
    }

    /// The oldest offset that is retained.
    pub(crate) fn first(&self) -> u64 {
        self.window().first
    }

    /// The offset that the next event gets.
    pub(crate) fn end(&self) -> u64 {
        *self.end.borrow()
    }

    /// Waits until there is an event at `offset`.
    pub(crate) async fn reached(&self, offset: u64) {
        let mut end = self.end.subscribe();
        end.wait_for(|end| *end > offset)
            .await
            .expect("the sender lives as long as this call");
    }

    /// Events from memory, or the end of the partition where they must be read from the file.
    pub(super) fn recent(&self, from: u64, limit: usize, bytes: usize) -> Result<Fetched, u64> {
        let end = self.end();
        if from >= end {
            return Ok(Fetched {
                messages: Vec::new(),
                next: from,
            });
        }
        let window = self.window();
        let Some(start) = window.recent.front().map(|message| message.offset) else {
            return Err(end);
        };
        let Some(skip) = from
            .checked_sub(start)
            .and_then(|skip| usize::try_from(skip).ok())
        else {
            return Err(end);
        };
        let mut taken = 0;
        let messages: Vec<_> = window
            .recent
            .iter()
            .skip(skip)
            .take(limit)
            .take_while(|message| {
                let fits = taken < bytes;
                taken += message.value.len();
                fits
            })
            .cloned()
            .collect();
        let next = messages.last().map_or(from, |last| last.offset + 1);
        Ok(Fetched { messages, next })
    }

    /// Takes in an event that is on disk, and wakes the consumers.
    pub(super) fn appended(&self, message: Arc<Message>) {
        let end = message.offset + 1;
        let mut window = self.window();
        window.recent_bytes += message.weight();
        window.recent.push_back(message);
        while window.recent.len() > RECENT_EVENTS || window.recent_bytes > RECENT_BYTES {
            let Some(oldest) = window.recent.pop_front() else {
                break;
            };
            window.recent_bytes -= oldest.weight();
        }
        drop(window);
        self.end.send_replace(end);
    }

    /// Forgets the events before `first`, which are no longer in the file.
    pub(super) fn purged(&self, first: u64) {
        let mut window = self.window();
        window.first = first;
        while window
            .recent
            .front()
            .is_some_and(|oldest| oldest.offset < first)
        {
            let oldest = window.recent.pop_front();
            window.recent_bytes -= oldest.map_or(0, |oldest| oldest.weight());
        }
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Events of one partition that are kept in memory at most.
const RECENT_EVENTS: usize = 256;
/// Their size at most.
const RECENT_BYTES: usize = 256 << 10;
