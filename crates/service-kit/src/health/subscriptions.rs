//! Compares what the sidecar has subscribed with what it should have.
//!
//! The sidecar asks for the subscriptions once, and one that failed is missing without a word. Its
//! metadata tell.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use dapr::dapr::proto::runtime::v1::{GetMetadataResponse, TopicSubscription};
use tokio::time::Instant;

use super::Health;
use crate::kit::Kit;

/// The time between looks.
const INTERVAL: Duration = Duration::from_secs(5);

/// The time between looks until everything is there.
const FIRST_INTERVAL: Duration = Duration::from_millis(250);

type Key = (String, String);

/// What is known of the subscriptions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subscriptions(Arc<RwLock<State>>);

#[derive(Debug, Clone, Default)]
enum State {
    #[default]
    NotAskedYet,
    SidecarAway(String),
    Missing(Vec<String>),
    Complete,
}

impl Subscriptions {
    pub(super) fn problem(&self) -> Result<(), String> {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            State::NotAskedYet => Err("the sidecar has not been asked yet".into()),
            State::SidecarAway(error) => Err(format!("the sidecar is away: {error}")),
            State::Missing(names) => Err(format!("missing: {}", names.join(", "))),
            State::Complete => Ok(()),
        }
    }

    fn set(&self, state: State) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// Looks at the sidecar's subscriptions again and again.
pub(crate) struct SubscriptionWatch {
    kit: Kit,
    health: Health,
    expected: BTreeSet<Key>,
    missing_since: Option<Instant>,
}

impl SubscriptionWatch {
    pub(crate) fn new(kit: Kit, health: Health, expected: &[TopicSubscription]) -> Self {
        let key = |subscription: &TopicSubscription| {
            (subscription.pubsub_name.clone(), subscription.topic.clone())
        };
        Self {
            kit,
            health,
            expected: expected.iter().map(key).collect(),
            missing_since: None,
        }
    }

    /// Looks until the drain begins.
    pub(crate) async fn run(mut self) -> Result<(), Infallible> {
        loop {
            let is_complete = self.look().await;
            let pause = if is_complete {
                INTERVAL
            } else {
                FIRST_INTERVAL
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.kit.lifecycle().draining() => return Ok(()),
            }
        }
    }

    async fn look(&mut self) -> bool {
        let state = match self.kit.sidecar().metadata().await {
            Ok(metadata) => self.compare(&metadata),
            Err(error) => State::SidecarAway(error.to_string()),
        };
        let is_complete = matches!(state, State::Complete);
        self.measure(&state);
        // Before we are healthy the sidecar does not ask for subscriptions, and while it is away it
        // has none to lose.
        let missing = match &state {
            State::Missing(names) if self.health.can_handle_events() => Some(names.join(", ")),
            _ => None,
        };
        self.health.subscriptions().set(state);
        match missing {
            Some(names) => self.act_on_missing(&names).await,
            None => self.missing_since = None,
        }
        is_complete
    }

    /// While the sidecar is away it has none of them.
    #[expect(clippy::cast_precision_loss, reason = "there are few subscriptions")]
    fn measure(&self, state: &State) {
        let missing = match state {
            State::Complete => 0,
            State::Missing(names) => names.len(),
            State::NotAskedYet | State::SidecarAway(_) => self.expected.len(),
        };
        metrics::gauge!("errand_subscriptions_missing", "service" => self.kit.app().as_str())
            .set(missing as f64);
    }

    fn compare(&self, metadata: &GetMetadataResponse) -> State {
        let present: BTreeSet<Key> = metadata
            .subscriptions
            .iter()
            .map(|subscription| (subscription.pubsub_name.clone(), subscription.topic.clone()))
            .collect();
        let missing: Vec<String> = self
            .expected
            .difference(&present)
            .map(|(pubsub, topic)| format!("{topic} on {pubsub}"))
            .collect();
        if missing.is_empty() {
            State::Complete
        } else {
            State::Missing(missing)
        }
    }

    /// Asks the sidecar to start again once something has been missing for long: it asks for its
    /// subscriptions only then.
    async fn act_on_missing(&mut self, names: &str) {
        let since = *self.missing_since.get_or_insert_with(Instant::now);
        if since.elapsed() < self.kit.config().sidecar.subscription_grace {
            return;
        }
        self.missing_since = None;
        restart_sidecar(&self.kit, &format!("subscriptions are missing: {names}")).await;
    }
}

/// Asks the sidecar to end, so that whoever runs it starts it again.
pub(crate) async fn restart_sidecar(kit: &Kit, reason: &str) {
    tracing::error!(service = %kit.app(), reason, "asking the sidecar to start again");
    metrics::counter!("errand_sidecar_restarts_total", "service" => kit.app().as_str())
        .increment(1);
    if let Err(error) = kit.sidecar().shutdown().await {
        // It may close the connection before it answers.
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the sidecar did not confirm that it ends"
        );
    }
}
