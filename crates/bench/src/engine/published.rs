//! What Dapr takes by itself: from the call of `PublishEvent` to the handler of another app, through
//! two sidecars and the engine's broker.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use serde_json::Value;
use service_kit::OutboundEvent;
use tempfile::TempDir;
use uuid::Uuid;

use super::{
    commands::Engine,
    daprd::{PUBSUB, Sidecar, write_resources},
    report::SteadyRow,
    subscriber::Subscriber,
};
use crate::{open_loop::open_loop, statements::FIRST_USER};

const TOPIC: &str = "bench-published";

/// How long a subscription may take until its first event comes, and the last event of a load.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long a first event is waited for before another one is sent.
const FIRST: Duration = Duration::from_millis(100);

/// A publisher and a subscriber, each with a sidecar.
pub(super) struct Published {
    publisher: Sidecar,
    subscriber: Subscriber,
    data: Vec<u8>,
    users: usize,
    /// How many events there have been: they are numbered.
    events: usize,
    _sidecar: Sidecar,
    _folder: TempDir,
}

impl Published {
    /// Starts them, and returns when events get through. The data of each is that of the message.
    pub(super) async fn start(
        engine: &Engine,
        message: &Value,
        users: usize,
        partitions: u32,
    ) -> anyhow::Result<Self> {
        engine.create_topic(TOPIC, partitions).await?;
        let folder = tempfile::tempdir()?;
        write_resources(engine, folder.path())?;
        let subscriber = Subscriber::serve(TOPIC).await?;
        // One after the other: the first makes the file in which sidecars find one another.
        let publisher = Sidecar::start(engine, folder.path(), "bench-publisher", None, 0).await?;
        let port = Some(subscriber.port);
        let sidecar = Sidecar::start(engine, folder.path(), "bench-subscriber", port, 4).await?;
        let mut way = Self {
            publisher,
            subscriber,
            data: message["data"].to_string().into_bytes(),
            users,
            events: 0,
            _sidecar: sidecar,
            _folder: folder,
        };
        tokio::time::timeout(PATIENCE, way.first())
            .await
            .context("no event gets through")??;
        Ok(way)
    }

    /// Publishes at a rate, and times each event until its handler has it.
    pub(super) async fn load(&mut self, rate: u32, count: usize) -> anyhow::Result<SteadyRow> {
        let first = self.events;
        self.events += count;
        let calls = open_loop(rate, count, async |number, due| {
            anyhow::Ok((self.publish(first + number).await?, due))
        })
        .await;
        let calls: Vec<(String, Instant)> = calls.into_iter().collect::<anyhow::Result<_>>()?;
        let (ids, dues): (Vec<_>, Vec<_>) = calls.into_iter().unzip();
        let seen = self.subscriber.arrivals.wait_for(&ids, PATIENCE).await;
        Ok(SteadyRow::new(
            "PublishEvent → handler",
            rate,
            count,
            &dues,
            &seen,
        ))
    }

    /// Publishes until something comes.
    async fn first(&mut self) -> anyhow::Result<()> {
        loop {
            let id = self.publish(self.events).await?;
            self.events += 1;
            if let [Some(_)] = self.subscriber.arrivals.wait_for(&[id], FIRST).await[..] {
                return Ok(());
            }
        }
    }

    /// As the relay of a service publishes an event, but by itself. Gives its id.
    async fn publish(&self, number: usize) -> anyhow::Result<String> {
        let id = Uuid::from_u128(number as u128).to_string();
        let user = FIRST_USER + number % self.users;
        let metadata = HashMap::from([
            ("cloudevent.id".to_owned(), id.clone()),
            ("cloudevent.type".to_owned(), "task.updates".to_owned()),
            ("cloudevent.source".to_owned(), "backend-api".to_owned()),
            ("partitionKey".to_owned(), user.to_string()),
        ]);
        let event = OutboundEvent {
            entry_id: String::new(),
            data: self.data.clone(),
            metadata,
        };
        self.publisher.client.publish(PUBSUB, TOPIC, event).await?;
        Ok(id)
    }
}
