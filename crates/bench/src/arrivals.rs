//! When something was first seen, by its id.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How often is looked whether everything has arrived. When it did is noted where it does.
const LOOK: Duration = Duration::from_millis(20);

/// When something was first seen, by its id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrivals(Arc<Mutex<HashMap<String, Instant>>>);

impl Arrivals {
    /// Notes that something is there.
    pub(crate) fn note(&self, id: String) {
        let now = Instant::now();
        self.with(|arrivals| {
            arrivals.entry(id).or_insert(now);
        });
    }

    /// Waits until all of these are there, for so long at most, and says when each came.
    pub(crate) async fn wait_for(
        &self,
        ids: &[String],
        patience: Duration,
    ) -> Vec<Option<Instant>> {
        let are_there =
            |arrivals: &HashMap<_, _>| ids.iter().all(|id| arrivals.contains_key(id.as_str()));
        self.wait_until(are_there, patience).await;
        self.with(|arrivals| ids.iter().map(|id| arrivals.get(id).copied()).collect())
    }

    /// Waits until so many are there, for so long at most, and says when each came.
    pub(crate) async fn wait_for_count(&self, count: usize, patience: Duration) -> Vec<Instant> {
        self.wait_until(|arrivals| count <= arrivals.len(), patience)
            .await;
        self.with(|arrivals| arrivals.values().copied().collect())
    }

    /// What is missing then is counted by whoever asked.
    async fn wait_until(
        &self,
        condition: impl Fn(&HashMap<String, Instant>) -> bool,
        patience: Duration,
    ) {
        let until = Instant::now() + patience;
        while !self.with(|arrivals| condition(arrivals)) && Instant::now() < until {
            tokio::time::sleep(LOOK).await;
        }
    }

    fn with<T>(&self, what: impl FnOnce(&mut HashMap<String, Instant>) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
