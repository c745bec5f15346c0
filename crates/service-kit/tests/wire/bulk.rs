//! What becomes of batches.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use dapr::dapr::proto::runtime::v1::{
    TopicEventBulkRequest, TopicEventBulkRequestEntry,
    topic_event_bulk_request_entry::Event as Content,
};
use domain::{AppId, Event, EventId, Topic};
use service_kit::{
    BulkOptions, CANARY_TYPE, HandleBatch, HandleError, Received, Service, UnitOfWork,
};

use crate::{
    samples,
    world::{DROP, RETRY, SUCCESS, World, as_sidecar, bulk_entry},
};

/// Fails for the events that the test names, and remembers its batches.
#[derive(Clone, Default)]
struct Batches {
    seen: Arc<Mutex<Vec<Vec<EventId>>>>,
    bad: Arc<Mutex<HashSet<EventId>>>,
    down: Arc<Mutex<HashSet<EventId>>>,
    /// Like `down`, but only for an event that comes by itself.
    down_alone: Arc<Mutex<HashSet<EventId>>>,
}

#[async_trait]
impl HandleBatch for Batches {
    async fn handle_batch(
        &self,
        batch: &[Received<'_>],
        _: &mut UnitOfWork,
    ) -> Result<(), HandleError> {
        let ids: Vec<EventId> = batch.iter().map(|received| received.event.id).collect();
        self.seen.lock().unwrap().push(ids.clone());
        let is_down_alone = ids.len() == 1 && self.down_alone.lock().unwrap().contains(&ids[0]);
        if is_down_alone || ids.iter().any(|id| self.down.lock().unwrap().contains(id)) {
            return Err(HandleError::transient("the database is away"));
        }
        if ids.iter().any(|id| self.bad.lock().unwrap().contains(id)) {
            return Err(HandleError::permanent("it cannot be stored"));
        }
        Ok(())
    }
}

impl Batches {
    async fn world(&self) -> World {
        let handler = self.clone();
        World::start(AppId::AuditService, |_| {
            Service::new(AppId::AuditService).subscribe_bulk(
                [Topic::TaskCreated],
                handler,
                BulkOptions::default(),
            )
        })
        .await
    }

