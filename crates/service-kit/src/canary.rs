//! Notices a subscription that has gone quiet.
//!
//! After an app was away at the wrong moment a sidecar can list its subscriptions, call itself
//! healthy and deliver nothing more, for good. So each service publishes a small event to a topic
//! of its own every few seconds, and asks the sidecar to start again when none has come back for
//! long. What the canary cannot notice is one topic that is quiet while others of the same
//! component go on; readiness and the age of events show that.
//!
//! Replicas share a consumer group, so a replica sees those canaries that fall on its partitions,
//! whoever published them. It begins to worry only once it has seen one: a replica that has no
//! partition of the topic has nothing to notice. Canary topics should have at least as many
//! partitions as the service has replicas.

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
const EVENT_TYPE: &str = "errand.canary";

/// What has been seen of the canaries.
#[derive(Debug, Clone)]
pub(crate) struct Canary {
    kit: Kit,
    watched: Arc<Mutex<BTreeMap<String, Watched>>>,
}

/// One pub/sub component that this service has subscriptions on.
#[derive(Debug, Clone, Copy, Default)]
struct Watched {
    last_seen: Option<Instant>,
    /// Canaries that were published since; without any there is nothing to come back.
    published_since: u32,
}

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
                last_seen: Some(Instant::now()),
                published_since: 0,
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
        // A key of its own for each canary spreads them over the partitions.
        let key = self.kit.ids().uuid().to_string();
        match publish_canary(&self.kit, &key).await {
            Ok(()) => self.note_published(),
            Err(error) => {
                self.count("failed");
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "a canary could not be published"
                );
            }
        }
        if let Some(pubsub) = self.quiet() {
            restart_sidecar(
                &self.kit,
                &format!("nothing has been delivered through {pubsub}"),
            )
            .await;
        }
    }

    fn note_published(&self) {
        self.count("published");
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        for watched in watched.values_mut() {
            watched.published_since += 1;
        }
    }

    fn count(&self, step: &'static str) {
        let labels = [("service", self.kit.app().as_str()), ("step", step)];
        metrics::counter!("errand_canaries_total", &labels).increment(1);
    }

    /// A component through which nothing has come for too long. It is forgotten until something
    /// comes again.
    fn quiet(&self) -> Option<String> {
        let config = &self.kit.config().canary;
        // Most of those that should have come must have been published: silence while the broker is
        // away means nothing.
        let expected = u32::try_from(config.quiet.as_millis() / config.interval.as_millis().max(1))
            .unwrap_or(u32::MAX);
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let quiet = watched.iter_mut().find(|(_, watched)| {
            watched
                .last_seen
                .is_some_and(|time| config.quiet <= time.elapsed())
                && expected.div_ceil(2) <= watched.published_since
        });
        quiet.map(|(pubsub, watched)| {
            *watched = Watched::default();
            pubsub.clone()
        })
    }
}

/// Publishes one canary with a partition key: proof that publishing works.
pub(crate) async fn publish_canary(kit: &Kit, partition_key: &str) -> Result<(), SidecarError> {
    let id = kit.ids().uuid().to_string();
    let metadata = HashMap::from([
        ("cloudevent.id".to_owned(), id.clone()),
        ("cloudevent.type".to_owned(), EVENT_TYPE.to_owned()),
        ("cloudevent.source".to_owned(), kit.app().to_string()),
        ("partitionKey".to_owned(), partition_key.to_owned()),
    ]);
    let event = OutboundEvent {
        entry_id: id,
        data: b"{}".to_vec(),
        metadata,
    };
    kit.sidecar()
        .publish(
            &kit.config().sidecar.pubsub,
            &canary_topic(kit.app()),
            event,
        )
        .await
}
