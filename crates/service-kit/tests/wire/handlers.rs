//! What becomes of single events: handled once, again, or given up.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dapr::dapr::proto::runtime::v1::TopicEventRequest;
use domain::{AppId, Task, Topic, UserId};
use service_kit::{
    CANARY_TYPE, Context, Handle, HandleError, Received, Service, StateEntry, TaskCompleted,
    UnitOfWork,
};

use crate::{
    samples,
    world::{DROP, RETRY, SUCCESS, World, delivery, eventually},
};

type Script = dyn Fn(&Task, &mut UnitOfWork) -> Result<(), HandleError> + Send + Sync;

/// Does what the test says, and remembers that it was called.
#[derive(Clone)]
pub struct Scripted {
    calls: Arc<Mutex<Vec<Context>>>,
    script: Arc<Script>,
}

impl Scripted {
    pub fn new(
        script: impl Fn(&Task, &mut UnitOfWork) -> Result<(), HandleError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            calls: Arc::default(),
            script: Arc::new(script),
        }
    }

    pub fn calls(&self) -> Vec<Context> {
        self.calls.lock().unwrap().clone()
    }

    pub async fn world(&self) -> World {
        let handler = self.clone();
        World::start(AppId::RecurringService, |_| {
            Service::new(AppId::RecurringService).subscribe(TaskCompleted, handler)
        })
        .await
    }
}

#[async_trait]
impl Handle<TaskCompleted> for Scripted {
    async fn handle(
        &self,
        task: &Task,
        _received: &Received<'_>,
        work: &mut UnitOfWork,
    ) -> Result<(), HandleError> {
        self.calls.lock().unwrap().push(work.context().clone());
        (self.script)(task, work)
    }
}

fn completed(number: u128) -> domain::Event {
    samples::event(number, "alice", Topic::TaskCompleted)
}

fn key(number: u128) -> String {
    format!("processed-{}-recurring-service", samples::event_id(number))
}

#[tokio::test]
async fn an_event_is_handled_once_and_remembered_after_the_commit() {
    let handler = Scripted::new(|_, _| Ok(()));
    let world = handler.world().await;
    assert_eq!(world.deliver(delivery(&completed(1))).await, SUCCESS);
    assert_eq!(world.deliver(delivery(&completed(1))).await, SUCCESS);
    assert_eq!(handler.calls().len(), 1);
    let state = world.sidecar.state();
    let item = &state[&key(1)];
    assert_eq!(
        item.value,
        br#"{"processed_at":"2026-11-21T14:30:00.123456Z"}"#
    );
    assert_eq!(
        item.metadata["ttlInSeconds"],
        (8 * 24 * 60 * 60).to_string()
    );
    assert_eq!(state.len(), 1);
}

/// A relay that wants to know whether a partition takes events tries it with one that says nothing.
#[tokio::test]
async fn a_canary_among_the_events_is_passed_over() {
    let handler = Scripted::new(|_, _| Ok(()));
    let world = handler.world().await;
    let canary = TopicEventRequest {
        r#type: CANARY_TYPE.to_owned(),
        data: b"{}".to_vec(),
        ..delivery(&completed(1))
    };
    assert_eq!(world.deliver(canary).await, SUCCESS);
    assert!(handler.calls().is_empty());
    assert!(world.dead_letters().await.is_empty());
}

#[tokio::test]
async fn the_state_store_only_saves_work() {
    let handler = Scripted::new(|_, _| Ok(()));
    let world = handler.world().await;
    world.sidecar.set_state_down(true);
    assert_eq!(world.deliver(delivery(&completed(1))).await, SUCCESS);
    assert_eq!(world.deliver(delivery(&completed(1))).await, SUCCESS);
    assert_eq!(handler.calls().len(), 2, "away is a miss, and no error");
}

#[tokio::test]
async fn what_the_state_store_remembers_of_another_service_does_not_count() {
    let handler = Scripted::new(|_, _| Ok(()));
    let world = handler.world().await;
    let entry = StateEntry {
        key: format!("processed-{}-audit-service", samples::event_id(1)),
        value: b"{}".to_vec(),
        lifetime: std::time::Duration::from_mins(1),
    };
    let timeout = std::time::Duration::from_secs(5);
    world
        .kit
        .sidecar()
        .state_save("statestore", vec![entry], timeout)
        .await
        .unwrap();
    assert_eq!(world.deliver(delivery(&completed(1))).await, SUCCESS);
    assert_eq!(handler.calls().len(), 1);
}

