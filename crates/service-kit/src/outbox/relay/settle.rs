//! What a call's end means for its rows.

use std::{error::Error, sync::Arc};

use domain::Topic;
use store::{OutboxRow, Store, StoreError};
use tokio::time::Instant;

use super::Relay;
use crate::{
    outbox::{
        call::{Ended, Outcome},
        database::in_time,
        suspects::Suspect,
    },
    sidecar_client::SidecarError,
};

impl Relay {
    pub(super) async fn settle(&mut self, store: &Store, ended: Ended) {
        let Ended { suspect, outcome } = ended;
        let Some(topic) = suspect.topic() else { return };
        match outcome {
            Outcome::Done => {
                self.evidence.published(topic);
                self.gauges.published(topic, suspect.rows.len());
                self.window.remove(&suspect.rows);
                self.refill();
            }
            Outcome::NotDeleted(error) => {
                self.evidence.published(topic);
                self.gauges.published(topic, suspect.rows.len());
                self.let_go(&suspect, error);
            }
            Outcome::Away(error) => self.wait_out(store, topic, suspect, &error).await,
            Outcome::Refused { error, is_proven } => {
                self.suspect(store, topic, suspect, &error, is_proven).await;
            }
        }
    }

    /// The rows are still in the outbox. Whoever holds their shard publishes them once more.
    fn let_go(&mut self, suspect: &Suspect, error: Option<StoreError>) {
        if let Some(error) = error {
            tracing::warn!(
                error = &error as &dyn Error,
                "published events could not be deleted"
            );
            self.fetch_at = Instant::now() + super::DATABASE_PAUSE;
        } else {
            tracing::warn!("a lease ran out while its events were being published");
            self.tend_at = Instant::now();
        }
        self.window.remove(&suspect.rows);
    }

    /// Something is away. Whoever was in the call is not to blame.
    async fn wait_out(
        &mut self,
        store: &Store,
        topic: Topic,
        suspect: Suspect,
        error: &SidecarError,
    ) {
        tracing::warn!(
            topic = topic.name(),
            error = error as &dyn Error,
            "publishing waits"
        );
        self.gauges.failed(topic, "away");
        if let Some(oldest) = suspect.rows.first() {
            self.note_failure(store, topic, oldest, error).await;
        }
        self.evidence.outage(topic, &self.kit.config().outbox);
        if 0 < suspect.failures {
            self.suspects.put_back(suspect);
        } else {
            self.window.release(&suspect.rows);
        }
    }

    /// The call failed though publishing works otherwise.
    async fn suspect(
        &mut self,
        store: &Store,
        topic: Topic,
        suspect: Suspect,
        error: &SidecarError,
        is_proven: bool,
    ) {
        tracing::warn!(
            topic = topic.name(),
            events = suspect.rows.len(),
            error = error as &dyn Error,
            "publishing failed"
        );
        self.gauges.failed(topic, "refused");
        if let Some(row) = suspect.alone().cloned() {
            self.count_attempt(store, &row).await;
            if is_proven {
                self.park_or_wait(store, topic, suspect, &row, error).await;
                return;
            }
            if suspect.is_tried(&self.kit.config().outbox) {
                self.note_failure(store, topic, &row, error).await;
            }
        }
        self.suspects.failed(suspect, &self.kit.config().outbox);
    }

    async fn park_or_wait(
        &mut self,
        store: &Store,
        topic: Topic,
        suspect: Suspect,
        row: &Arc<OutboxRow>,
        error: &SidecarError,
    ) {
        match self.park(store, row, error).await {
            Ok(is_parked) => {
                if is_parked {
                    self.gauges.parked(topic);
                }
                self.window.remove_lane_of(row);
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn Error,
                    "the event could not be parked"
                );
                self.suspects.put_back(suspect);
            }
        }
    }

    /// For the operator: why the event waits, written once for as long as it stays the same. Nothing
    /// hangs on it.
    async fn note_failure(
        &mut self,
        store: &Store,
        topic: Topic,
        row: &OutboxRow,
        error: &SidecarError,
    ) {
        let (reason, fences) = (reason(error), self.leases.fences());
        if !self.evidence.is_news(topic, row.position, &reason) {
            return;
        }
        let noted = in_time(async {
            let tx = store.begin().await?;
            tx.outbox_note_failure(self.kit.app(), row.position, &fences, &reason)
                .await?;
            tx.commit().await
        });
        if let Err(error) = noted.await {
            tracing::debug!(error = &error as &dyn Error, "the failure was not noted");
        }
    }

    /// For the operator: how often the event has failed alone. Nothing hangs on it.
    async fn count_attempt(&mut self, store: &Store, row: &Arc<OutboxRow>) {
        let counted = in_time(async {
            let tx = store.begin().await?;
            tx.outbox_attempts(self.kit.app(), &[row.position], &self.leases.fences())
                .await?;
            tx.commit().await
        });
        if let Err(error) = counted.await {
            tracing::debug!(error = &error as &dyn Error, "the attempt was not counted");
        }
    }

    async fn park(
        &mut self,
        store: &Store,
        row: &OutboxRow,
        error: &SidecarError,
    ) -> Result<bool, StoreError> {
        let reason = reason(error);
        let (app, fences, now) = (self.kit.app(), self.leases.fences(), self.kit.now());
        let is_parked = in_time(async {
            let tx = store.begin().await?;
            let is_parked = tx
                .outbox_park(app, row.position, &fences, &reason, now)
                .await?;
            tx.commit().await?;
            Ok(is_parked)
        })
        .await?;
        if is_parked {
            tracing::error!(
                topic = row.entry.topic.name(),
                event_id = %row.entry.event_id,
                correlation_id = %row.entry.correlation_id,
                reason,
                "an event that cannot be published is parked"
            );
        }
        Ok(is_parked)
    }
}

fn reason(error: &SidecarError) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
