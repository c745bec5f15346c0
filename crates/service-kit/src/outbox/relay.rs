//! Takes rows out of the outbox and sees them through.

mod gauges;
mod settle;

use std::{convert::Infallible, error::Error, future::Future, pin::Pin, time::Duration};

use futures::{StreamExt as _, stream::FuturesUnordered};
use store::Store;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::gauges::Gauges;
use super::{
    call::{Ended, publish},
    evidence::Evidence,
    leases::Leases,
    suspects::{Suspect, Suspects},
    window::Window,
};
use crate::{config::OutboxConfig, kit::Kit};

/// How often a window may be read larger than usual to find lanes that can go out behind many that
/// cannot.
const LARGEST_FETCH: u32 = 16;

/// How few rows may be in hand before more are fetched when lanes have more than is kept of them. Less
/// than what is kept of one, so that a single long lane is not read anew for each of its events.
const LANE_LOW_WATER: usize = 16;

/// How long to wait for a database that is away.
const DATABASE_PAUSE: Duration = Duration::from_secs(1);

type Call = Pin<Box<dyn Future<Output = Ended> + Send>>;

/// Publishes what a service wrote into its outbox.
pub(crate) struct Relay {
    kit: Kit,
    stop: CancellationToken,
    leases: Leases,
    window: Window,
    suspects: Suspects,
    evidence: Evidence,
    calls: FuturesUnordered<Call>,
    gauges: Gauges,
    tend_at: Instant,
    fetch_at: Instant,
    /// The time between looks, which grows while there is nothing to find.
    poll: Duration,
    /// How many times the usual number of rows is read.
    fetch_factor: u32,
    /// Whether the last look left something in the outbox.
    has_more: bool,
    /// How few rows may be in hand before that is fetched.
    low_water: usize,
}

impl Relay {
    /// The relay of the kit's service. It stops when `stop` says so, once its calls are done.
    pub(crate) fn new(kit: Kit, stop: CancellationToken) -> Self {
        let owner = match &kit.config().process.instance {
            Some(instance) => instance.clone(),
            None => kit.ids().uuid().to_string(),
        };
        let config = &kit.config().outbox;
        let now = Instant::now();
        Self {
            leases: Leases::new(kit.app(), owner, kit.clock().clone(), config.lease),
            window: Window::default(),
            suspects: Suspects::default(),
            evidence: Evidence::default(),
            calls: FuturesUnordered::new(),
            gauges: Gauges::new(kit.app()),
            tend_at: now,
            fetch_at: now,
            poll: config.poll,
            fetch_factor: 1,
            has_more: false,
            low_water: config.batch_rows,
            kit,
            stop,
        }
    }

    /// Publishes until it is told to stop.
    pub(crate) async fn run(mut self) -> Result<(), Infallible> {
        let Some(store) = self.wait_for_store().await else {
            return Ok(());
        };
        loop {
            let wake_at = self.wake_at();
            tokio::select! {
                () = self.stop.cancelled() => break,
                Some(ended) = self.calls.next() => self.settle(&store, ended).await,
                () = self.kit.outbox_signal().woken() => self.fetch_at = Instant::now(),
                () = tokio::time::sleep_until(wake_at) => {}
            }
            self.work(&store).await;
        }
        while let Some(ended) = self.calls.next().await {
            self.settle(&store, ended).await;
        }
        if let Err(error) = self.leases.release(&store).await {
            tracing::warn!(
                error = &error as &dyn Error,
                "the leases run out by themselves"
            );
        }
        Ok(())
    }

    async fn wait_for_store(&mut self) -> Option<Store> {
        loop {
            if let Some(store) = self.kit.resources().store() {
                return Some(store);
            }
            tokio::select! {
                () = tokio::time::sleep(self.config().poll) => {}
                () = self.stop.cancelled() => return None,
            }
        }
    }

    /// When something is to be done even if nothing happens.
    fn wake_at(&self) -> Instant {
        let times = [
            Some(self.tend_at),
            Some(self.fetch_at),
            Some(self.gauges.due_at()),
        ];
        // What could be repeated now has been started already; with all calls under way nothing can,
        // and the end of one of them wakes us.
        let evidence = &self.evidence;
        let retries = if self.calls.len() < self.config().calls && !self.leases.shards().is_empty()
        {
            let is_open = |topic| evidence.is_open(topic);
            [self.suspects.next_time(is_open), evidence.next_opening()]
        } else {
            [None, None]
        };
        times
            .into_iter()
            .chain(retries)
            .flatten()
            .min()
            .unwrap_or_else(Instant::now)
    }