#[tokio::test]
async fn a_handler_acts_for_the_event_s_owner_as_the_service() {
    let handler = Scripted::new(|task, work| {
        work.publish(samples::payload(Topic::TaskCreated, task.clone()));
        Ok(())
    });
    let world = handler.world().await;
    let mut request = delivery(&completed(1));
    let traceparent = "00-11111111111111111111111111111111-2222222222222222-01";
    let text = prost_types::value::Kind::StringValue(traceparent.to_owned());
    let value = prost_types::Value { kind: Some(text) };
    let fields = [("traceparent".to_owned(), value)].into();
    request.extensions = Some(prost_types::Struct { fields });
    assert_eq!(world.deliver(request).await, SUCCESS);
    let [context] = handler.calls().try_into().unwrap();
    assert_eq!(context.user, samples::user("alice"));
    assert_eq!(context.correlation_id.as_str(), "c-1");
    assert_eq!(
        (context.actor.kind, context.actor.id.as_str()),
        (domain::ActorKind::Service, "recurring-service")
    );
    eventually("it is out", async || world.sidecar.published().len() == 1).await;
    let [published] = world.sidecar.published().try_into().unwrap();
    assert_eq!(published.metadata["cloudevent.traceparent"], traceparent);
    assert_eq!(published.data["correlation_id"], "c-1");
    assert_eq!(published.data["source"], "recurring-service");
    assert_eq!(published.data["actor"]["kind"], "ACTOR_KIND_SERVICE");
}

#[tokio::test]
async fn while_the_world_is_down_an_event_comes_again_without_end() {
    let handler = Scripted::new(|_, work| {
        work.publish(samples::payload(
            Topic::TaskCreated,
            samples::task("alice", "never"),
        ));
        Err(HandleError::transient("the database is away"))
    });
    let world = handler.world().await;
    for _ in 0..50 {
        assert_eq!(world.deliver(delivery(&completed(1))).await, RETRY);
    }
    assert!(world.dead_letters().await.is_empty());
    assert!(world.sidecar.state().is_empty());
    assert!(
        world.outbox().await.is_empty(),
        "what a failed handler published never happened"
    );
    assert!(world.sidecar.published().is_empty());
}

#[tokio::test]
async fn an_event_that_can_never_succeed_is_given_up_at_once() {
    let handler = Scripted::new(|_, _| Err(HandleError::permanent("it has no series")));
    let world = handler.world().await;
    assert_eq!(world.deliver(delivery(&completed(1))).await, DROP);
    let [letter] = world.dead_letters().await.try_into().unwrap();
    assert_eq!(letter.event_id, samples::event_id(1).to_string());
    assert_eq!(letter.topic, "task-completed");
    assert_eq!(letter.reason, "it has no series");
    assert_eq!(letter.attempts, 1);
    assert_eq!(letter.user_id.as_deref(), Some("alice"));
    assert_eq!(letter.payload, proto::event::event_json(&completed(1)));
    assert!(world.sidecar.state().is_empty());
}

#[tokio::test]
async fn an_error_nobody_foresaw_is_given_some_attempts() {
    let handler = Scripted::new(|_, _| Err(HandleError::unexpected("a null where none can be")));
    let world = handler.world().await;
    for expected in [RETRY, RETRY, RETRY, RETRY, DROP] {
        // Another event has a count of its own.
        assert_eq!(world.deliver(delivery(&completed(1))).await, expected);
        assert_eq!(world.deliver(delivery(&completed(2))).await, expected);
    }
    let letters = world.dead_letters().await;
    let letter = letters
        .iter()
        .find(|letter| letter.event_id == samples::event_id(2).to_string())
        .unwrap();
    assert_eq!(letter.attempts, 5);
    assert_eq!(letter.reason, "handling failed: a null where none can be");
}

#[tokio::test]
async fn a_handler_that_recovers_is_not_given_up() {
    let failures = Arc::new(Mutex::new(4));
    let left = Arc::clone(&failures);
    let handler = Scripted::new(move |_, _| {
        let mut left = left.lock().unwrap();
        if 0 < *left {
            *left -= 1;
            return Err(HandleError::unexpected("not yet"));
        }
        Ok(())
    });
    let world = handler.world().await;
    for expected in [RETRY, RETRY, RETRY, RETRY, SUCCESS] {
        assert_eq!(world.deliver(delivery(&completed(1))).await, expected);
    }
    assert!(world.dead_letters().await.is_empty());
}

#[tokio::test]
async fn a_panic_never_reaches_the_wire() {
    let handler = Scripted::new(|task, _| {
        assert!(task.title.as_str().is_empty(), "a handler that panics");
        Ok(())
    });
    let world = handler.world().await;
    for expected in [RETRY, RETRY, RETRY, RETRY, DROP] {
        assert_eq!(world.deliver(delivery(&completed(1))).await, expected);
    }
    let [letter] = world.dead_letters().await.try_into().unwrap();
    assert!(
        letter.reason.contains("panicked: a handler that panics"),
        "{}",
        letter.reason
    );
    assert!(!world.kit.lifecycle().is_draining(), "the process goes on");
}

#[tokio::test]
async fn events_of_a_deleted_account_succeed_without_effect() {
    let handler = Scripted::new(|task, work| {
        work.publish(samples::payload(Topic::TaskCreated, task.clone()));
        Ok(())
    });
    let world = handler.world().await;
    let alice = UserId::parse("alice").unwrap();
    let tx = world.store().begin().await.unwrap();
    tx.account_tombstone(&alice, world.kit.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.deliver(delivery(&completed(1))).await, SUCCESS);
    assert_eq!(handler.calls().len(), 1);
    assert!(world.outbox().await.is_empty());
    assert!(world.sidecar.published().is_empty());
    assert!(world.dead_letters().await.is_empty());
}
