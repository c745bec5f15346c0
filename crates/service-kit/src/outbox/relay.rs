//! Publishes what the outbox holds, and only then deletes it.

use std::{collections::HashSet, convert::Infallible};

use domain::Topic;
use futures::{StreamExt as _, stream};
use store::{OutboxRow, Store, StoreError};
use tokio::time::Instant;

use super::{
    leases::Leases,
    message::outbound,
    pace::{Pace, Troubles},
    plan::{Bounds, Call, Line, Plan, line_of},
};
use crate::{kit::Kit, sidecar_client::SidecarError};

/// Publishes what this service's outbox holds, and only then deletes it.
///
/// A crash between the two means a second delivery, never a lost one. Several relays of one service share the work by
/// leases on shards of the users; a relay that was paused past its lease cannot delete what another publishes by then.
/// Of one user and topic at most one event is under way at any time, so their order is that of the commits.
///
/// What fails is repeated. While the sidecar or the broker is away nothing else happens. If a call fails again and
/// again though something in it may be the reason, it is split until the events that fail stand alone; one that fails
/// alone while others get through is parked with its reason, and only that user's later events on that topic wait.
#[derive(Debug)]
pub(crate) struct Relay {
    kit: Kit,
    leases: Leases,
    pace: Pace,
    troubles: Troubles,
}

/// What became of a call.
#[derive(Debug, Default)]
struct Outcome {
    published: Vec<i64>,
    /// What failed as a whole, because the world is down or not often enough to be split.
    failed: Vec<(Topic, SidecarError)>,
    /// What failed alone.
    alone: Vec<(OutboxRow, SidecarError)>,
    /// The lines whose later events must wait.
    stuck: HashSet<Line>,
}

/// What one look into the outbox found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Nothing that may be published now.
    Empty,
    /// Something was published.
    Progress,
}

impl Relay {
    /// The relay of this service.
    pub(crate) fn new(kit: Kit) -> Self {
        let config = &kit.config().outbox;
        let owner = format!("{}-{}", kit.app(), kit.ids().uuid());
        Self {
            leases: Leases::new(kit.app(), owner, config.lease),
            pace: Pace::new(config),
            troubles: Troubles::new(config),
            kit,
        }
    }

    /// Works until requests and deliveries have ended, then publishes what they left and gives its leases back.
    pub(crate) async fn run(mut self) -> Result<(), Infallible> {
        let lifecycle = self.kit.lifecycle().clone();
        loop {
            tokio::select! {
                () = lifecycle.relays_may_stop() => break,
                () = self.kit.outbox_signal().woken() => self.pace.busy(),
                () = tokio::time::sleep(self.pace.pause()) => {}
            }
            while self.look_and_report().await == Look::Progress && !lifecycle.is_draining() {}
        }
        while self.look_and_report().await == Look::Progress {}
        if let Ok(store) = self.kit.store()
            && let Err(error) = self.leases.release(&store, self.kit.now()).await
        {
            tracing::debug!(error = &error as &dyn std::error::Error, "the relay's leases end by themselves");
        }
        Ok(())
    }

    async fn look_and_report(&mut self) -> Look {
        let Ok(store) = self.kit.store() else { return Look::Empty };
        match self.look(&store).await {
            Ok(Look::Progress) => {
                self.pace.busy();
                Look::Progress
            }
            Ok(Look::Empty) => {
                self.pace.idle();
                Look::Empty
            }
            Err(error) => {
                metrics::counter!("errand_outbox_errors_total", "service" => self.kit.app().as_str()).increment(1);
                tracing::warn!(error = &error as &dyn std::error::Error, "the relay cannot work on the outbox");
                self.pace.idle();
                Look::Empty
            }
        }
    }

