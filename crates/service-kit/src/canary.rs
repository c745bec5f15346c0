//! Notices a subscription that has gone quiet.
//!
//! After an app was away at the wrong moment a sidecar can list its subscriptions, call itself
//! healthy and deliver nothing more, for good. So each service publishes a small event to a topic
//! of its own every few seconds, and asks the sidecar to start again when none has come back for
//! long. What the canary cannot notice is one topic that is quiet while others of the same
//! component go on; readiness and the age of events show that.
//!
//! **What a canary proves.** Replicas share a consumer group, so a canary comes to the replica that
//! has its partition. One that comes proves the subscription of the replica it comes to, whoever
//! published it; one that does not come back proves nothing about its publisher. So each gets a
//! random key, they spread over all partitions, and each replica waits for any of them.
//!
//! **The rule.** A canary topic has at least as many partitions as a service can have replicas, so
//! each replica has one whenever partitions have been dealt out, and one to which nothing has come
//! for `canary.quiet` has lost its subscription. A replica that has never seen one counts from the
//! first that it published: a service that was killed can come back to a sidecar that will never
//! deliver again. Silence means nothing in two cases:
//!
//! * The broker is away. So at least half of the canaries that belong to that time must have been
//!   published.
//! * A rebalance goes on, in which nobody gets anything. An event that is never accepted draws it out
//!   to more than a minute: 71 s were measured. `canary.quiet` is longer.
//!
//! A sidecar that stays silent after its restart is asked again after twice the time, and so on up
//! to [`MOST_DOUBLINGS`]: a replica too many, to which no partition falls, does not disturb the others
//! for ever, and a subscription that is dead once more is found all the same.
//!
//! That a healthy replica sees none by chance alone is likeliest with seven, of which some have one
//! partition of twelve: by `(11/12)^210` in 90 s, one in a hundred million.

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::time::Instant;

use crate::{
    health::restart_sidecar,
    kit::Kit,
    sidecar_client::{OutboundEvent, SidecarError},
    topics::canary_topic,
};

/// The `cloudevent.type` of a canary.
pub const CANARY_TYPE: &str = "errand.canary";

/// What has been seen of the canaries.
#[derive(Debug, Clone)]
pub(crate) struct Canary {
    kit: Kit,
    watched: Arc<Mutex<BTreeMap<String, Watched>>>,
}

/// One pub/sub component that this service has subscriptions on.
#[derive(Debug, Clone, Copy, Default)]
struct Watched {
    /// Since when one is waited for: when the last one came, or the first went out.
    since: Option<Instant>,
    /// Canaries that were published since; without any there is nothing to come.
    published_since: u32,
    /// How often in a row the sidecar was asked to start again and nothing came.
    restarts: u32,
}

/// How often the time is doubled that a silent sidecar has until it is asked once more.
const MOST_DOUBLINGS: u32 = 5;

impl Canary {
    /// Watches these pub/sub components.
    pub(crate) fn new(kit: Kit, pubsubs: impl IntoIterator<Item = String>) -> Self {
        let watched = pubsubs
            .into_iter()
            .map(|pubsub| (pubsub, Watched::default()))
            .collect();
        Self {
            kit,
            watched: Arc::new(Mutex::new(watched)),
        }
    }

    /// A canary came back through this component.
    pub(crate) fn seen(&self, pubsub: &str) {
        self.count("received");
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watched) = watched.get_mut(pubsub) {
            *watched = Watched {
                since: Some(Instant::now()),
                ..Watched::default()
            };
        }
    }

    /// Publishes canaries and looks for silence, until the drain begins.
    pub(crate) async fn run(self) -> Result<(), Infallible> {
        let mut ticks = tokio::time::interval(self.kit.config().canary.interval);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.tick().await,
                () = self.kit.lifecycle().draining() => return Ok(()),
            }
        }
    }

    async fn tick(&self) {
        // Until we can handle events the sidecar delivers none.
        if !self.kit.resources().are_ready() {
            return;
        }
        let key = self.kit.ids().uuid().to_string();
        let topic = canary_topic(self.kit.app());
        match publish_canary(&self.kit, &topic, &key).await {
            Ok(()) => self.note_published(),
            Err(error) => {
                self.count("failed");
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "a canary could not be published"
                );
            }
        }
        let quiet = self.quiet();
        if !quiet.is_empty() {
            let quiet = quiet.join(" and ");
            let reason = format!("nothing has been delivered through {quiet}");
            restart_sidecar(&self.kit, &reason).await;
        }
    }

    fn note_published(&self) {
        self.count("published");
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        for watched in watched.values_mut() {
            watched.since.get_or_insert_with(Instant::now);
            watched.published_since += 1;
        }
    }

    fn count(&self, step: &'static str) {
        let labels = [("service", self.kit.app().as_str()), ("step", step)];
        metrics::counter!("errand_canaries_total", &labels).increment(1);
    }

    /// The components through which nothing has come for too long. A restart is one of all of them,
    /// so each is waited for anew.
    fn quiet(&self) -> Vec<String> {
        let config = &self.kit.config().canary;
        let expected = u32::try_from(config.quiet.as_millis() / config.interval.as_millis().max(1))
            .unwrap_or(u32::MAX);
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let is_quiet = |watched: &Watched| {
            let patience = config.quiet * (1 << watched.restarts.min(MOST_DOUBLINGS));
            watched.since.is_some_and(|time| patience <= time.elapsed())
                && expected.div_ceil(2) <= watched.published_since
        };
        let mut quiet = Vec::new();
        for (pubsub, watched) in watched.iter_mut() {
            if is_quiet(watched) {
                watched.restarts += 1;
                quiet.push(pubsub.clone());
            }
        }
        if !quiet.is_empty() {
            for watched in watched.values_mut() {
                watched.since = None;
                watched.published_since = 0;
            }
        }
        quiet
    }
}

/// Publishes a canary on a topic with a partition key: proof that the partition of this key takes
/// events. On a topic that has events of others, every consumer passes over it.
pub(crate) async fn publish_canary(
    kit: &Kit,
    topic: &str,
    partition_key: &str,
) -> Result<(), SidecarError> {
    let id = kit.ids().uuid().to_string();
    let metadata = HashMap::from([
        ("cloudevent.id".to_owned(), id.clone()),
        ("cloudevent.type".to_owned(), CANARY_TYPE.to_owned()),
        ("cloudevent.source".to_owned(), kit.app().to_string()),
        ("partitionKey".to_owned(), partition_key.to_owned()),
    ]);
    let event = OutboundEvent {
        entry_id: id,
        data: b"{}".to_vec(),
        metadata,
    };
    kit.sidecar()
        .publish(&kit.config().sidecar.pubsub, topic, event)
        .await
}
