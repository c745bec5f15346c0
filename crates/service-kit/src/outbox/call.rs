//! One publishing call and what follows it.

use std::sync::Arc;

use store::{Fence, OutboxRow, StoreError};

use super::{
    database::in_time,
    outbound::{outbound, partition_key},
    suspects::Suspect,
};
use crate::{canary::publish_canary, kit::Kit, sidecar_client::SidecarError, topics::canary_topic};

/// A call that has ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// What was to be published, and what is known of its earlier failures.
    pub(super) suspect: Suspect,
    /// What came of it.
    pub(super) outcome: Outcome,
}

/// What came of a call.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Published and deleted.
    Done,
    /// Published, but somebody else holds the lease by now, or the database is away: published rows
    /// are left in the outbox and go out once more, from here or from elsewhere.
    NotDeleted(Option<StoreError>),
    /// Something is away: the sidecar, the broker, the topic.
    Away(SidecarError),
    /// The call failed, and a probe right after it did not.
    Refused {
        /// Why.
        error: SidecarError,
        /// Whether it is proven that the one event of the call is at fault.
        is_proven: bool,
    },
}

/// Publishes rows of one topic, one a lane, and deletes them.
pub(super) async fn publish(kit: Kit, suspect: Suspect, fences: Vec<Fence>) -> Ended {
    let is_tried = suspect.is_tried(&kit.config().outbox);
    let is_taken_before = is_tried && partition_takes(&kit, &suspect.rows).await;
    let outcome = match send(&kit, &suspect.rows).await {
        Ok(()) => delete(&kit, &suspect.rows, &fences).await,
        Err(error) if !error.may_be_the_requests_fault() => Outcome::Away(error),
        Err(error) => match probe(&kit, &suspect.rows).await {
            Err(_) => Outcome::Away(error),
            Ok(()) => Outcome::Refused {
                error,
                is_proven: is_taken_before && partition_takes(&kit, &suspect.rows).await,
            },
        },
    };
    Ended { suspect, outcome }
}

async fn send(kit: &Kit, rows: &[Arc<OutboxRow>]) -> Result<(), SidecarError> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    let events = rows.iter().map(|row| outbound(row)).collect();
    let config = kit.config();
    let (pubsub, topic) = (&config.sidecar.pubsub, first.entry.topic.name());
    kit.sidecar()
        .publish_bulk(pubsub, topic, events, config.outbox.publish_timeout)
        .await
}

async fn delete(kit: &Kit, rows: &[Arc<OutboxRow>], fences: &[Fence]) -> Outcome {
    let positions: Vec<i64> = rows.iter().map(|row| row.position).collect();
    let Some(store) = kit.resources().store() else {
        return Outcome::NotDeleted(None);
    };
    let deleted = in_time(async {
        let tx = store.begin().await?;
        let deleted = tx.outbox_delete(kit.app(), &positions, fences).await?;
        tx.commit().await?;
        Ok(deleted)
    });
    match deleted.await {
        Ok(deleted) if usize::try_from(deleted).is_ok_and(|deleted| deleted == rows.len()) => {
            Outcome::Done
        }
        Ok(_) => Outcome::NotDeleted(None),
        Err(error) => Outcome::NotDeleted(Some(error)),
    }
}

/// Kafka's component says INTERNAL for a broker that is away as for an event that is too large. A
/// small event of our own tells one from the other.
async fn probe(kit: &Kit, rows: &[Arc<OutboxRow>]) -> Result<(), SidecarError> {
    publish_canary(kit, &canary_topic(kit.app()), &key(rows)).await
}

/// Whether a small event of our own gets into the very partition that the first row is for. A broker
/// that comes back takes events on some partitions long before others, and one of many brokers that
/// is away takes its partitions with it: what got through elsewhere proves nothing of this one.
async fn partition_takes(kit: &Kit, rows: &[Arc<OutboxRow>]) -> bool {
    let Some(first) = rows.first() else {
        return false;
    };
    let taken = publish_canary(kit, first.entry.topic.name(), &key(rows)).await;
    taken.is_ok()
}

fn key(rows: &[Arc<OutboxRow>]) -> String {
    rows.first()
        .map(|row| partition_key(row))
        .unwrap_or_default()
}
