//! Dead letters: kept once, with their reason, and handled again when an operator says so.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use dapr::dapr::proto::runtime::v1::TopicEventRequest;
use domain::{AppId, Topic};
use prost_types::value::Kind;
use serde_json::json;
use service_kit::{Consumer, HandleError, ReplayError, Service, TaskCompleted};

use crate::{
    handlers::Scripted,
    samples,
    world::{DROP, RETRY, SUCCESS, World, as_sidecar, delivery},
};

/// The service's own dead letter topic.
const LETTERS: &str = "dlq.recurring-service";

/// The same event as the sidecar brings it from the dead letter topic: in its envelope.
fn buried(request: &TopicEventRequest) -> TopicEventRequest {
    let envelope = json!({
        "specversion": "1.0",
        "id": request.id,
        "type": request.r#type,
        "topic": request.topic,
        "pubsubname": request.pubsub_name,
        "datacontenttype": request.data_content_type,
        "data_base64": STANDARD.encode(&request.data),
    });
    as_it_stands(envelope.to_string().as_bytes())
}

/// Bytes as the sidecar brings them from the dead letter topic, under an id that it makes up.
fn as_it_stands(bytes: &[u8]) -> TopicEventRequest {
    let topic = Kind::StringValue(LETTERS.to_owned());
    let fields = [("topic".to_owned(), prost_types::Value { kind: Some(topic) })];
    TopicEventRequest {
        id: uuid::Builder::from_random_bytes(rand::random())
            .into_uuid()
            .to_string(),
        source: "Dapr".to_owned(),
        r#type: "com.dapr.event.sent".to_owned(),
        spec_version: "1.0".to_owned(),
        data_content_type: "application/octet-stream".to_owned(),
        data: bytes.to_vec(),
        topic: LETTERS.to_owned(),
        pubsub_name: "pubsub".to_owned(),
        extensions: Some(prost_types::Struct {
            fields: fields.into(),
        }),
        ..TopicEventRequest::default()
    }
}

#[tokio::test]
async fn bytes_that_are_no_event_are_given_up_at_once_and_kept_once() {
    let handler = Scripted::new(|_, _| Ok(()));
    let world = handler.world().await;
    let good = delivery(&samples::event(1, "alice", Topic::TaskCompleted));
    let broken = [
        TopicEventRequest {
            data: b"not json".to_vec(),
            id: "broken-1".into(),
            ..good.clone()
        },
        TopicEventRequest {
            data: b"{}".to_vec(),
            id: "broken-2".into(),
            ..good.clone()
        },
        TopicEventRequest {
            data: Vec::new(),
            id: "broken-3".into(),
            ..good.clone()
        },
        TopicEventRequest {
            data: b"no id".to_vec(),
            id: String::new(),
            ..good.clone()
        },
        TopicEventRequest {
            data: vec![0xff, 0, 0x80],
            id: "with\0nul".into(),
            ..good.clone()
        },
        delivery_of_another_topic(),
    ];
    for request in &broken {
        for _ in 0..2 {
            assert_eq!(world.deliver(request.clone()).await, DROP, "{}", request.id);
            let buried = world.deliver(buried(request)).await;
            assert_eq!(buried, SUCCESS, "{}", request.id);
        }
    }
    let letters = world.dead_letters().await;
    assert_eq!(letters.len(), broken.len());
    assert!(handler.calls().is_empty());
    for letter in &letters {
        assert_eq!(letter.topic, "task-completed", "{}", letter.event_id);
        let is_own = !letter.reason.starts_with("the sidecar could not");
        assert!(is_own, "{}: {}", letter.event_id, letter.reason);
    }
    let first = letters
        .iter()
        .find(|letter| letter.event_id == "broken-1")
        .unwrap();
    assert_eq!(first.payload, b"not json");
    assert!(
        first.reason.starts_with("the message is not JSON"),
        "{}",
        first.reason
    );
}

fn delivery_of_another_topic() -> TopicEventRequest {
    let event = samples::event(9, "alice", Topic::TaskCreated);
    TopicEventRequest {
        topic: "task-completed".to_owned(),
        ..delivery(&event)
    }
}

#[tokio::test]
async fn what_the_sidecar_could_not_deliver_is_kept_when_it_arrives() {
    let handler = Scripted::new(|_, _| Ok(()));
    let world = handler.world().await;
    let event = samples::event(1, "alice", Topic::TaskCompleted);
    for _ in 0..3 {
        let buried = buried(&delivery(&event));
        assert_eq!(world.deliver(buried).await, SUCCESS);
    }
    let [letter] = world.dead_letters().await.try_into().unwrap();
    assert_eq!(
        (letter.event_id, letter.topic),
        (event.id.to_string(), "task-completed".to_owned())
    );
    assert_eq!(letter.reason, "the sidecar could not deliver it");
    assert!(
        handler.calls().is_empty(),
        "nothing is handled from the dead letter topic by itself"
    );
}

