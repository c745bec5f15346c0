//! What an app subscribes to.

use std::{collections::HashMap, time::Duration};

use dapr::dapr::proto::runtime::v1::TopicSubscription;

use crate::cloud_event;

/// What the app wants, as its list of subscriptions says.
#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) pubsub: String,
    pub(crate) topic: String,
    pub(crate) metadata: HashMap<String, String>,
    pub(crate) dead_letter_topic: Option<String>,
    pub(super) path: String,
    pub(super) raw: bool,
    pub(super) bulk: Option<Bulk>,
}

/// How events are gathered for one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bulk {
    pub(super) count: usize,
    pub(super) wait: Duration,
}

impl Subscription {
    pub(crate) fn new(subscription: &TopicSubscription) -> Self {
        let bulk = subscription
            .bulk_subscribe
            .filter(|bulk| bulk.enabled)
            .map(|bulk| Bulk {
                count: positive(bulk.max_messages_count).unwrap_or(DEFAULT_BULK_COUNT),
                wait: positive(bulk.max_await_duration_ms)
                    .and_then(|milliseconds| u64::try_from(milliseconds).ok())
                    .map_or(DEFAULT_BULK_WAIT, Duration::from_millis),
            });
        let dead_letter_topic = subscription.dead_letter_topic.clone();
        Self {
            pubsub: subscription.pubsub_name.clone(),
            topic: subscription.topic.clone(),
            metadata: subscription.metadata.clone(),
            dead_letter_topic: Some(dead_letter_topic).filter(|topic| !topic.is_empty()),
            path: subscription
                .routes
                .as_ref()
                .map(|routes| routes.default.clone())
                .unwrap_or_default(),
            raw: cloud_event::is_raw(&subscription.metadata),
            bulk,
        }
    }

    pub(crate) fn same_topic(&self, other: &Self) -> bool {
        self.pubsub == other.pubsub && self.topic == other.topic
    }
}

fn positive(number: i32) -> Option<usize> {
    usize::try_from(number).ok().filter(|number| *number > 0)
}

/// Dapr's defaults for Kafka.
const DEFAULT_BULK_COUNT: usize = 80;
const DEFAULT_BULK_WAIT: Duration = Duration::from_secs(10);
