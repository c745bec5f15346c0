//! How a replica knows that it has read everything the topic retains.
//!
//! It publishes a canary into each partition of `task-updates` (publish metadata `partitionNumber`)
//! and reads the topic from its oldest event. A partition is read in order, so whatever was there
//! before the canary has been read once the canary comes back. Every replica reads every canary and
//! passes over those of others, and those of relays; none reaches a user. The number of partitions is configured
//! (`realtime.partitions`): with too small a number the rest is not waited for, with too large a one
//! the sidecar refuses the canary, and readiness says so.

use std::{
    collections::{BTreeSet, HashMap},
    convert::Infallible,
    error::Error,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::Topic;
use proto::wkt;
use serde::{Deserialize, Serialize};
use service_kit::{CANARY_TYPE, Kit, OutboundEvent, ReadinessCheck};
use tokio::sync::Notify;
use uuid::Uuid;

/// How long a canary is waited for before another one is sent.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a canary carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// The replica that published it, a number made at its start.
    pub replica: Uuid,
    /// When.
    pub sent_at: wkt::Timestamp,
}

/// How far a replica has caught up. A cheap handle.
#[derive(Debug, Clone)]
pub struct CatchUp(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    replica: Uuid,
    state: Mutex<State>,
    seen: Notify,
}

#[derive(Debug)]
struct State {
    /// The partitions whose canary has not come back.
    waiting: BTreeSet<i32>,
    /// Why the last canary could not be published.
    problem: Option<String>,
}

impl CatchUp {
    /// A replica that has read nothing of its `partitions` yet. `replica` is a number of its own.
    pub fn new(replica: Uuid, partitions: u16) -> Self {
        let waiting = (0..i32::from(partitions)).collect();
        let state = Mutex::new(State {
            waiting,
            problem: None,
        });
        Self(Arc::new(Shared {
            replica,
            state,
            seen: Notify::new(),
        }))
    }

    /// Whether everything that was retained when the replica started has been read.
    pub fn is_done(&self) -> bool {
        self.state().waiting.is_empty()
    }

    /// A canary came back from a partition.
    pub fn saw(&self, canary: &Canary, partition: i32) {
        if canary.replica == self.0.replica && self.state().waiting.remove(&partition) {
            self.0.seen.notify_one();
        }
    }

    /// Publishes canaries until each has come back. A task of the process: it ends with it.
    pub async fn run(self, kit: Kit) -> Result<(), Infallible> {
        let end = async {
            while !self.is_done() {
                self.publish(&kit).await;
                // A canary that was lost, or refused, is followed by another one.
                let _ = tokio::time::timeout(PATIENCE, self.done()).await;
            }
            tracing::info!("caught up with task-updates");
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = end => {}
            () = kit.lifecycle().draining() => {}
        }
        Ok(())
    }

    async fn done(&self) {
        while !self.is_done() {
            self.0.seen.notified().await;
        }
    }

    async fn publish(&self, kit: &Kit) {
        let waiting = self.state().waiting.clone();
        for partition in waiting {
            let canary = Canary {
                replica: self.0.replica,
                sent_at: kit.now().into(),
            };
            let outcome = publish(kit, &canary, partition).await;
            let problem = outcome.err().map(|error| chain(&*error));
            if let Some(problem) = &problem {
                tracing::warn!(partition, problem, "a canary could not be published");
            }
            self.state().problem = problem;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadinessCheck for CatchUp {
    fn name(&self) -> &'static str {
        "caught up"
    }

    fn check(&self) -> Result<(), String> {
        let state = self.state();
        if state.waiting.is_empty() {
            return Ok(());
        }
        let left = format!(
            "partitions of task-updates still to be read: {:?}",
            state.waiting
        );
        Err(match &state.problem {
            None => left,
            Some(problem) => format!("{left}; {problem}"),
        })
    }
}

async fn publish(
    kit: &Kit,
    canary: &Canary,
    partition: i32,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let id = kit.ids().uuid().to_string();
    let metadata = HashMap::from([
        ("cloudevent.id".to_owned(), id.clone()),
        ("cloudevent.type".to_owned(), CANARY_TYPE.to_owned()),
        ("partitionNumber".to_owned(), partition.to_string()),
    ]);
    let event = OutboundEvent {
        entry_id: id,
        data: serde_json::to_vec(canary)?,
        metadata,
    };
    let pubsub = &kit.config().sidecar.fan_out_pubsub;
    kit.sidecar()
        .publish(pubsub, Topic::TaskUpdates.name(), event)
        .await?;
    Ok(())
}

/// An error with every cause.
fn chain(mut error: &dyn Error) -> String {
    let mut text = error.to_string();
    while let Some(cause) = error.source() {
        text = format!("{text}: {cause}");
        error = cause;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canary(replica: u128) -> Canary {
        let sent_at = jiff::Timestamp::UNIX_EPOCH.into();
        Canary {
            replica: Uuid::from_u128(replica),
            sent_at,
        }
    }

    #[test]
    fn a_replica_has_caught_up_when_its_own_canary_came_back_from_each_partition() {
        let catch_up = CatchUp::new(Uuid::from_u128(1), 2);
        assert!(catch_up.check().unwrap_err().ends_with("{0, 1}"));
        catch_up.saw(&canary(1), 0);
        catch_up.saw(&canary(1), 0);
        catch_up.saw(&canary(2), 1);
        assert!(!catch_up.is_done());
        assert!(catch_up.check().unwrap_err().ends_with("{1}"));
        catch_up.saw(&canary(1), 1);
        assert!(catch_up.is_done());
        assert_eq!(catch_up.check(), Ok(()));
    }
}
