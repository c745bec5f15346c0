//! Events on their way out.
//!
//! A unit of work writes its events into the outbox, in the transaction of the change they tell of.
//! The relay of the service publishes them and only then deletes them. A crash in between means
//! that they are published again, with the same ids: consumers deduplicate.
//!
//! * Users fall into shards, and a relay holds leases on shards: replicas share the work, and one
//!   relay sees all events of a user in their order. A lease that ran out is noticed by its fence
//!   when published events are deleted.
//! * A *lane* is one user's events on one topic. Of a lane at most one event is under way, so order
//!   holds whatever the broker does with a batch. Lanes do not wait for each other.
//! * A call that fails while publishing works otherwise is split until the event that is at fault
//!   stands alone; that one is parked for an operator, and only the later ones of its lane wait.
//!   What is away (sidecar, broker, a topic as a whole) is waited for, and nothing is ever parked
//!   on its account.
//! * When the process ends, its relay publishes what is still there, as far as that can be had at
//!   once, and then gives its leases back: another replica goes on without waiting for their end.

mod backoff;
mod call;
mod database;
mod evidence;
mod leases;
mod outbound;
mod relay;
mod signal;
mod suspects;
mod window;

pub(crate) use self::relay::Relay;
pub use self::signal::OutboxSignal;
