//! The static table of what a service subscribes to.

use std::collections::{BTreeSet, HashMap};

use dapr::dapr::proto::runtime::v1::{BulkSubscribeConfig, TopicSubscription};

use crate::{
    config::SidecarConfig,
    service::{Consume, Service},
    topics::{canary_topic, dead_letter_topic},
};

/// What a service subscribes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SubscriptionTable {
    entries: Vec<TopicSubscription>,
    bindings: Vec<String>,
    dead_letter_topic: String,
    canary_topic: String,
}

impl SubscriptionTable {
    pub(crate) fn new(service: &Service, config: &SidecarConfig) -> Self {
        let dead_letters = dead_letter_topic(service.app);
        let canary = canary_topic(service.app);
        let topics = service.topics.iter().map(|route| {
            let (pubsub, bulk) = match &route.consume {
                Consume::Single(_) => (&config.pubsub, None),
                Consume::FanOut(_) => (&config.fan_out_pubsub, None),
                Consume::Bulk(_, options) => (&config.pubsub, Some(options)),
            };
            let bulk_subscribe = bulk.map(|options| BulkSubscribeConfig {
                enabled: true,
                max_messages_count: options.max_messages.into(),
                max_await_duration_ms: options.max_await_milliseconds.into(),
            });
            TopicSubscription {
                bulk_subscribe,
                ..subscription(pubsub, route.topic.name(), &dead_letters)
            }
        });
        let mut entries: Vec<TopicSubscription> = topics.collect();
        let mut pubsubs: BTreeSet<String> = entries
            .iter()
            .map(|entry| entry.pubsub_name.clone())
            .collect();
        pubsubs.insert(config.pubsub.clone());
        entries.push(as_it_stands(&config.pubsub, &dead_letters));
        entries.extend(pubsubs.iter().map(|pubsub| as_it_stands(pubsub, &canary)));
        let bindings = service
            .bindings
            .iter()
            .map(|route| route.name.to_owned())
            .collect();
        Self {
            entries,
            bindings,
            dead_letter_topic: dead_letters,
            canary_topic: canary,
        }
    }

    pub(crate) fn entries(&self) -> &[TopicSubscription] {
        &self.entries
    }

    pub(crate) fn bindings(&self) -> &[String] {
        &self.bindings
    }

    pub(crate) fn dead_letter_topic(&self) -> &str {
        &self.dead_letter_topic
    }

    pub(crate) fn canary_topic(&self) -> &str {
        &self.canary_topic
    }

    /// The pub/sub components that anything is subscribed on.
    pub(crate) fn pubsubs(&self) -> BTreeSet<String> {
        self.entries
            .iter()
            .map(|entry| entry.pubsub_name.clone())
            .collect()
    }
}

/// A topic without a dead letter topic, of which everything is taken as it stands: what a sidecar had
/// to read before, and could not, would come again for ever and hold up the rest.
fn as_it_stands(pubsub: &str, topic: &str) -> TopicSubscription {
    TopicSubscription {
        metadata: HashMap::from([("rawPayload".to_owned(), "true".to_owned())]),
        ..subscription(pubsub, topic, "")
    }
}

fn subscription(pubsub: &str, topic: &str, dead_letter_topic: &str) -> TopicSubscription {
    TopicSubscription {
        pubsub_name: pubsub.to_owned(),
        topic: topic.to_owned(),
        metadata: HashMap::new(),
        routes: None,
        dead_letter_topic: dead_letter_topic.to_owned(),
        bulk_subscribe: None,
    }
}