    fn seen(&self) -> Vec<usize> {
        self.seen.lock().unwrap().iter().map(Vec::len).collect()
    }
}

fn created(number: u128, owner: &str) -> Event {
    samples::event(number, owner, Topic::TaskCreated)
}

async fn deliver(world: &World, entries: Vec<TopicEventBulkRequestEntry>) -> Vec<i32> {
    let ids: Vec<String> = entries.iter().map(|entry| entry.entry_id.clone()).collect();
    let request = TopicEventBulkRequest {
        entries,
        topic: Topic::TaskCreated.name().to_owned(),
        pubsub_name: "pubsub".to_owned(),
        ..TopicEventBulkRequest::default()
    };
    let answer = world
        .callback()
        .await
        .on_bulk_topic_event(as_sidecar(request))
        .await;
    let statuses = answer.unwrap().into_inner().statuses;
    let answered: Vec<String> = statuses
        .iter()
        .map(|entry| entry.entry_id.clone())
        .collect();
    assert_eq!(answered, ids, "an entry that is left out would come again");
    statuses.iter().map(|entry| entry.status).collect()
}

fn entries(events: &[Event]) -> Vec<TopicEventBulkRequestEntry> {
    events
        .iter()
        .enumerate()
        .map(|(index, event)| bulk_entry(&index.to_string(), event))
        .collect()
}

#[tokio::test]
async fn a_batch_is_one_transaction_and_its_keys_go_together() {
    let handler = Batches::default();
    let world = handler.world().await;
    let events: Vec<Event> = (1..=80)
        .map(|number| created(number, &format!("user-{}", number % 7)))
        .collect();
    assert_eq!(deliver(&world, entries(&events)).await, [SUCCESS; 80]);
    assert_eq!(handler.seen(), [80]);
    assert_eq!(world.sidecar.state().len(), 80);
    // Some were handled before: only the others are handled.
    let more: Vec<Event> = (70..=90).map(|number| created(number, "alice")).collect();
    assert_eq!(deliver(&world, entries(&more)).await, [SUCCESS; 21]);
    assert_eq!(handler.seen(), [80, 10]);
}

#[tokio::test]
async fn a_canary_in_a_batch_is_passed_over() {
    let handler = Batches::default();
    let world = handler.world().await;
    let mut entries = entries(&[created(1, "alice"), created(2, "alice"), created(3, "bob")]);
    if let Some(Content::CloudEvent(event)) = &mut entries[1].event {
        CANARY_TYPE.clone_into(&mut event.r#type);
        event.data = b"{}".to_vec();
    }
    assert_eq!(deliver(&world, entries).await, [SUCCESS; 3]);
    assert_eq!(handler.seen(), [2]);
    assert!(world.dead_letters().await.is_empty());
}

#[tokio::test]
async fn one_bad_event_does_not_take_the_others_along() {
    let handler = Batches::default();
    let world = handler.world().await;
    handler.bad.lock().unwrap().insert(samples::event_id(2));
    let mut batch = entries(&[
        created(1, "alice"),
        created(2, "bob"),
        created(3, "bob"),
        created(1, "alice"),
    ]);
    batch.push(TopicEventBulkRequestEntry {
        entry_id: "broken".into(),
        ..Default::default()
    });
    batch.extend(entries(&[created(4, "carol")]).into_iter().map(|entry| {
        TopicEventBulkRequestEntry {
            entry_id: "last".into(),
            ..entry
        }
    }));
    assert_eq!(
        deliver(&world, batch).await,
        [SUCCESS, DROP, SUCCESS, SUCCESS, DROP, SUCCESS]
    );
    let letters = world.dead_letters().await;
    let reasons: Vec<&str> = letters
        .iter()
        .map(|letter| letter.reason.as_str())
        .collect();
    assert_eq!(letters.len(), 2, "{reasons:?}");
    assert!(reasons.contains(&"it cannot be stored"));
    assert_eq!(world.sidecar.state().len(), 3);
}

#[tokio::test]
async fn while_the_world_is_down_the_whole_batch_comes_again() {
    let handler = Batches::default();
    let world = handler.world().await;
    handler.down.lock().unwrap().insert(samples::event_id(2));
    let events = [created(1, "alice"), created(2, "bob"), created(3, "carol")];
    assert_eq!(deliver(&world, entries(&events)).await, [RETRY; 3]);
    assert_eq!(handler.seen(), [3]);
    assert!(world.sidecar.state().is_empty());
    handler.down.lock().unwrap().clear();
    assert_eq!(deliver(&world, entries(&events)).await, [SUCCESS; 3]);
}

#[tokio::test]
async fn an_outage_in_the_middle_keeps_the_order_of_each_key() {
    let handler = Batches::default();
    let world = handler.world().await;
    // The batch fails for the second event; one by one, the database is away at the third.
    handler.bad.lock().unwrap().insert(samples::event_id(2));
    handler
        .down_alone
        .lock()
        .unwrap()
        .insert(samples::event_id(3));
    let events = [
        created(1, "alice"),
        created(2, "bob"),
        created(3, "alice"),
        created(4, "alice"),
        created(5, "bob"),
    ];
    assert_eq!(
        deliver(&world, entries(&events)).await,
        [SUCCESS, DROP, RETRY, RETRY, RETRY]
    );
    assert_eq!(handler.seen(), [5, 1, 1, 1]);
}

#[tokio::test]
async fn a_batch_with_the_headers_of_a_hundred_events_is_understood() {
    let handler = Batches::default();
    let world = handler.world().await;
    let events: Vec<Event> = (1..=100).map(|number| created(number, "alice")).collect();
    let mut request = as_sidecar(TopicEventBulkRequest {
        entries: entries(&events),
        topic: Topic::TaskCreated.name().to_owned(),
        pubsub_name: "pubsub".to_owned(),
        ..TopicEventBulkRequest::default()
    });
    // The sidecar appends these two once an event.
    for _ in 0..1000 {
        let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        request
            .metadata_mut()
            .append("traceparent", traceparent.parse().unwrap());
        let binary = tonic::metadata::BinaryMetadataValue::from_bytes(&[7; 58]);
        request.metadata_mut().append_bin("grpc-trace-bin", binary);
    }
    let answer = world
        .callback()
        .await
        .on_bulk_topic_event(request)
        .await
        .unwrap()
        .into_inner();
    assert!(answer.statuses.iter().all(|entry| entry.status == SUCCESS));
    assert_eq!(answer.statuses.len(), 100);
}
