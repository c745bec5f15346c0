//! The keys of one issuer: fetched when first needed, kept by id, fetched again for an id that is
//! not known.

use std::{
    error::Error,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jiff::Timestamp;
use jsonwebtoken::DecodingKey;
use tokio::sync::{Mutex, MutexGuard};

use super::{Rejection, jwks::KeySet, key_fetch::KeyFetch, key_folder::KeyFolder};
use crate::{
    clock::SharedClock,
    config::{AuthConfig, TokenAlgorithm},
};

/// The pause after a fetch that failed. It is shorter than that between good ones: until the first
/// set is there, nobody of this issuer is let in.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// The keys of one issuer.
pub(super) struct KeyCache {
    url: String,
    algorithm: TokenAlgorithm,
    clock: SharedClock,
    fetch: KeyFetch,
    folder: KeyFolder,
    interval: Duration,
    max_age: Duration,
    current: RwLock<Option<Current>>,
    /// Held while fetching, so that a thousand tokens that need a key make one fetch.
    attempts: Mutex<Attempts>,
}

#[derive(Clone)]
struct Current {
    keys: Arc<KeySet>,
    /// None for a set that came from the disk: how old it is nobody knows.
    fetched_at: Option<Timestamp>,
}

#[derive(Default)]
struct Attempts {
    last: Option<Timestamp>,
    failure: Option<Arc<dyn Error + Send + Sync>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the key set cannot be fetched")]
struct FetchFailed(#[source] Arc<dyn Error + Send + Sync>);

impl KeyCache {
    pub(super) fn new(
        url: &str,
        algorithm: TokenAlgorithm,
        config: &AuthConfig,
        clock: SharedClock,
    ) -> Self {
        Self {
            url: url.to_owned(),
            algorithm,
            clock,
            fetch: KeyFetch::new(config.jwks_timeout),
            folder: KeyFolder::new(config.jwks_folder.as_deref(), url),
            interval: config.jwks_interval,
            max_age: config.jwks_max_age,
            current: RwLock::new(None),
            attempts: Mutex::default(),
        }
    }

    /// The key with this id.
    pub(super) async fn key(&self, id: Option<&str>) -> Result<DecodingKey, Rejection> {
        let known = self.known(id);
        let mut attempts = match &known {
            Some((key, true)) => return Ok(key.clone()),
            // Whoever has a key that has merely grown old does not wait for another's fetch.
            Some((key, false)) => match self.attempts.try_lock() {
                Ok(attempts) => attempts,
                Err(_) => return Ok(key.clone()),
            },
            None => self.attempts.lock().await,
        };
        // Another's fetch may have brought the key while we waited.
        if let Some((key, true)) = self.known(id) {
            return Ok(key);
        }
        if self.may_fetch(&attempts) {
            self.refresh(&mut attempts).await;
        }
        match (self.known(id), &attempts.failure) {
            (Some((key, _)), _) => Ok(key),
            (None, Some(failure)) => Err(Rejection::KeysAway(Some(Box::new(FetchFailed(
                Arc::clone(failure),
            ))))),
            (None, None) => Err(Rejection::Invalid),
        }
    }

    /// The key, and whether its set is young enough.
    fn known(&self, id: Option<&str>) -> Option<(DecodingKey, bool)> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let current = current.as_ref()?;
        let key = current.keys.find(id)?.clone();
        Some((
            key,
            current
                .fetched_at
                .is_some_and(|time| !self.has_passed(time, self.max_age)),
        ))
    }

    fn may_fetch(&self, attempts: &Attempts) -> bool {
        let pause = if attempts.failure.is_some() {
            PAUSE_AFTER_FAILURE.min(self.interval)
        } else {
            self.interval
        };
        attempts
            .last
            .is_none_or(|last| self.has_passed(last, pause))
    }

    fn has_passed(&self, since: Timestamp, length: Duration) -> bool {
        since
            .saturating_add(length)
            .is_ok_and(|end| end <= self.clock.now())
    }

    async fn refresh(&self, attempts: &mut MutexGuard<'_, Attempts>) {
        attempts.last = Some(self.clock.now());
        attempts.failure = match self.fetch_once().await {
            Ok(()) => None,
            Err(error) => {
                tracing::warn!(
                    url = self.url,
                    error = &*error as &dyn Error,
                    "the key set could not be fetched"
                );
                metrics::counter!("errand_jwks_fetch_failures_total").increment(1);
                self.read_folder().await;
                Some(Arc::from(error))
            }
        };
    }

    async fn fetch_once(&self) -> Result<(), Box<dyn Error + Send + Sync>> {
        let document = self.fetch.get(&self.url).await?;
        let keys = KeySet::parse(&document, self.algorithm)?;
        self.install(keys, Some(self.clock.now()));
        self.folder.write(&document).await;
        Ok(())
    }

    /// Takes the set that was kept on disk if there is none yet.
    async fn read_folder(&self) {
        if self
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
        {
            return;
        }
        let kept = self.folder.read().await;
        if let Some(keys) = kept.and_then(|document| KeySet::parse(&document, self.algorithm).ok())
        {
            tracing::info!(url = self.url, "using the key set that was kept on disk");
            self.install(keys, None);
        }
    }

    fn install(&self, keys: KeySet, fetched_at: Option<Timestamp>) {
        let current = Current {
            keys: Arc::new(keys),
            fetched_at,
        };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(current);
    }
}
