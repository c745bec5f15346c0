//! The apps of this machine, by which service invocation finds them.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tonic::{metadata::MetadataValue, transport::Channel};

/// One running replica of an app.
pub(crate) struct App {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The connection to the app.
    pub(crate) channel: Channel,
    /// What the app expects as `dapr-api-token`.
    pub(crate) token: Option<MetadataValue<tonic::metadata::Ascii>>,
}

/// The replicas that run, by app id. Clones are the same list.
#[derive(Clone, Default)]
pub(crate) struct Apps {
    replicas: Arc<Mutex<HashMap<String, Vec<Arc<App>>>>>,
    turn: Arc<AtomicUsize>,
}

impl Apps {
    /// Lists a replica until the registration is dropped.
    pub(crate) fn register(&self, app_id: &str, app: Arc<App>) -> AppRegistration {
        self.lock()
            .entry(app_id.to_owned())
            .or_default()
            .push(Arc::clone(&app));
        AppRegistration {
            apps: self.clone(),
            app_id: app_id.to_owned(),
            app,
        }
    }

    /// A replica of the app; they take turns.
    pub(crate) fn find(&self, app_id: &str) -> Option<Arc<App>> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let replicas = self.lock();
        let replicas = replicas.get(app_id)?;
        replicas.get(turn % replicas.len()).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Vec<Arc<App>>>> {
        self.replicas.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes its replica off the list when it is dropped.
pub(crate) struct AppRegistration {
    apps: Apps,
    app_id: String,
    app: Arc<App>,
}

impl Drop for AppRegistration {
    fn drop(&mut self) {
        let mut replicas = self.apps.lock();
        if let Some(list) = replicas.get_mut(&self.app_id) {
            list.retain(|other| !Arc::ptr_eq(other, &self.app));
            if list.is_empty() {
                replicas.remove(&self.app_id);
            }
        }
    }
}
