//! What a process gets only after it has bound its port: the database and the secrets.

use std::sync::{Arc, OnceLock};

use store::Store;

use crate::seal::Seal;

/// The store and the keys, empty until they are there. A cheap handle on one shared slot: a process
/// of several services has one.
///
/// Subscriptions, health and metrics are served without them; whatever needs them answers
/// UNAVAILABLE, or RETRY to an event, until they come.
#[derive(Clone, Default)]
pub struct Resources {
    store: Arc<OnceLock<Store>>,
    seal: Arc<OnceLock<Seal>>,
}

impl Resources {
    /// Nothing is there yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything is there.
    pub fn ready(store: Store, seal: Seal) -> Self {
        let resources = Self::new();
        resources.provide_store(store);
        resources.provide_seal(seal);
        resources
    }

    /// The store is there. A second one is ignored.
    pub fn provide_store(&self, store: Store) {
        let _ = self.store.set(store);
    }

    /// The keys are there. Second ones are ignored.
    pub fn provide_seal(&self, seal: Seal) {
        let _ = self.seal.set(seal);
    }

    /// The store, once it is there.
    pub fn store(&self) -> Option<Store> {
        self.store.get().cloned()
    }

    /// The keys, once they are there.
    pub fn seal(&self) -> Option<Seal> {
        self.seal.get().cloned()
    }

    /// Whether everything is there.
    pub fn are_ready(&self) -> bool {
        self.store.get().is_some() && self.seal.get().is_some()
    }
}

impl std::fmt::Debug for Resources {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("Resources");
        debug
            .field("store", &self.store.get().is_some())
            .field("seal", &self.seal.get().is_some())
            .finish()
    }
}
