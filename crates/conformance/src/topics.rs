//! Subscriptions as an app lists them, and names nothing else uses.

use std::collections::HashMap;

use dapr::dapr::proto::runtime::v1::{BulkSubscribeConfig, TopicRoutes, TopicSubscription};
use uuid::Uuid;

/// The pub/sub component whose consumer group is the app id.
pub(crate) const PUBSUB: &str = "pubsub";
/// The pub/sub component with a consumer group of its own at each start.
pub(crate) const FANOUT: &str = "pubsub-fanout";

/// A name that no other case uses.
#[expect(
    clippy::disallowed_methods,
    reason = "cases run side by side on one engine"
)]
pub(crate) fn unique(name: &str) -> String {
    format!("{name}-{}", &Uuid::new_v4().simple().to_string()[..12])
}

/// A subscription of single delivery.
pub(crate) fn single(pubsub: &str, topic: &str) -> TopicSubscription {
    TopicSubscription {
        pubsub_name: pubsub.to_owned(),
        topic: topic.to_owned(),
        ..TopicSubscription::default()
    }
}

/// A subscription with a dead letter topic.
pub(crate) fn with_dead_letters(topic: &str, dead_letters: &str) -> TopicSubscription {
    TopicSubscription {
        dead_letter_topic: dead_letters.to_owned(),
        ..single(PUBSUB, topic)
    }
}

/// A subscription of bulk delivery.
pub(crate) fn bulk(topic: &str, count: i32, wait_ms: i32) -> TopicSubscription {
    let bulk = BulkSubscribeConfig {
        enabled: true,
        max_messages_count: count,
        max_await_duration_ms: wait_ms,
    };
    TopicSubscription {
        bulk_subscribe: Some(bulk),
        ..single(PUBSUB, topic)
    }
}

/// A subscription with a path.
pub(crate) fn routed(topic: &str, path: &str) -> TopicSubscription {
    let routes = TopicRoutes {
        rules: Vec::new(),
        default: path.to_owned(),
    };
    TopicSubscription {
        routes: Some(routes),
        ..single(PUBSUB, topic)
    }
}

/// A subscription to payloads without a CloudEvent around them.
pub(crate) fn raw(topic: &str) -> TopicSubscription {
    let metadata = HashMap::from([("rawPayload".to_owned(), "true".to_owned())]);
    TopicSubscription {
        metadata,
        ..single(PUBSUB, topic)
    }
}
