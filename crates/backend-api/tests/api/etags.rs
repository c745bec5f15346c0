//! Changes by those who have seen another state.

use futures::future::join_all;
use serde_json::{Value, json};
use service_kit::testing::Database;

use crate::{
    served::{ALICE, Api, id, plainly},
    tasks::full,
};

service_kit::on_every_database!(
    a_stale_etag_is_refused_by_every_change,
    the_present_etag_is_accepted_by_every_change,
    of_changes_with_the_same_etag_one_wins,
    without_an_etag_every_change_counts,
);

fn change(method: &str, id: &str, etag: &str) -> Value {
    match method {
        "UpdateTask" => json!({ "task": { "id": id, "etag": etag, "title": "changed" } }),
        _ => json!({ "id": id, "etag": etag }),
    }
}

async fn a_stale_etag_is_refused_by_every_change(database: Database) {
    let api = Api::start(database).await;
    let pending = id(&api.create(full()).await);
    let completed = api.create_titled("completed").await;
    api.ok("CompleteTask", json!({ "id": completed })).await;
    let deleted = api.create_titled("deleted").await;
    api.ok("DeleteTask", json!({ "id": deleted })).await;
    api.ok("UpdateTask", change("UpdateTask", &pending, "v1"))
        .await;
    let before = api.told().await;
    let cases = [
        ("UpdateTask", &pending),
        ("DeleteTask", &pending),
        ("CompleteTask", &pending),
        ("SkipOccurrence", &pending),
        ("ReopenTask", &completed),
        ("UndeleteTask", &deleted),
    ];
    for (method, task) in cases {
        for stale in ["v1", "v3"] {
            let refusal = api.refused(method, change(method, task, stale)).await;
            assert_eq!(
                refusal.outline(),
                plainly("Aborted", "ETAG_MISMATCH"),
                "{method}"
            );
        }
    }
    assert_eq!(api.told().await, before);
}

async fn the_present_etag_is_accepted_by_every_change(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    let changes = [
        "UpdateTask",
        "SkipOccurrence",
        "CompleteTask",
        "ReopenTask",
        "DeleteTask",
        "UndeleteTask",
    ];
    for (place, method) in (1..).zip(changes) {
        let answer = api
            .ok(method, change(method, &task, &format!("v{place}")))
            .await;
        assert_eq!(
            answer["task"]["etag"],
            format!("v{}", place + 1),
            "{method}"
        );
    }
}

async fn of_changes_with_the_same_etag_one_wins(database: Database) {
    let api = Api::start(database).await;
    let task = api.create_titled("Buy milk").await;
    let changes = (0..8).map(|number| {
        let task = json!({ "id": task, "etag": "v1", "title": format!("by {number}") });
        api.call(ALICE, "UpdateTask", json!({ "task": task }))
    });
    let outcomes = join_all(changes).await;
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for refusal in lost {
        let refusal = refusal.unwrap_err();
        assert_eq!(refusal.outline(), plainly("Aborted", "ETAG_MISMATCH"));
    }
    let stored = api.get(&task).await;
    assert_eq!(stored, won[0].as_ref().unwrap()["task"]);
    assert_eq!(stored["version"], "2");
    assert_eq!(api.events().await.len(), 4);
}

async fn without_an_etag_every_change_counts(database: Database) {
    let api = Api::start(database).await;
    let task = api.create_titled("Buy milk").await;
    let changes = (0..8).map(|number| {
        let task = json!({ "id": task, "title": format!("by {number}") });
        api.call(ALICE, "UpdateTask", json!({ "task": task }))
    });
    let mut versions: Vec<String> = join_all(changes)
        .await
        .into_iter()
        .map(|outcome| {
            outcome.unwrap()["task"]["version"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    versions.sort();
    assert_eq!(versions, ["2", "3", "4", "5", "6", "7", "8", "9"]);
    assert_eq!(api.events().await.len(), 18);
}