/// Nobody else sees such bytes: the sidecar cannot read them on the topic that they were published
/// on, and moves them.
#[tokio::test]
async fn what_the_sidecar_could_not_read_is_kept_once_under_the_topic_it_came_from() {
    let handler = Scripted::new(|_, _| Ok(()));
    let world = handler.world().await;
    for bytes in [&b"no event"[..], &[0xff, 0, 0x80]] {
        for _ in 0..2 {
            let mut request = as_sidecar(as_it_stands(bytes));
            let consumed_from = "task-completed".parse().unwrap();
            request.metadata_mut().insert("__topic", consumed_from);
            let mut callback = world.callback().await;
            let answer = callback.on_topic_event(request).await.unwrap();
            assert_eq!(answer.into_inner().status, SUCCESS);
        }
    }
    let letters = world.dead_letters().await;
    let mut payloads: Vec<&[u8]> = Vec::new();
    for letter in &letters {
        assert!(letter.event_id.starts_with("sha256:"), "{letter:?}");
        assert_eq!(
            (letter.topic.as_str(), letter.attempts),
            ("task-completed", 1)
        );
        assert!(letter.reason.contains("could not read it"), "{letter:?}");
        payloads.push(&letter.payload);
    }
    payloads.sort_unstable();
    assert_eq!(payloads, [&b"no event"[..], &[0xff, 0, 0x80]]);
}

/// A service may be newer than the subscriptions of its sidecar.
#[tokio::test]
async fn a_sidecar_of_an_older_service_brings_letters_without_their_envelope() {
    let handler = Scripted::new(|_, _| Ok(()));
    let world = handler.world().await;
    let event = samples::event(1, "alice", Topic::TaskCompleted);
    let origin = Kind::StringValue("task-completed".to_owned());
    let fields = [(
        "topic".to_owned(),
        prost_types::Value { kind: Some(origin) },
    )];
    let letter = TopicEventRequest {
        topic: LETTERS.to_owned(),
        extensions: Some(prost_types::Struct {
            fields: fields.into(),
        }),
        ..delivery(&event)
    };
    assert_eq!(world.deliver(letter).await, SUCCESS);
    let [letter] = world.dead_letters().await.try_into().unwrap();
    assert_eq!(
        (letter.event_id, letter.topic),
        (event.id.to_string(), "task-completed".to_owned())
    );
}

#[tokio::test]
async fn a_dead_letter_that_cannot_be_stored_comes_again() {
    let world = World::unready(AppId::RecurringService, |_| {
        let handler = Scripted::new(|_, _| Ok(()));
        Service::new(AppId::RecurringService).subscribe(TaskCompleted, handler)
    })
    .await;
    let good = delivery(&samples::event(1, "alice", Topic::TaskCompleted));
    let broken = TopicEventRequest {
        data: b"not json".to_vec(),
        ..good
    };
    assert_eq!(world.deliver(broken.clone()).await, RETRY);
    assert_eq!(world.deliver(buried(&broken)).await, RETRY);
}

#[tokio::test]
async fn a_replay_reaches_the_one_consumer_and_is_as_idempotent_as_a_delivery() {
    let is_mended = Arc::new(AtomicBool::new(false));
    let mended = Arc::clone(&is_mended);
    let handler = Scripted::new(move |task, work| {
        if !mended.load(Ordering::SeqCst) {
            return Err(HandleError::permanent("it has no series"));
        }
        work.publish(samples::payload(Topic::TaskCreated, task.clone()));
        Ok(())
    });
    let world = handler.world().await;
    let event = samples::event(1, "alice", Topic::TaskCompleted);
    assert_eq!(world.deliver(delivery(&event)).await, DROP);
    let [letter] = world.dead_letters().await.try_into().unwrap();
    let service = Service::new(AppId::RecurringService).subscribe(TaskCompleted, handler.clone());
    let consumer = Consumer::new(world.kit.clone(), &service);
    let error = consumer.replay(&letter).await.unwrap_err();
    assert!(
        matches!(error, ReplayError::Failed(HandleError::Permanent(_))),
        "{error:?}"
    );
    is_mended.store(true, Ordering::SeqCst);
    consumer.replay(&letter).await.unwrap();
    assert_eq!(handler.calls().len(), 3);
    crate::world::eventually("its event is out", async || {
        world.sidecar.published().len() == 1
    })
    .await;
    let elsewhere = store::DeadLetter {
        topic: "task-created".to_owned(),
        ..letter
    };
    assert!(matches!(
        consumer.replay(&elsewhere).await,
        Err(ReplayError::NoHandler { .. })
    ));
}
