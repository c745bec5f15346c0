//! Requests that come twice.

use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use service_kit::testing::Database;

use crate::{
    served::{ALICE, Api, BOB, id},
    tasks::full,
};

service_kit::on_every_database!(
    a_repeated_create_makes_no_second_task,
    a_repeated_change_changes_nothing,
    a_repeat_is_answered_with_the_task_as_it_is,
    creates_at_the_same_moment_make_one_task,
    changes_at_the_same_moment_are_one,
    a_request_id_belongs_to_one_request,
    a_request_id_belongs_to_one_user_and_method,
    a_refused_request_is_not_remembered,
    a_request_id_is_forgotten_after_a_day,
);

const REQUEST: &str = "7f3b1c52-0c1f-4a57-8a53-2f6f6e1b9a01";

fn create(title: &str) -> Value {
    json!({ "task": { "title": title }, "request_id": REQUEST })
}

fn change(id: &str) -> Value {
    json!({ "id": id, "request_id": REQUEST })
}

async fn a_repeated_create_makes_no_second_task(database: Database) {
    let api = Api::start(database).await;
    let first = api.ok("CreateTask", create("Buy milk")).await;
    api.advance(SignedDuration::from_secs(1));
    assert_eq!(api.ok("CreateTask", create("Buy milk")).await, first);
    assert_eq!(api.titles(json!({})).await, ["Buy milk"]);
    assert_eq!(api.events().await.len(), 2);
}

async fn a_repeated_change_changes_nothing(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    let update = json!({
        "task": { "id": task, "etag": "v1", "title": "changed" },
        "request_id": REQUEST,
    });
    let changes = [
        ("UpdateTask", update),
        ("SkipOccurrence", change(&task)),
        ("CompleteTask", change(&task)),
        ("ReopenTask", change(&task)),
        ("DeleteTask", change(&task)),
        ("UndeleteTask", change(&task)),
    ];
    for (method, request) in changes {
        let first = api.ok(method, request.clone()).await;
        let told = api.told().await;
        api.advance(SignedDuration::from_secs(1));
        assert_eq!(api.ok(method, request).await, first, "{method}");
        assert_eq!(api.told().await, told, "{method}");
    }
}

async fn a_repeat_is_answered_with_the_task_as_it_is(database: Database) {
    let api = Api::start(database).await;
    let first = api.ok("CreateTask", create("Buy milk")).await;
    let task = id(&first["task"]);
    let completed = api.ok("CompleteTask", json!({ "id": task })).await;
    assert_eq!(api.ok("CreateTask", create("Buy milk")).await, completed);
}

async fn creates_at_the_same_moment_make_one_task(database: Database) {
    let api = Api::start(database).await;
    let calls = (0..16).map(|_| api.call(ALICE, "CreateTask", create("Buy milk")));
    let answers: Vec<Value> = join_all(calls)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(api.titles(json!({})).await, ["Buy milk"]);
    assert_eq!(api.events().await.len(), 2);
}

/// Whoever waits for the lock of the task finds it changed already, and must not take that for a
/// refusal.
async fn changes_at_the_same_moment_are_one(database: Database) {
    let api = Api::start(database).await;
    let task = api.create_titled("Buy milk").await;
    for (method, version) in [
        ("CompleteTask", "v1"),
        ("ReopenTask", "v2"),
        ("DeleteTask", "v3"),
        ("UndeleteTask", "v4"),
    ] {
        let request = json!({ "id": task, "etag": version, "request_id": REQUEST });
        let calls = (0..16).map(|_| api.call(ALICE, method, request.clone()));
        let answers: Vec<Value> = join_all(calls)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{method}"
        );
    }
    assert_eq!(api.get(&task).await["version"], "5");
    assert_eq!(api.events().await.len(), 10);
}

async fn a_request_id_belongs_to_one_request(database: Database) {
    let api = Api::start(database).await;
    api.ok("CreateTask", create("Buy milk")).await;
    let refusal = api.refused("CreateTask", create("Buy bread")).await;
    let reused = ("InvalidArgument", "REQUEST_ID_REUSED", vec!["request_id"]);
    assert_eq!(refusal.outline(), reused);
    let tasks = [
        api.create_titled("one").await,
        api.create_titled("other").await,
    ];
    api.ok("CompleteTask", change(&tasks[0])).await;
    let refusal = api.refused("CompleteTask", change(&tasks[1])).await;
    assert_eq!(refusal.outline(), reused);
    assert_eq!(api.events().await.len(), 8);
}

async fn a_request_id_belongs_to_one_user_and_method(database: Database) {
    let api = Api::start(database).await;
    let alices = api.ok("CreateTask", create("Buy milk")).await;
    let bobs = api
        .call(BOB, "CreateTask", create("Buy milk"))
        .await
        .unwrap();
    assert_ne!(bobs["task"]["id"], alices["task"]["id"]);
    let task = id(&alices["task"]);
    let completed = api.ok("CompleteTask", change(&task)).await;
    assert_eq!(completed["task"]["status"], "TASK_STATUS_COMPLETED");
}

async fn a_refused_request_is_not_remembered(database: Database) {
    let api = Api::start(database).await;
    let task = api.create_titled("Buy milk").await;
    let refusal = api.refused("ReopenTask", change(&task)).await;
    assert_eq!(refusal.reason, "TASK_PENDING");
    api.ok("CompleteTask", json!({ "id": task })).await;
    let reopened = api.ok("ReopenTask", change(&task)).await;
    assert_eq!(reopened["task"]["version"], "3");
}

async fn a_request_id_is_forgotten_after_a_day(database: Database) {
    let api = Api::start(database).await;
    let first = api.ok("CreateTask", create("Buy milk")).await;
    api.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    assert_eq!(api.ok("CreateTask", create("Buy milk")).await, first);
    api.advance(SignedDuration::from_secs(1));
    let second = api.ok("CreateTask", create("Buy bread")).await;
    assert_eq!(api.ok("CreateTask", create("Buy bread")).await, second);
    assert_eq!(
        api.titles(json!({ "order_by": "title" })).await,
        ["Buy bread", "Buy milk"]
    );
}
