//! Who listens where, publishes what and takes what: the picture in `ARCHITECTURE.md`, as data.
//!
//! The embedded engine is built from it. Whatever describes the same system elsewhere, such as the
//! component files of a real Dapr, is held against it.

use std::{collections::BTreeSet, time::Duration};

use domain::{AppId, Topic};
use realtime_service::config::RealtimeConfig;

/// The component whose consumer group is the app: its replicas share the events.
pub const PUBSUB: &str = "pubsub";

/// The component whose consumer group is new at each start: every replica gets every event.
pub const PUBSUB_FAN_OUT: &str = "pubsub-fanout";

/// The state store of the idempotency keys.
pub const STATE_STORE: &str = "statestore";

/// The secret store.
pub const SECRET_STORE: &str = "secretstore";

/// The port of the first service, where nothing else is said.
pub const PORT_BASE: u16 = 8000;

/// How many replicas a service can have. The events whose handlers work on the database one at a time
/// are in so many partitions, and a replica more would get none of them. Canaries are in so many, too:
/// a replica without a partition of theirs would take that for a subscription that is dead.
pub const MAX_REPLICAS: u32 = 12;

/// How long a consumer may be away before it misses events.
const RETENTION: Duration = Duration::from_hours(7 * 24);

/// How long a canary is of interest.
const CANARY_RETENTION: Duration = Duration::from_hours(1);

/// A topic, as the broker must have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TopicPlan {
    /// Its name.
    pub name: String,
    /// How many handlers of one service can work on it at the same time. More where a handler
    /// works on the database, one event at a time; few where events are taken in bulk.
    pub partitions: u32,
    /// How long an event is kept.
    pub retention: Duration,
}

/// An input binding that fires by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CronPlan {
    /// The component's name.
    pub name: &'static str,
    /// When it fires.
    pub schedule: &'static str,
}

/// Every topic there is. The one that screens are told by is as live updates are configured: they
/// wait for each of its partitions, and promise its retention.
pub fn topics(realtime: &RealtimeConfig) -> Vec<TopicPlan> {
    let events = Topic::ALL.into_iter().map(|topic| {
        let (partitions, retention) = match topic {
            Topic::TaskUpdates => (u32::from(realtime.partitions), realtime.retention),
            Topic::TaskCompleted | Topic::ReminderDue => (MAX_REPLICAS, RETENTION),
            _ => (3, RETENTION),
        };
        TopicPlan {
            name: topic.name().to_owned(),
            partitions,
            retention,
        }
    });
    let own = AppId::ALL.into_iter().flat_map(|app| {
        let dead_letters = TopicPlan {
            name: service_kit::dead_letter_topic(app),
            partitions: 1,
            retention: RETENTION,
        };
        let canaries = TopicPlan {
            name: service_kit::canary_topic(app),
            partitions: MAX_REPLICAS,
            retention: CANARY_RETENTION,
        };
        [dead_letters, canaries]
    });
    events.chain(own).collect()
}

/// The offset of a service's port from the port base.
pub fn port_offset(app: AppId) -> u16 {
    match app {
        AppId::BackendApi => 0,
        AppId::RecurringService => 1,
        AppId::NotificationService => 2,
        AppId::AuditService => 3,
        AppId::RealtimeService => 4,
    }
}

/// The topics that a service publishes to. Its sidecar publishes dead letters in its name.
pub fn publishes(app: AppId) -> BTreeSet<String> {
    let topics: &[Topic] = match app {
        AppId::BackendApi => &[
            Topic::TaskCreated,
            Topic::TaskUpdated,
            Topic::TaskCompleted,
            Topic::TaskDeleted,
            Topic::TaskUpdates,
        ],
        AppId::RecurringService => &[Topic::TaskCreated, Topic::TaskUpdates],
        AppId::NotificationService => &[Topic::ReminderDue, Topic::TaskUpdates],
        AppId::AuditService => &[],
        // It tells itself when it has caught up.
        AppId::RealtimeService => &[Topic::TaskUpdates],
    };
    names(topics)
        .chain([
            service_kit::dead_letter_topic(app),
            service_kit::canary_topic(app),
        ])
        .collect()
}

/// The topics of which a service shares the events with its replicas.
pub fn takes(app: AppId) -> BTreeSet<String> {
    let topics: &[Topic] = match app {
        AppId::BackendApi | AppId::RealtimeService => &[],
        AppId::RecurringService => &[Topic::TaskCompleted],
        AppId::NotificationService => &[Topic::ReminderDue],
        AppId::AuditService => &[
            Topic::TaskCreated,
            Topic::TaskUpdated,
            Topic::TaskCompleted,
            Topic::TaskDeleted,
            Topic::ReminderDue,
        ],
    };
    names(topics)
        .chain([
            service_kit::dead_letter_topic(app),
            service_kit::canary_topic(app),
        ])
        .collect()
}

/// The topics of which every replica of a service takes every event.
pub fn fans_out(app: AppId) -> BTreeSet<String> {
    let topics: &[Topic] = match app {
        AppId::RealtimeService => &[Topic::TaskUpdates],
        _ => &[],
    };
    names(topics).collect()
}

/// The input binding of a service.
pub fn cron(app: AppId) -> Option<CronPlan> {
    match app {
        AppId::BackendApi => Some(CronPlan {
            name: "maintenance-cron",
            schedule: "@every 1m",
        }),
        AppId::NotificationService => Some(CronPlan {
            name: "reminder-check-cron",
            schedule: "@every 1s",
        }),
        _ => None,
    }
}

fn names(topics: &[Topic]) -> impl Iterator<Item = String> {
    topics.iter().map(|topic| topic.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topic_of_live_updates_is_as_they_expect_it() {
        let configured = RealtimeConfig {
            partitions: 7,
            retention: Duration::from_mins(3),
            ..RealtimeConfig::default()
        };
        for realtime in [RealtimeConfig::default(), configured] {
            let topics = topics(&realtime);
            let updates = topics
                .iter()
                .find(|plan| plan.name == Topic::TaskUpdates.name())
                .unwrap();
            assert_eq!(updates.partitions, u32::from(realtime.partitions));
            assert_eq!(updates.retention, realtime.retention);
        }
    }
}
