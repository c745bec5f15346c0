//! Whether the process can do its work.

mod report;
mod subscriptions;

use std::sync::Arc;

use crate::{kit::Kit, lifecycle::Lifecycle, resources::Resources};

pub use self::report::{Part, Report};
use self::subscriptions::Subscriptions;
pub(crate) use self::subscriptions::{SubscriptionWatch, restart_sidecar};

/// Something of a service's own that must be there before it is ready.
pub trait ReadinessCheck: Send + Sync + 'static {
    /// What is checked, in a word.
    fn name(&self) -> &'static str;

    /// Says what is missing.
    fn check(&self) -> Result<(), String>;
}

/// What is known of the process's health.
///
/// There are two questions. *Can it handle events?* (`AppCallbackHealthCheck`): not before database
/// and secrets are there, and from then on yes, since a sidecar that sees an app flap may lose its
/// subscriptions for good; a database that is away for a while is answered with RETRY instead.
/// *Should it be sent requests?* (`/ready`): only while the database answers, every subscription is
/// there and it is not about to end.
#[derive(Clone)]
pub struct Health {
    resources: Resources,
    lifecycle: Lifecycle,
    subscriptions: Subscriptions,
    checks: Arc<[Arc<dyn ReadinessCheck>]>,
}

impl Health {
    pub(crate) fn new(kit: &Kit, checks: Vec<Arc<dyn ReadinessCheck>>) -> Self {
        Self {
            resources: kit.resources().clone(),
            lifecycle: kit.lifecycle().clone(),
            subscriptions: Subscriptions::default(),
            checks: checks.into(),
        }
    }

    /// Whether events can be handled.
    pub fn can_handle_events(&self) -> bool {
        self.resources.are_ready()
    }

    pub(crate) fn subscriptions(&self) -> &Subscriptions {
        &self.subscriptions
    }
}
