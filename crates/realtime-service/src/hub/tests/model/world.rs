//! The topic, the replicas that read it, and the clients that listen to them.

use std::collections::HashSet;

use futures::FutureExt as _;
use jiff::{SignedDuration, ToSpan as _};

use super::*;

/// An event of the topic: its id, its user (none for a canary), its time, and whether it can be read.
#[derive(Debug, Clone)]
struct Event {
    id: u64,
    user: Option<usize>,
    at: Timestamp,
    readable: bool,
}

struct Replica {
    hub: Arc<Hub>,
    /// The offset that each partition delivers next.
    next: [usize; PARTITIONS],
    /// The offset that each partition has got to.
    reached: [usize; PARTITIONS],
}

impl Replica {
    fn new(limits: &RealtimeConfig, next: [usize; PARTITIONS]) -> Self {
        Self {
            hub: Hub::new(limits.clone()),
            next,
            reached: next,
        }
    }
}

#[derive(Default)]
struct Client {
    stream: Option<(usize, Subscription)>,
    cursor: Option<Cursor>,
    known: HashSet<u64>,
    since_lists: HashSet<u64>,
}

pub(super) struct World {
    limits: RealtimeConfig,
    now: Timestamp,
    next_id: u64,
    log: [Vec<Event>; PARTITIONS],
    replicas: Vec<Replica>,
    clients: Vec<Client>,
}

fn name(user: usize) -> UserId {
    super::user(&format!("user-{user}"))
}

/// The client with this number listens to this user: the first two to the same.
fn listens_to(client: usize) -> usize {
    client.saturating_sub(1)
}

impl World {
    pub(super) fn new(limits: RealtimeConfig) -> Self {
        let replica = || Replica::new(&limits, [0; PARTITIONS]);
        let mut world = Self {
            now: start(),
            next_id: 0,
            log: Default::default(),
            replicas: (0..REPLICAS).map(|_| replica()).collect(),
            clients: (0..CLIENTS).map(|_| Client::default()).collect(),
            limits,
        };
        for replica in 0..REPLICAS {
            world.restart(replica);
        }
        world
    }

    pub(super) fn take(&mut self, step: Step) {
        self.now += 1.millisecond();
        match step {
            Step::Publish { user, readable } => {
                self.publish(user % PARTITIONS, Some(user), readable);
            }
            Step::Deliver {
                replica,
                partition,
                count,
            } => self.deliver(replica, partition, count),
            Step::DeliverAgain {
                replica,
                partition,
                count,
            } => {
                let next = &mut self.replicas[replica].next[partition];
                *next = next.saturating_sub(count);
                self.deliver(replica, partition, count);
            }
            Step::Lose { replica, partition } => {
                let Replica { next, reached, .. } = &mut self.replicas[replica];
                // What is read again after the topic was set back is not lost at the same moment.
                if reached[partition] <= next[partition]
                    && next[partition] < self.log[partition].len()
                {
                    next[partition] += 1;
                }
            }
            Step::Open {
                client,
                replica,
                with_cursor,
            } => self.open(client, replica, with_cursor),
            Step::Close { client } => self.clients[client].stream = None,
            Step::Read { client, count } => {
                for _ in 0..count {
                    self.read(client);
                }
            }
            Step::Heartbeat { client } => {
                let (client, now) = (&mut self.clients[client], self.now);
                let stream = client.stream.as_ref();
                if let Some(end) = stream.and_then(|(_, stream)| stream.cursor_if_idle(now)) {
                    client.cursor = Some(end);
                }
            }
            Step::Wait { seconds } => {
                // No replica lags for as long as the topic keeps its events.
                self.deliver_all();
                self.now += seconds.seconds();
            }
            Step::Restart { replica } => self.restart(replica),
            Step::SetBack {
                partition,
                events,
                restart,
            } => self.set_back(partition, events, restart),
        }
        for replica in &self.replicas {
            let kept = replica.hub.state().kept();
            assert!(kept <= PARTITIONS * self.limits.buffer_entries);
        }
    }

    fn publish(&mut self, partition: usize, user: Option<usize>, readable: bool) {
        self.next_id += 1;
        self.log[partition].push(Event {
            id: self.next_id,
            user,
            at: self.now,
            readable,
        });
    }

    fn deliver(&mut self, replica: usize, partition: usize, count: usize) {
        let Replica { hub, next, reached } = &mut self.replicas[replica];
        let events = self.log[partition]
            .iter()
            .enumerate()
            .skip(next[partition])
            .take(count);
        for (offset, event) in events {
            let position = Position {
                partition: i32::try_from(partition).unwrap(),
                offset: i64::try_from(offset).unwrap(),
                fingerprint: Fingerprint::of(&event.id.to_string()),
            };
            let content = match event.user {
                _ if !event.readable => Content::Unreadable,
                Some(user) => Content::Update(name(user), event.id.to_be_bytes().to_vec().into()),
                None => Content::Nothing,
            };
            hub.receive(
                Arrival {
                    position,
                    happened_at: Some(event.at),
                    content,
                },
                self.now,
            );
            next[partition] = offset + 1;
            reached[partition] = reached[partition].max(offset + 1);
        }
    }