    async fn work(&mut self, store: &Store) {
        let now = Instant::now();
        if self.tend_at <= now {
            self.tend_leases(store).await;
        }
        if self.fetch_at <= now {
            self.fetch(store).await;
        }
        self.dispatch();
        if self.gauges.due_at() <= now {
            self.gauges.measure(store, self.kit.now()).await;
        }
    }

    async fn tend_leases(&mut self, store: &Store) {
        let window = &self.window;
        let had = self.leases.shards();
        let outcome = self.leases.tend(store, |shard| window.is_busy(shard)).await;
        if let Err(error) = outcome {
            tracing::warn!(
                error = &error as &dyn Error,
                "the leases could not be renewed"
            );
            self.tend_at = Instant::now() + DATABASE_PAUSE.min(self.leases.interval());
        } else {
            self.tend_at = Instant::now() + self.leases.interval();
        }
        let have = self.leases.shards();
        if have != had {
            tracing::debug!(service = %self.kit.app(), shards = ?have, "the relay's shards changed");
            // What the last owner left waits.
            self.fetch_at = Instant::now();
        }
        for suspect in self.suspects.take_lost(|shard| have.contains(&shard)) {
            self.window.remove(&suspect.rows);
        }
        self.window.keep_shards(|shard| have.contains(&shard));
    }

    async fn fetch(&mut self, store: &Store) {
        let shards = self.leases.shards();
        let usual =
            u32::try_from(self.config().batch_rows * self.config().calls).unwrap_or(u32::MAX);
        let limit = usual.saturating_mul(self.fetch_factor);
        let fetched = async {
            let tx = store.read().await?;
            tx.outbox_fetch(self.kit.app(), &shards, limit).await
        };
        let rows = match fetched.await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "the outbox could not be read");
                self.fetch_at = Instant::now() + DATABASE_PAUSE;
                return;
            }
        };
        let is_full = rows.len() == limit as usize;
        let admitted = self.window.admit(rows);
        let config = &self.kit.config().outbox;
        // A full answer with few lanes that can go out may hide others behind it.
        let hides_others = is_full && self.window.open_lanes() < config.batch_rows;
        self.fetch_factor = if hides_others {
            (self.fetch_factor * 2).min(LARGEST_FETCH)
        } else {
            1
        };
        self.has_more = is_full || admitted.left_out;
        self.low_water = if admitted.left_out {
            LANE_LOW_WATER
        } else {
            config.batch_rows
        };
        self.poll = if admitted.new == 0 {
            (self.poll * 2).min(config.idle_poll)
        } else {
            config.poll
        };
        let is_worth_more = hides_others && self.fetch_factor < LARGEST_FETCH;
        self.fetch_at = Instant::now()
            + if is_worth_more {
                Duration::ZERO
            } else {
                self.poll
            };
    }

    /// With room in the window, and more to be had, there is no reason to wait.
    fn refill(&mut self) {
        if self.has_more && self.window.len() <= self.low_water {
            self.fetch_at = Instant::now();
        }
    }

    /// Starts as many calls as may be under way.
    fn dispatch(&mut self) {
        while self.calls.len() < self.config().calls {
            let Some(next) = self.next_call() else { break };
            let call = publish(self.kit.clone(), next, self.leases.fences());
            self.calls.push(Box::pin(call));
        }
    }

    fn next_call(&mut self) -> Option<Suspect> {
        let Self {
            evidence,
            suspects,
            window,
            leases,
            kit,
            ..
        } = self;
        let shards = leases.shards();
        if shards.is_empty() {
            return None;
        }
        let is_open = |topic| evidence.is_open(topic);
        if let Some(suspect) = suspects.next(is_open) {
            return Some(suspect);
        }
        let config = &kit.config().outbox;
        let rows = window.next_batch(config.batch_rows, config.batch_bytes, is_open);
        (!rows.is_empty()).then(|| Suspect::new(rows))
    }

    fn config(&self) -> &OutboxConfig {
        &self.kit.config().outbox
    }
}
