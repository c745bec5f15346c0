//! Requests that come twice, and transactions that lose against another one.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::{AppId, RequestId, Task, TaskId};
use proto::v1::{CreateTaskRequest, GetTaskRequest};
use service_kit::{
    ApiError, Changed, Context, ErrorKind, Kit, Repeatable, on_every_database,
    testing::{Database, TestKit},
};
use uuid::Uuid;

use crate::samples;

fn request_id(number: u128) -> RequestId {
    RequestId(Uuid::from_u128(number))
}

fn create(title: &str) -> CreateTaskRequest {
    let task = proto::v1::Task {
        title: title.to_owned(),
        ..proto::v1::Task::default()
    };
    CreateTaskRequest {
        task: Some(task),
        ..CreateTaskRequest::default()
    }
}

fn repeatable(number: u128, title: &str) -> Repeatable {
    Repeatable::new("CreateTask", request_id(number), &create(title))
}

/// Makes a task, counting how often it really does.
async fn make(
    kit: &Kit,
    context: &Context,
    request: Option<&Repeatable>,
    made: &AtomicU32,
) -> Result<Task, ApiError> {
    kit.change_once(context, request, async |mut work| {
        made.fetch_add(1, Ordering::SeqCst);
        let id = domain::NewIds::task_id(work.ids());
        let task = Task {
            id,
            ..samples::task(context.user.as_str(), "buy milk")
        };
        work.tx().task_insert(&task).await?;
        work.publish(samples::payload(domain::Topic::TaskCreated, task.clone()));
        Ok(Changed { work, task })
    })
    .await
}

async fn the_same_request_twice_is_one_change(database: Database) {
    let world = TestKit::start(AppId::BackendApi, database).await;
    let (alice, made) = (world.context("alice"), AtomicU32::new(0));
    let request = repeatable(1, "buy milk");
    let first = make(&world.kit, &alice, Some(&request), &made)
        .await
        .unwrap();
    let second = make(&world.kit, &alice, Some(&request), &made)
        .await
        .unwrap();
    assert_eq!((first.id, made.load(Ordering::SeqCst)), (second.id, 1));
    assert_eq!(world.published(AppId::BackendApi).await.len(), 1);

    // Another request, another user, another method, no id, and the same id a day later.
    let other = repeatable(1, "buy bread");
    let reused = make(&world.kit, &alice, Some(&other), &made)
        .await
        .unwrap_err();
    assert_eq!(reused.kind(), ErrorKind::RequestIdReused);
    let bob = world.context("bob");
    let of_bob = make(&world.kit, &bob, Some(&request), &made).await.unwrap();
    assert_ne!(of_bob.id, first.id);
    let elsewhere = Repeatable::new("GetTask", request_id(1), &GetTaskRequest::default());
    make(&world.kit, &alice, Some(&elsewhere), &made)
        .await
        .unwrap();
    make(&world.kit, &alice, None, &made).await.unwrap();
    world.clock.advance(jiff::SignedDuration::from_hours(24));
    let next_day = make(&world.kit, &alice, Some(&other), &made).await.unwrap();
    assert_ne!(next_day.id, first.id);
    assert_eq!(made.load(Ordering::SeqCst), 5);
}

async fn of_many_at_the_same_moment_one_makes_the_change(database: Database) {
    let world = TestKit::start(AppId::BackendApi, database).await;
    let (alice, made) = (world.context("alice"), AtomicU32::new(0));
    let request = repeatable(1, "buy milk");
    let calls = (0..8).map(|_| make(&world.kit, &alice, Some(&request), &made));
    let tasks: Vec<Task> = futures::future::join_all(calls)
        .await
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(tasks.iter().all(|task| task.id == tasks[0].id));
    assert_eq!(world.published(AppId::BackendApi).await.len(), 1);
}

async fn the_answer_to_a_repeated_request_is_the_task_as_it_is_now(database: Database) {
    let world = TestKit::start(AppId::BackendApi, database).await;
    let (alice, made) = (world.context("alice"), AtomicU32::new(0));
    let request = repeatable(1, "buy milk");
    let task = make(&world.kit, &alice, Some(&request), &made)
        .await
        .unwrap();
    let work = world.kit.begin(&alice).await.unwrap();
    let locked = work
        .tx()
        .task_get_for_update(&alice.user, task.id)
        .await
        .unwrap()
        .unwrap();
    let change = locked.complete(world.now()).unwrap();
    work.tx().task_record(&change).await.unwrap();
    work.commit().await.unwrap();
    let again = make(&world.kit, &alice, Some(&request), &made)
        .await
        .unwrap();
    assert_eq!(again, change.after);
}

async fn a_change_that_fails_is_not_remembered(database: Database) {
    let world = TestKit::start(AppId::BackendApi, database).await;
    let (alice, made) = (world.context("alice"), AtomicU32::new(0));
    let request = repeatable(1, "buy milk");
    let failed = world.kit.change_once(&alice, Some(&request), async |_| {
        Err(ApiError::not_found("task"))
    });
    assert_eq!(failed.await.unwrap_err().kind(), ErrorKind::NotFound);
    make(&world.kit, &alice, Some(&request), &made)
        .await
        .unwrap();
    assert_eq!(made.load(Ordering::SeqCst), 1);
}

on_every_database!(
    the_same_request_twice_is_one_change,
    of_many_at_the_same_moment_one_makes_the_change,
    the_answer_to_a_repeated_request_is_the_task_as_it_is_now,
    a_change_that_fails_is_not_remembered,
);

#[tokio::test]
async fn a_transaction_that_lost_is_tried_again_and_any_other_error_is_not() {
    let world = TestKit::start(AppId::BackendApi, Database::Sqlite).await;
    let alice = world.context("alice");
    let attempts = AtomicU32::new(0);
    let lost = |outage| {
        ApiError::from(store::StoreError::Unavailable {
            outage,
            source: None,
        })
    };
    let outcome = world
        .kit
        .transact(&alice, async |work| {
            if attempts.fetch_add(1, Ordering::SeqCst) < 2 {
                return Err(lost(store::Outage::Deadlock));
            }
            work.commit().await?;
            Ok(TaskId(Uuid::nil()))
        })
        .await;
    outcome.unwrap();
    assert_eq!(attempts.load(Ordering::SeqCst), 3);

    for (outage, expected) in [
        (store::Outage::Serialization, 4),
        (store::Outage::ConnectionLost, 1),
    ] {
        attempts.store(0, Ordering::SeqCst);
        let outcome = world
            .kit
            .transact(&alice, async |_| -> Result<(), ApiError> {
                attempts.fetch_add(1, Ordering::SeqCst);
                Err(lost(outage))
            });
        assert_eq!(outcome.await.unwrap_err().kind(), ErrorKind::Unavailable);
        assert_eq!(attempts.load(Ordering::SeqCst), expected, "{outage}");
    }
}
