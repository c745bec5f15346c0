//! Delivery: one worker for each subscription and partition, in order, one call at a time.

mod bulk;
mod dead_letter;
mod metadata;
mod single;
mod subscription;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use dapr::dapr::proto::runtime::v1::topic_event_response::TopicEventResponseStatus;
use tokio_util::sync::CancellationToken;

use self::subscription::Bulk;
pub(crate) use self::subscription::Subscription;
use crate::{
    cloud_event::{self, Received},
    engine::{App, Fetched, Group, Message, Partition, Seat, Topic},
    sidecar::Runtime,
};

/// Delivers the events of one partition to one subscription.
pub(crate) struct Worker {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) app: Arc<App>,
    pub(crate) subscription: Arc<Subscription>,
    pub(crate) topic: Arc<Topic>,
    pub(crate) partition: Arc<Partition>,
    pub(crate) group: Group,
    pub(crate) seat: Arc<Seat>,
    /// Cancelled when deliveries have to stop.
    pub(crate) active: CancellationToken,
}

/// What became of one event after one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// The app has it.
    Accepted,
    /// The app does not want it: it goes to the dead letter topic, if there is one.
    Dropped,
    /// Its time was over before it could be delivered: it goes the way of what is dropped.
    Expired,
    /// Nobody can read it, and there is a dead letter topic: it goes there.
    Unreadable,
    /// Acknowledged and gone, as in daprd: the app does not implement the callback, or its dead
    /// letter was refused.
    Lost,
    /// Once more, after the interval.
    Retry,
}

impl Outcome {
    fn of_status(status: i32) -> Self {
        match TopicEventResponseStatus::try_from(status) {
            Ok(TopicEventResponseStatus::Success) => Self::Accepted,
            Ok(TopicEventResponseStatus::Drop) => Self::Dropped,
            Ok(TopicEventResponseStatus::Retry) | Err(_) => Self::Retry,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Dropped | Self::Expired | Self::Unreadable => "dropped",
            Self::Lost => "lost",
            Self::Retry => "retry",
        }
    }
}

/// Deliveries have to stop, or the partition has been given to another member.
struct Interrupted;

impl Worker {
    /// Delivers until the sidecar stops or the app turns unhealthy.
    pub(crate) async fn run(self) {
        let index = self.partition.number as usize;
        while let Some(turn) = self.active.run_until_cancelled(self.seat.turn(index)).await {
            let interrupted = self.deliver_turn().await;
            drop(turn);
            if self.active.is_cancelled() {
                return;
            }
            let Interrupted = interrupted;
        }
    }

    async fn deliver_turn(&self) -> Interrupted {
        let mut position = self
            .runtime
            .engine
            .log()
            .position(&self.group, &self.partition);
        loop {
            match self.deliver_some(position).await {
                Ok(next) => position = next,
                Err(interrupted) => return interrupted,
            }
        }
    }

    /// Delivers what stands at `position` and says where to go on.
    async fn deliver_some(&self, position: u64) -> Result<u64, Interrupted> {
        let limit = self
            .subscription
            .bulk
            .map_or(FETCH_COUNT, |bulk| bulk.count);
        let fetched = self.fetch(position, limit).await?;
        if fetched.messages.is_empty() && fetched.next == position {
            self.unless_interrupted(self.partition.reached(position))
                .await?;
            return Ok(position);
        }
        match self.subscription.bulk {
            None => {
                for message in &fetched.messages {
                    self.deliver_single(message).await?;
                    self.done_before(message.offset + 1);
                }
            }
            Some(bulk) => {
                let fetched = self.gather(position, fetched, bulk).await?;
                self.deliver_bulk(&fetched.messages).await?;
                self.done_before(fetched.next);
                return Ok(fetched.next);
            }
        }
        Ok(fetched.next)
    }

    /// A batch begins with its first event and is sent when it is full, or after its wait.
    async fn gather(
        &self,
        position: u64,
        fetched: Fetched,
        bulk: Bulk,
    ) -> Result<Fetched, Interrupted> {
        let short = bulk.count.saturating_sub(fetched.messages.len()) as u64;
        if short == 0 || fetched.messages.is_empty() {
            return Ok(fetched);
        }
        let full = self.partition.reached(fetched.next + short - 1);
        let filled = tokio::time::timeout(bulk.wait, full);
        // Full or not: the batch goes out.
        let _full = self.unless_interrupted(filled).await?;
        self.fetch(position, bulk.count).await
    }

