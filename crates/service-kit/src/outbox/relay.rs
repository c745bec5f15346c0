//! Takes rows out of the outbox and sees them through.

mod ending;
mod fetch;
mod gauges;
mod pace;
mod settle;

use std::{error::Error, time::Duration};

use futures::{StreamExt as _, stream::FuturesUnordered};
use store::Store;
use tokio::{sync::oneshot, time::Instant};
use tokio_util::sync::CancellationToken;

use self::{ending::grace_runs_low, gauges::Gauges, pace::Pace};
use super::{
    call::{Ended, publish},
    database::in_time,
    evidence::Evidence,
    leases::Leases,
    suspects::{Suspect, Suspects},
    window::Window,
};
use crate::{config::OutboxConfig, kit::Kit};

/// How long to wait for a database that is away.
const DATABASE_PAUSE: Duration = Duration::from_secs(1);

/// How long to wait for a sidecar that is silent. It costs nothing to look.
const SILENCE_PAUSE: Duration = Duration::from_millis(250);

/// A call died without an answer, which only a panic can do: what it held is lost to this relay.
#[derive(Debug, thiserror::Error)]
#[error("a publishing call panicked")]
pub(crate) struct CallDied;

/// Publishes what a service wrote into its outbox.
pub(crate) struct Relay {
    kit: Kit,
    stop: CancellationToken,
    leases: Leases,
    window: Window,
    suspects: Suspects,
    evidence: Evidence,
    /// The ends of the calls under way. The calls themselves are tasks of their own: one that waits
    /// for the database must go on while the relay waits for it, too.
    calls: FuturesUnordered<oneshot::Receiver<Ended>>,
    is_suspects_turn: bool,
    gauges: Gauges,
    tend_at: Instant,
    fetch_at: Instant,
    /// Of looks, whatever has been committed.
    looks: Pace,
    /// Of looks past those who have many events waiting.
    heads: Pace,
    /// The time between looks, which grows while there is nothing to find.
    poll: Duration,
    /// Whether the last look left something in the outbox.
    has_more: bool,
    /// How few rows may be in hand before that is fetched.
    low_water: usize,
}

impl Relay {
    /// The relay of the kit's service. It ends when `stop` says so, once the outbox
    /// is empty as far as it can be.
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
            is_suspects_turn: true,
            gauges: Gauges::new(kit.app()),
            tend_at: now,
            fetch_at: now,
            looks: Pace::new(now),
            heads: Pace::new(now),
            poll: config.poll,
            has_more: false,
            low_water: config.batch_rows,
            kit,
            stop,
        }
    }

    /// Publishes until it is told to stop, and then what is left, for as long as that is possible
    /// without waiting and the grace period lasts. Its shards are free for others at once.
    pub(crate) async fn run(mut self) -> Result<(), CallDied> {
        let Some(store) = self.wait_for_store().await else {
            return Ok(());
        };
        let kit = self.kit.clone();
        tokio::select! {
            ended = self.publish_to_the_end(&store) => ended?,
            () = grace_runs_low(&kit) => self.give_up(),
        }
        if let Err(error) = in_time(self.leases.release(&store)).await {
            tracing::warn!(
                error = &error as &dyn Error,
                "the leases run out by themselves"
            );
        }
        Ok(())
    }

    async fn publish_to_the_end(&mut self, store: &Store) -> Result<(), CallDied> {
        loop {
            let wake_at = self.wake_at();
            tokio::select! {
                () = self.stop.cancelled() => break,
                Some(ended) = self.calls.next() => {
                    self.settle(store, ended.map_err(|_| CallDied)?).await;
                }
                () = self.kit.outbox_signal().woken() => self.look_soon(),
                () = tokio::time::sleep_until(wake_at) => {}
            }
            self.work(store).await;
        }
        self.empty(store).await
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
        // What could be repeated now has been started already; with all calls under way nothing
        // can, and the end of one of them wakes us.
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
            let waiting = self.gauges.measure(store, self.kit.now()).await;
            // Rows that a later version wrote cannot be read, and must not hide those behind them.
            if 0 < waiting && self.window.len() == 0 {
                let shards = self.leases.shards();
                self.fetch_heads(store, &shards, self.rows_in_hand()).await;
                self.dispatch();
            }
        }
    }

    async fn tend_leases(&mut self, store: &Store) {
        if self.config().lease <= self.kit.sidecar().silence() {
            return self.leave_shards_to_others(store).await;
        }
        let window = &self.window;
        let had = self.leases.shards();
        let tending = self.leases.tend(store, |shard| window.is_busy(shard));
        let outcome = in_time(tending).await;
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
        self.keep_shards(&have);
    }

    /// A sidecar that hangs, or does not start, publishes nothing, while that of another replica may.
    /// Once ours answers again we take our share.
    async fn leave_shards_to_others(&mut self, store: &Store) {
        self.tend_at = Instant::now() + SILENCE_PAUSE;
        if self.leases.are_none() {
            return;
        }
        tracing::warn!(
            service = %self.kit.app(),
            "the sidecar answers nothing: other replicas may publish what is in the outbox"
        );
        if let Err(error) = in_time(self.leases.release(store)).await {
            tracing::warn!(
                error = &error as &dyn Error,
                "the leases run out by themselves"
            );
        }
        self.keep_shards(&[]);
    }

    fn keep_shards(&mut self, have: &[u8]) {
        for suspect in self.suspects.take_lost(|shard| have.contains(&shard)) {
            self.window.remove(&suspect.rows);
        }
        self.window.keep_shards(|shard| have.contains(&shard));
    }

    /// Starts as many calls as may be under way.
    fn dispatch(&mut self) {
        while self.calls.len() < self.config().calls {
            let Some(next) = self.next_call() else { break };
            let call = publish(self.kit.clone(), next, self.leases.fences());
            let (end, ended) = oneshot::channel();
            self.kit.lifecycle().spawn_short(async move {
                // Nobody waits for it only if the relay has died.
                let _ = end.send(call.await);
            });
            self.calls.push(ended);
        }
    }

    /// Suspects and fresh rows take turns: events that cannot go out now may be many, and must not
    /// keep the others waiting.
    fn next_call(&mut self) -> Option<Suspect> {
        if self.leases.shards().is_empty() {
            return None;
        }
        let next = if self.is_suspects_turn {
            self.next_suspect().or_else(|| self.next_rows())
        } else {
            self.next_rows().or_else(|| self.next_suspect())
        };
        self.is_suspects_turn = !self.is_suspects_turn;
        next
    }

    fn next_suspect(&mut self) -> Option<Suspect> {
        let evidence = &self.evidence;
        self.suspects.next(|topic| evidence.is_open(topic))
    }

    fn next_rows(&mut self) -> Option<Suspect> {
        let Self {
            evidence,
            window,
            kit,
            ..
        } = self;
        let config = &kit.config().outbox;
        let is_open = |topic| evidence.is_open(topic);
        let rows = window.next_batch(config.batch_rows, config.batch_bytes, is_open);
        (!rows.is_empty()).then(|| Suspect::new(rows))
    }

    fn config(&self) -> &OutboxConfig {
        &self.kit.config().outbox
    }
}