    /// Publishes what is there, wave by wave.
    async fn look(&mut self, store: &Store) -> Result<Look, StoreError> {
        self.leases.keep(store, self.kit.now()).await?;
        let now = self.kit.now();
        let shards = self.leases.shards(now);
        if shards.is_empty() {
            return Ok(Look::Empty);
        }
        let config = &self.kit.config().outbox;
        let bounds = Bounds { rows: config.batch_rows, bytes: config.batch_bytes };
        let limit = u32::try_from(config.batch_rows.saturating_mul(2 * config.calls)).unwrap_or(u32::MAX);
        let rows = store.read().await?.outbox_fetch(self.kit.app(), &shards, limit).await?;

        self.troubles.keep_only(&rows);
        let alone = self.troubles.due_alone(&rows, Instant::now());
        let plan = Plan::of(rows, &self.troubles.held_back(), bounds);
        let mut look = Look::Empty;
        let mut stuck = HashSet::new();
        for wave in plan.waves {
            let calls = self.allowed(wave, &stuck);
            if calls.is_empty() {
                continue;
            }
            let outcome = self.publish(calls, config_calls(&self.kit)).await;
            stuck.extend(outcome.stuck.iter().cloned());
            if !outcome.published.is_empty() {
                look = Look::Progress;
            }
            if !self.settle(store, outcome).await? {
                return Ok(look);
            }
        }
        for row in alone {
            if self.publish_alone(store, row).await? {
                look = Look::Progress;
            }
        }
        Ok(look)
    }

    /// Leaves out what rests and what must wait for an earlier event of its line.
    fn allowed(&self, wave: Vec<Call>, stuck: &HashSet<Line>) -> Vec<Call> {
        let now = Instant::now();
        let calls = wave.into_iter().filter(|call| !self.troubles.rests(call.topic, now)).map(|mut call| {
            call.rows.retain(|row| !stuck.contains(&line_of(row)));
            call
        });
        calls.filter(|call| !call.rows.is_empty()).collect()
    }

    /// Makes the calls of one wave, some at a time.
    async fn publish(&mut self, calls: Vec<Call>, at_once: usize) -> Outcome {
        let kit = self.kit.clone();
        let mut results = stream::iter(calls)
            .map(|call| {
                let kit = kit.clone();
                async move {
                    let result = publish_call(&kit, &call.rows).await;
                    (call, result)
                }
            })
            .buffer_unordered(at_once);
        let mut outcome = Outcome::default();
        let mut suspicious = Vec::new();
        while let Some((call, result)) = results.next().await {
            match result {
                Ok(()) => {
                    self.troubles.topic_works(call.topic);
                    outcome.published.extend(call.rows.iter().map(|row| row.position));
                }
                Err(error) => {
                    let failures = self.troubles.topic_failed(call.topic, Instant::now());
                    let split_after = kit.config().outbox.split_after;
                    if error.may_be_the_requests_fault() && split_after <= failures {
                        suspicious.push((call, error));
                    } else {
                        outcome.stuck.extend(call.rows.iter().map(line_of));
                        outcome.failed.push((call.topic, error));
                    }
                }
            }
        }
        drop(results);
        for (call, error) in suspicious {
            split(&kit, call, error, &mut outcome).await;
        }
        outcome
    }

    /// Deletes what was published and remembers what was not. False if a lease was lost: then somebody else goes on.
    async fn settle(&mut self, store: &Store, outcome: Outcome) -> Result<bool, StoreError> {
        let app = self.kit.app().as_str();
        for (topic, error) in &outcome.failed {
            metrics::counter!("errand_outbox_failed_calls_total", "service" => app).increment(1);
            tracing::warn!(%topic, error = error as &dyn std::error::Error, "events could not be published, and are tried again");
        }
        let works: HashSet<Topic> = outcome.alone.iter().map(|(row, _)| row.entry.topic).collect();
        let kept = self.delete(store, &outcome.published).await?;
        for (row, error) in outcome.alone {
            self.failed_alone(store, &row, &error, !outcome.published.is_empty()).await?;
        }
        // What stood in the way now stands alone: the rest of the topic need not wait for it.
        for topic in works {
            self.troubles.topic_works(topic);
        }
        Ok(kept)
    }

