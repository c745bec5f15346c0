//! What becomes of an event that the sidecar delivers.
//!
//! An event ends in one of three ways: its effect is in the database (SUCCESS), it comes again
//! (RETRY), or it is kept as a dead letter for an operator (DROP). Which one is decided here and
//! nowhere else:
//!
//! | what happened | answer |
//! |---|---|
//! | handled now, or before | SUCCESS |
//! | the account is deleted | SUCCESS, without effect |
//! | the world is down: database, secrets, a time-out | RETRY, without end |
//! | it cannot be decoded, or its handler says that it never can succeed | dead letter and DROP, at once |
//! | an error nobody foresaw, a panic | RETRY up to `delivery.max_attempts`, then dead letter and DROP |
//! | the dead letter cannot be stored | RETRY |

mod attempts;
mod binding;
mod bulk;
mod dead_letters;
mod envelope;
mod fan_out;
mod message;
mod processed;
mod run;
mod single;
mod verdict;

use crate::{
    config::Config,
    kit::Kit,
    service::{BindingRoute, Service, TopicRoute},
};

pub use self::single::ReplayError;
use self::{attempts::Attempts, processed::ProcessedKeys};
pub(crate) use self::{
    binding::BindingOutcome,
    bulk::BulkEntry,
    message::{Message, origin, partition_key},
    verdict::Verdict,
};

/// Takes what the sidecar delivers and leads it to the handlers of one service.
pub struct Consumer {
    kit: Kit,
    topics: Vec<TopicRoute>,
    bindings: Vec<BindingRoute>,
    processed: ProcessedKeys,
    attempts: Attempts,
}

impl Consumer {
    /// The consumer of a service's events. Serving makes one by itself; a command that replays dead
    /// letters makes one without serving.
    pub fn new(kit: Kit, service: &Service) -> Self {
        Self {
            processed: ProcessedKeys::new(&kit),
            attempts: Attempts::default(),
            topics: service.topics.clone(),
            bindings: service.bindings.clone(),
            kit,
        }
    }

    /// What to do with the events of a topic.
    pub(crate) fn route(&self, topic: &str) -> Option<&TopicRoute> {
        self.topics.iter().find(|route| route.topic.name() == topic)
    }

    /// What to do when a binding fires.
    pub(crate) fn binding(&self, name: &str) -> Option<&BindingRoute> {
        self.bindings.iter().find(|route| route.name == name)
    }

    fn config(&self) -> &Config {
        self.kit.config()
    }
}
