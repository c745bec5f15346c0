//! What has come to an app.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::Result;
use dapr::dapr::proto::runtime::v1::{TopicEventBulkRequest, TopicEventRequest};
use tonic::metadata::{KeyAndValueRef, MetadataMap};

use crate::wait;

/// An event that was delivered alone.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) event: TopicEventRequest,
    pub(crate) metadata: BTreeMap<String, String>,
    /// How often this event had come to this app before.
    pub(crate) earlier: usize,
}

impl Delivery {
    pub(crate) fn id(&self) -> &str {
        &self.event.id
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.event.data).into_owned()
    }

    pub(crate) fn partition(&self) -> String {
        self.metadata
            .get("__partition")
            .cloned()
            .unwrap_or_default()
    }
}

/// Events that were delivered together.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) request: TopicEventBulkRequest,
    pub(crate) metadata: BTreeMap<String, String>,
    /// How many batches had come to this app before.
    pub(crate) earlier: usize,
    /// Whether it came by the older name of the callback.
    pub(crate) alpha: bool,
}

impl Batch {
    /// The ids of its CloudEvents.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.request
            .entries
            .iter()
            .map(crate::cases::entry_event_id)
            .collect()
    }
}

/// A tick of a cron binding.
#[derive(Clone, Debug)]
pub(crate) struct Tick {
    pub(crate) name: String,
    pub(crate) data: Vec<u8>,
    pub(crate) binding_metadata: BTreeMap<String, String>,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// A question of the runtime: which callback, with which metadata.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) name: &'static str,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// Everything that has come, in order.
#[derive(Debug, Default)]
pub(crate) struct Record {
    parts: Mutex<Parts>,
}

#[derive(Debug, Default)]
struct Parts {
    deliveries: Vec<Delivery>,
    batches: Vec<Batch>,
    ticks: Vec<Tick>,
    calls: Vec<Call>,
}

impl Record {
    pub(super) fn add_delivery(
        &self,
        event: TopicEventRequest,
        metadata: &MetadataMap,
    ) -> Delivery {
        let mut parts = self.parts();
        let earlier = parts
            .deliveries
            .iter()
            .filter(|known| known.event.id == event.id)
            .count();
        let delivery = Delivery {
            event,
            metadata: readable(metadata),
            earlier,
        };
        parts.deliveries.push(delivery.clone());
        delivery
    }

    pub(super) fn add_batch(
        &self,
        request: TopicEventBulkRequest,
        metadata: &MetadataMap,
        alpha: bool,
    ) -> Batch {
        let mut parts = self.parts();
        let earlier = parts.batches.len();
        let batch = Batch {
            request,
            metadata: readable(metadata),
            earlier,
            alpha,
        };
        parts.batches.push(batch.clone());
        batch
    }

    pub(super) fn add_tick(&self, tick: Tick) {
        self.parts().ticks.push(tick);
    }

    pub(super) fn add_call(&self, name: &'static str, metadata: &MetadataMap) {
        self.parts().calls.push(Call {
            name,
            metadata: readable(metadata),
        });
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.parts().deliveries.clone()
    }

    /// The deliveries of one topic.
    pub(crate) fn of_topic(&self, topic: &str) -> Vec<Delivery> {
        self.deliveries()
            .into_iter()
            .filter(|delivery| delivery.event.topic == topic)
            .collect()
    }

    pub(crate) fn batches(&self) -> Vec<Batch> {
        self.parts().batches.clone()
    }

    pub(crate) fn ticks(&self) -> Vec<Tick> {
        self.parts().ticks.clone()
    }

    /// The questions by that name.
    pub(crate) fn calls(&self, name: &str) -> Vec<Call> {
        self.parts()
            .calls
            .iter()
            .filter(|call| call.name == name)
            .cloned()
            .collect()
    }

    /// Waits for that many deliveries in all, and returns them.
    pub(crate) async fn wait_deliveries(&self, count: usize) -> Result<Vec<Delivery>> {
        wait::until(&format!("{count} deliveries"), async || {
            let deliveries = self.deliveries();
            (deliveries.len() >= count).then_some(deliveries)
        })
        .await
    }

    /// Waits for that many deliveries of one topic, and returns them.
    pub(crate) async fn wait_topic(&self, topic: &str, count: usize) -> Result<Vec<Delivery>> {
        wait::until(&format!("{count} deliveries of {topic}"), async || {
            let deliveries = self.of_topic(topic);
            (deliveries.len() >= count).then_some(deliveries)
        })
        .await
    }

    /// Waits for a delivery of that event, and returns the first.
    pub(crate) async fn wait_event(&self, id: &str) -> Result<Delivery> {
        wait::until(&format!("the event {id}"), async || {
            self.deliveries()
                .into_iter()
                .find(|delivery| delivery.event.id == id)
        })
        .await
    }

    /// Waits until the batches hold that many entries, and returns them.
    pub(crate) async fn wait_entries(&self, count: usize) -> Result<Vec<Batch>> {
        wait::until(&format!("{count} entries"), async || {
            let batches = self.batches();
            let entries: usize = batches
                .iter()
                .map(|batch| batch.request.entries.len())
                .sum();
            (entries >= count).then_some(batches)
        })
        .await
    }

    /// Waits for that many ticks, and returns them.
    pub(crate) async fn wait_ticks(&self, count: usize) -> Result<Vec<Tick>> {
        wait::until(&format!("{count} ticks"), async || {
            let ticks = self.ticks();
            (ticks.len() >= count).then_some(ticks)
        })
        .await
    }

    /// Waits for that many questions by that name.
    pub(crate) async fn wait_calls(&self, name: &str, count: usize) -> Result<Vec<Call>> {
        wait::until(&format!("{count} calls of {name}"), async || {
            let calls = self.calls(name);
            (calls.len() >= count).then_some(calls)
        })
        .await
    }

    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Metadata as text; values of one name are joined by commas.
pub(crate) fn readable(metadata: &MetadataMap) -> BTreeMap<String, String> {
    let mut readable: BTreeMap<String, String> = BTreeMap::new();
    for pair in metadata.iter() {
        if let KeyAndValueRef::Ascii(name, value) = pair {
            let value = value.to_str().unwrap_or("(not text)");
            readable
                .entry(name.as_str().to_owned())
                .and_modify(|known| {
                    known.push(',');
                    known.push_str(value);
                })
                .or_insert_with(|| value.to_owned());
        }
    }
    readable
}