    async fn delete(&mut self, store: &Store, published: &[i64]) -> Result<bool, StoreError> {
        if published.is_empty() {
            return Ok(true);
        }
        metrics::counter!("errand_outbox_published_total", "service" => self.kit.app().as_str())
            .increment(published.len() as u64);
        let fences = self.leases.fences(self.kit.now());
        let tx = store.begin().await?;
        let deleted = tx.outbox_delete(self.kit.app(), published, &fences).await?;
        tx.commit().await?;
        if deleted < published.len() as u64 {
            tracing::info!("another relay has taken over a share of the outbox: its events may be published twice");
            self.leases.doubt();
            return Ok(false);
        }
        Ok(true)
    }

    /// Tries a row again that failed alone before. True if it is published.
    async fn publish_alone(&mut self, store: &Store, row: OutboxRow) -> Result<bool, StoreError> {
        match publish_call(&self.kit, std::slice::from_ref(&row)).await {
            Ok(()) => {
                self.troubles.row_done(row.position);
                self.delete(store, &[row.position]).await
            }
            Err(error) => {
                self.failed_alone(store, &row, &error, false).await?;
                Ok(false)
            }
        }
    }

    /// Counts a failure against the row, and parks it once there were enough; but only if publishing works otherwise.
    async fn failed_alone(
        &mut self,
        store: &Store,
        row: &OutboxRow,
        error: &SidecarError,
        others_got_through: bool,
    ) -> Result<(), StoreError> {
        self.troubles.row_failed(row, Instant::now());
        let works = others_got_through || super::probe::publishing_works(&self.kit).await;
        if !error.may_be_the_requests_fault() || !works {
            return Ok(());
        }
        let fences = self.leases.fences(self.kit.now());
        let tx = store.begin().await?;
        tx.outbox_attempts(self.kit.app(), &[row.position], &fences).await?;
        let park = self.kit.config().outbox.park_after <= row.attempts.saturating_add(1);
        let reason = reason_of(error);
        let parked =
            park && tx.outbox_park(self.kit.app(), row.position, &fences, &reason, self.kit.now()).await?;
        tx.commit().await?;
        if parked {
            self.troubles.row_done(row.position);
            metrics::counter!("errand_outbox_parked_total", "service" => self.kit.app().as_str()).increment(1);
            tracing::error!(
                event_id = %row.entry.event_id,
                topic = %row.entry.topic,
                correlation_id = %row.entry.correlation_id,
                reason,
                "an event cannot be published and is parked: see `errand outbox`"
            );
        }
        Ok(())
    }
}

/// Publishes halves of a call until what fails stands alone.
async fn split(kit: &Kit, call: Call, error: SidecarError, outcome: &mut Outcome) {
    let topic = call.topic;
    let mut waiting = vec![(call.rows, error)];
    while let Some((mut rows, error)) = waiting.pop() {
        if rows.len() == 1 {
            outcome.stuck.extend(rows.iter().map(line_of));
            outcome.alone.extend(rows.pop().map(|row| (row, error)));
            continue;
        }
        let second = rows.split_off(rows.len() / 2);
        for half in [second, rows] {
            match publish_call(kit, &half).await {
                Ok(()) => outcome.published.extend(half.iter().map(|row| row.position)),
                Err(error) if error.may_be_the_requests_fault() => waiting.push((half, error)),
                Err(error) => {
                    outcome.stuck.extend(half.iter().map(line_of));
                    outcome.failed.push((topic, error));
                }
            }
        }
    }
}

async fn publish_call(kit: &Kit, rows: &[OutboxRow]) -> Result<(), SidecarError> {
    let Some(first) = rows.first() else { return Ok(()) };
    let config = kit.config();
    let (pubsub, topic) = (&config.sidecar.pubsub, first.entry.topic.name());
    // One event alone goes by the call that says best what is wrong with it.
    if rows.len() == 1 {
        return kit.sidecar().publish(pubsub, topic, outbound(first)).await;
    }
    let events = rows.iter().map(outbound).collect();
    kit.sidecar().publish_bulk(pubsub, topic, events, config.outbox.publish_timeout).await
}

/// What was said, down to the cause.
fn reason_of(error: &SidecarError) -> String {
    let error: &dyn std::error::Error = error;
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn config_calls(kit: &Kit) -> usize {
    kit.config().outbox.calls
}