    fn deliver_all(&mut self) {
        for (replica, partition) in (0..REPLICAS).flat_map(|r| (0..PARTITIONS).map(move |p| (r, p)))
        {
            self.deliver(replica, partition, usize::MAX);
        }
    }

    /// A new replica begins at the oldest event that is retained and is ready, as it is here at
    /// once, when it has seen its own canary in each partition.
    fn restart(&mut self, replica: usize) {
        for client in &mut self.clients {
            client.stream.take_if(|(on, _)| *on == replica);
        }
        let oldest = self.now - SignedDuration::try_from(self.limits.retention).unwrap();
        let next = std::array::from_fn(|partition| {
            self.log[partition]
                .iter()
                .take_while(|event| event.at < oldest)
                .count()
        });
        self.replicas[replica] = Replica::new(&self.limits, next);
        for partition in 0..PARTITIONS {
            self.publish(partition, None, true);
            self.deliver(replica, partition, usize::MAX);
        }
    }

    /// The topic's latest events are gone, and with them what they told of. A broker reads on from
    /// the beginning of the partition; the embedded one comes back with new replicas.
    fn set_back(&mut self, partition: usize, events: usize, restart: bool) {
        let kept = self.log[partition].len().saturating_sub(events);
        self.log[partition].truncate(kept);
        for replica in 0..REPLICAS {
            if restart {
                self.restart(replica);
            } else {
                self.replicas[replica].next[partition] = 0;
            }
        }
    }

    fn truth(&self, user: usize) -> impl Iterator<Item = u64> {
        let events = self
            .log
            .iter()
            .flatten()
            .filter(move |event| event.user == Some(user));
        events.map(|event| event.id)
    }

    fn open(&mut self, client: usize, replica: usize, with_cursor: bool) {
        let user = name(listens_to(client));
        self.clients[client].stream = None;
        let cursor = self.clients[client].cursor.take().filter(|_| with_cursor);
        let hub = &self.replicas[replica].hub;
        let subscription = hub.subscribe(&user, cursor.as_ref(), self.now).unwrap();
        let opening = subscription.opening().clone();
        assert_eq!(
            opening.resumed,
            cursor.is_some() && opening.resync.is_none()
        );
        self.clients[client].stream = Some((replica, subscription));
        self.clients[client].cursor = Some(opening.cursor);
        if !opening.resumed {
            self.read_lists(client);
        }
    }

    fn read_lists(&mut self, client: usize) {
        let truth: Vec<_> = self.truth(listens_to(client)).collect();
        self.clients[client].known.extend(truth);
        self.clients[client].since_lists.clear();
    }

    /// Reads one item. Returns whether there was one.
    fn read(&mut self, client: usize) -> bool {
        let now = self.now;
        let Client {
            stream,
            cursor,
            known,
            since_lists,
        } = &mut self.clients[client];
        let Some((_, subscription)) = stream else {
            return false;
        };
        match subscription.next().now_or_never() {
            None => false,
            Some(Some(Item::Update(frame))) => {
                let id = u64::from_be_bytes(frame.update.as_ref().try_into().unwrap());
                assert!(since_lists.insert(id), "update {id} came twice");
                known.insert(id);
                *cursor = Some(frame.cursor());
                true
            }
            Some(Some(Item::Resync(_, end))) => {
                *cursor = Some(*end);
                self.read_lists(client);
                true
            }
            // Cut off: the client is told to read its lists and to come back.
            Some(None) => {
                *cursor = Some(subscription.end(now));
                *stream = None;
                self.read_lists(client);
                false
            }
        }
    }

    /// Everything is delivered to every replica, and every client comes back and reads all.
    pub(super) fn settle(&mut self) {
        for partition in 0..PARTITIONS {
            self.publish(partition, None, true);
        }
        self.deliver_all();
        for client in 0..CLIENTS {
            while self.read(client) {}
            if self.clients[client].stream.is_none() {
                self.open(client, client % REPLICAS, true);
                while self.read(client) {}
            }
            for id in self.truth(listens_to(client)) {
                assert!(
                    self.clients[client].known.contains(&id),
                    "client {client} missed {id}"
                );
            }
        }
        self.clients.clear();
        assert!(
            self.replicas
                .iter()
                .all(|replica| replica.hub.streams() == 0)
        );
    }
}
