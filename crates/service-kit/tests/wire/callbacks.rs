//! What the sidecar is told, and who is not believed to be the sidecar.

use std::time::Duration;

use async_trait::async_trait;
use dapr::dapr::proto::{
    common::v1::InvokeRequest,
    runtime::v1::{
        BindingEventRequest, JobEventRequest, TopicEventBulkRequest,
        app_callback_health_check_client::AppCallbackHealthCheckClient,
    },
};
use domain::{AppId, Task, Topic};
use service_kit::{
    BulkOptions, Delivered, FanOut, Handle, HandleBatch, HandleBinding, HandleError, Kit, Received,
    Service, TaskCompleted, UnitOfWork,
};
use tokio::sync::Notify;
use tonic::{Code, Request};

use crate::{
    samples,
    world::{APP_TOKEN, RETRY, SUCCESS, World, as_sidecar, delivery, eventually},
};

/// A handler of everything, which does nothing.
struct Nothing;

#[async_trait]
impl Handle<TaskCompleted> for Nothing {
    async fn handle(
        &self,
        _: &Task,
        _: &Received<'_>,
        _: &mut UnitOfWork,
    ) -> Result<(), HandleError> {
        Ok(())
    }
}

#[async_trait]
impl HandleBatch for Nothing {
    async fn handle_batch(
        &self,
        _: &[Received<'_>],
        _: &mut UnitOfWork,
    ) -> Result<(), HandleError> {
        Ok(())
    }
}

#[async_trait]
impl FanOut for Nothing {
    async fn deliver(&self, _: Delivered<'_>) -> Result<(), HandleError> {
        Ok(())
    }
}

#[async_trait]
impl HandleBinding for Nothing {
    async fn run(&self) -> Result<(), HandleError> {
        Ok(())
    }
}

fn service(_kit: &Kit) -> Service {
    Service::new(AppId::AuditService)
        .subscribe(TaskCompleted, Nothing)
        .subscribe_bulk(
            [Topic::TaskCreated, Topic::TaskDeleted],
            Nothing,
            BulkOptions::default(),
        )
        .fan_out(Topic::TaskUpdates, Nothing)
        .binding("a-cron", Nothing)
}

#[tokio::test]
async fn subscriptions_and_bindings_are_told_before_anything_else_is_there() {
    let world = World::unready(AppId::AuditService, service).await;
    let mut client = world.callback().await;
    let answer = client
        .list_topic_subscriptions(Request::new(()))
        .await
        .unwrap()
        .into_inner();
    let rows = answer.subscriptions.iter().map(|entry| {
        let bulk = entry.bulk_subscribe.as_ref().map_or(String::new(), |bulk| {
            format!(
                " bulk {} {} ms",
                bulk.max_messages_count, bulk.max_await_duration_ms
            )
        });
        let as_it_stands = match entry.metadata.get("rawPayload") {
            Some(raw) if raw == "true" => " as it stands",
            _ => "",
        };
        format!(
            "{} {} -> {:?}{bulk}{as_it_stands}",
            entry.pubsub_name, entry.topic, entry.dead_letter_topic
        )
    });
    insta::assert_snapshot!(rows.collect::<Vec<_>>().join("\n"), @r#"
    pubsub task-completed -> "dlq.audit-service"
    pubsub task-created -> "dlq.audit-service" bulk 80 250 ms
    pubsub task-deleted -> "dlq.audit-service" bulk 80 250 ms
    pubsub-fanout task-updates -> "dlq.audit-service"
    pubsub dlq.audit-service -> "" as it stands
    pubsub canary.audit-service -> "" as it stands
    pubsub-fanout canary.audit-service -> "" as it stands
    "#);
    let bindings = client
        .list_input_bindings(Request::new(()))
        .await
        .unwrap()
        .into_inner()
        .bindings;
    assert_eq!(bindings, ["a-cron"]);
}

#[tokio::test]
async fn without_database_and_secrets_events_come_again_and_health_says_so() {
    let world = World::unready(AppId::AuditService, service).await;
    let mut health = AppCallbackHealthCheckClient::new(world.channel().await);
    assert_eq!(
        health.health_check(()).await.unwrap_err().code(),
        Code::Unavailable
    );
    let event = samples::event(1, "alice", Topic::TaskCompleted);
    assert_eq!(world.deliver(delivery(&event)).await, RETRY);

    world
        .kit
        .resources()
        .provide_store(world.database.open().await);
    assert_eq!(
        health.health_check(()).await.unwrap_err().code(),
        Code::Unavailable
    );
    let secret = secrecy::SecretString::from("x".repeat(32));
    world
        .kit
        .resources()
        .provide_seal(service_kit::Seal::new(&secret, None));
    health.health_check(()).await.unwrap();
    assert_eq!(world.deliver(delivery(&event)).await, SUCCESS);
}

#[tokio::test]
async fn nobody_but_the_sidecar_delivers() {
    let world = World::start(AppId::AuditService, service).await;
    let event = samples::event(1, "alice", Topic::TaskCompleted);
    let with = |headers: &[(&'static str, &'static str)]| {
        let mut request = Request::new(delivery(&event));
        for (name, value) in headers {
            request.metadata_mut().append(*name, value.parse().unwrap());
        }
        request
    };
    let mut client = world.callback().await;
    let token = ("dapr-api-token", APP_TOKEN);
    let refused = [
        (with(&[]), Code::Unauthenticated),
        (
            with(&[("dapr-api-token", "a guess")]),
            Code::Unauthenticated,
        ),
        (
            with(&[("authorization", "Bearer a.b.c")]),
            Code::Unauthenticated,
        ),
        (
            with(&[token, ("dapr-api-token", "a guess")]),
            Code::Unauthenticated,
        ),
        (
            with(&[token, ("dapr-caller-app-id", "web")]),
            Code::PermissionDenied,
        ),
    ];
    for (request, code) in refused {
        assert_eq!(
            client.on_topic_event(request).await.unwrap_err().code(),
            code
        );
    }
    let bulk = TopicEventBulkRequest::default();
    assert_eq!(
        client.on_bulk_topic_event(bulk).await.unwrap_err().code(),
        Code::Unauthenticated
    );
    let binding = BindingEventRequest {
        name: "a-cron".to_owned(),
        ..BindingEventRequest::default()
    };
    assert_eq!(
        client.on_binding_event(binding).await.unwrap_err().code(),
        Code::Unauthenticated
    );
    let job = JobEventRequest::default();
    assert_eq!(
        client.on_job_event(job).await.unwrap_err().code(),
        Code::Unauthenticated
    );
    assert_eq!(
        client
            .on_invoke(InvokeRequest::default())
            .await
            .unwrap_err()
            .code(),
        Code::Unauthenticated
    );
    assert_eq!(
        client
            .on_topic_event(with(&[token]))
            .await
            .unwrap()
            .into_inner()
            .status,
        SUCCESS
    );
}

#[tokio::test]
async fn what_nobody_handles_is_neither_lost_nor_unimplemented() {
    let world = World::start(AppId::AuditService, service).await;
    let unknown = samples::event(1, "alice", Topic::TaskCompleted);
    let mut request = delivery(&unknown);
    request.topic = "task-renamed".to_owned();
    assert_eq!(world.deliver(request).await, RETRY);
    let mut client = world.callback().await;
    let mut bulk = TopicEventBulkRequest {
        topic: "task-renamed".to_owned(),
        ..Default::default()
    };
    bulk.entries = vec![
        crate::world::bulk_entry("0", &unknown),
        crate::world::bulk_entry("1", &unknown),
    ];
    let answer = client
        .on_bulk_topic_event(as_sidecar(bulk))
        .await
        .unwrap()
        .into_inner();
    let statuses: Vec<i32> = answer.statuses.iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [RETRY, RETRY]);
    let binding = BindingEventRequest {
        name: "another".to_owned(),
        ..Default::default()
    };
    let status = client
        .on_binding_event(as_sidecar(binding))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    // NOT_FOUND would count as a job that was done.
    let status = client
        .on_job_event(as_sidecar(JobEventRequest::default()))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
}

/// Runs until it is let go.
struct Slow {
    started: std::sync::Arc<Notify>,
    released: std::sync::Arc<Notify>,
    runs: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

#[async_trait]
impl HandleBinding for Slow {
    async fn run(&self) -> Result<(), HandleError> {
        self.runs.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.started.notify_one();
        self.released.notified().await;
        Ok(())
    }
}

#[tokio::test]
async fn a_binding_does_not_overlap_with_itself() {
    let (started, released) = (
        std::sync::Arc::new(Notify::new()),
        std::sync::Arc::new(Notify::new()),
    );
    let runs = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let slow = Slow {
        started: std::sync::Arc::clone(&started),
        released: std::sync::Arc::clone(&released),
        runs: std::sync::Arc::clone(&runs),
    };
    let world = World::start(AppId::NotificationService, |_| {
        Service::new(AppId::NotificationService).binding("a-cron", slow)
    })
    .await;
    let fire = || {
        as_sidecar(BindingEventRequest {
            name: "a-cron".to_owned(),
            ..Default::default()
        })
    };
    let mut first = world.callback().await;
    let mut second = world.callback().await;
    let both = async {
        tokio::join!(first.on_binding_event(fire()), async {
            started.notified().await;
            // The tick that comes meanwhile is answered at once and does nothing.
            let answer =
                tokio::time::timeout(Duration::from_secs(20), second.on_binding_event(fire()));
            answer.await.unwrap().unwrap();
            released.notify_one();
        })
    };
    both.await.0.unwrap();
    assert_eq!(runs.load(std::sync::atomic::Ordering::SeqCst), 1);
    released.notify_one();
    first.on_binding_event(fire()).await.unwrap();
    assert_eq!(runs.load(std::sync::atomic::Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_canary_that_comes_back_is_accepted_and_leaves_no_trace() {
    let world = World::start(AppId::AuditService, service).await;
    let mut canary = delivery(&samples::event(1, "alice", Topic::TaskCompleted));
    canary.topic = "canary.audit-service".to_owned();
    canary.data = b"{}".to_vec();
    assert_eq!(world.deliver(canary).await, SUCCESS);
    assert!(world.dead_letters().await.is_empty());
    eventually("nothing waits", async || world.outbox().await.is_empty()).await;
}