    /// Reads the log. When it cannot be read the worker tries again, and never skips.
    async fn fetch(&self, position: u64, limit: usize) -> Result<Fetched, Interrupted> {
        loop {
            match self
                .runtime
                .engine
                .log()
                .fetch(&self.partition, position, limit)
                .await
            {
                Ok(fetched) => return Ok(fetched),
                Err(error) => {
                    tracing::error!(topic = self.subscription.topic, error = ?error, "events cannot be read");
                    self.pause().await?;
                }
            }
        }
    }

    /// Deals with an outcome that is final. What cannot be put on the dead letter topic is tried
    /// again or lost, as [`dead_letter`] says.
    async fn settle(&self, message: &Message, outcome: Outcome) -> Outcome {
        metrics::counter!(
            "sidecar_deliveries_total",
            "app" => self.runtime.app_id.clone(),
            "topic" => self.subscription.topic.clone(),
            "result" => outcome.name(),
        )
        .increment(1);
        match outcome {
            Outcome::Accepted | Outcome::Retry => outcome,
            Outcome::Lost => {
                tracing::warn!(
                    app = self.runtime.app_id,
                    topic = self.subscription.topic,
                    "the app does not implement the callback: an event is lost"
                );
                outcome
            }
            Outcome::Dropped | Outcome::Expired | Outcome::Unreadable => {
                let Err(error) = self.bury(message).await else {
                    return outcome;
                };
                let in_bulk = self.subscription.bulk.is_some();
                let instead = error.outcome(outcome, in_bulk);
                tracing::error!(
                    app = self.runtime.app_id,
                    topic = self.subscription.topic,
                    offset = message.offset,
                    error = ?error,
                    instead = instead.name(),
                    "an event cannot be put on the dead letter topic"
                );
                instead
            }
        }
    }

    /// Reads an event for the app. One that nobody can read, or that has expired, is dropped if
    /// there is a dead letter topic; without one an unreadable event stays, for ever.
    fn read(&self, message: &Message) -> Result<Received, Outcome> {
        if self.subscription.raw {
            return Ok(cloud_event::raw(&message.value));
        }
        match cloud_event::read(&message.value, self.subscription.bulk.is_some()) {
            Ok(received) => {
                let now = DateTime::<Utc>::from(self.runtime.engine.clock().now());
                if received
                    .expiration
                    .is_some_and(|expiration| expiration <= now)
                {
                    return Err(Outcome::Expired);
                }
                Ok(received)
            }
            Err(error) => {
                tracing::error!(
                    topic = self.subscription.topic,
                    partition = self.partition.number,
                    offset = message.offset,
                    error = ?error,
                    "an event cannot be delivered"
                );
                let buried = self.subscription.dead_letter_topic.is_some();
                Err(if buried {
                    Outcome::Unreadable
                } else {
                    Outcome::Retry
                })
            }
        }
    }

    fn done_before(&self, next: u64) {
        self.runtime
            .engine
            .log()
            .mark(&self.group, &self.partition, next);
    }

    /// Waits for the retry interval.
    async fn pause(&self) -> Result<(), Interrupted> {
        self.unless_interrupted(tokio::time::sleep(self.runtime.retry.interval))
            .await
    }

    async fn unless_interrupted<T>(
        &self,
        waiting: impl Future<Output = T>,
    ) -> Result<T, Interrupted> {
        tokio::select! {
            biased;
            () = self.active.cancelled() => Err(Interrupted),
            () = self.seat.lost(self.partition.number as usize) => Err(Interrupted),
            value = waiting => Ok(value),
        }
    }

    /// Waits for a call to the app. When deliveries stop, it has some time left to end.
    async fn until_drained<T>(&self, call: impl Future<Output = T>) -> Result<T, Interrupted> {
        tokio::pin!(call);
        tokio::select! {
            biased;
            value = &mut call => Ok(value),
            () = self.active.cancelled() => {
                tokio::time::timeout(self.runtime.drain, call).await.map_err(|_elapsed| Interrupted)
            }
        }
    }
}

/// Events read at a time for single delivery.
const FETCH_COUNT: usize = 128;
