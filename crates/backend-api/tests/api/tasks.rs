//! What each method answers and what it tells, when all is well.

use insta::assert_json_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};
use service_kit::testing::Database;

use crate::{
    served::{Api, NOBODYS_ID, id, plainly},
    transcript::{message, readable},
};

service_kit::on_every_database!(
    a_task_is_created,
    a_title_is_enough,
    a_task_is_read,
    tasks_are_listed,
    named_fields_change,
    a_change_that_changes_nothing_is_none,
    a_task_goes_to_the_trash_and_comes_back,
    a_task_is_completed_and_reopened,
    an_occurrence_is_skipped,
    occurrences_are_previewed,
    tasks_are_counted,
    transitions_that_are_not_possible_are_refused,
);

/// A task of which everything is said.
pub fn full() -> Value {
    json!({
        "title": "  Water the plants ",
        "description": "Not the cactus.",
        "priority": "PRIORITY_HIGH",
        "category": "HOME",
        "tags": ["Green", " balcony ", "green"],
        "due": { "time": "2026-03-27T08:00:00Z", "time_zone": "Europe/Berlin" },
        "recurring_rule": "FREQ=WEEKLY;BYDAY=MO,FR",
        "recurrence_mode": "RECURRENCE_MODE_EVERY_OCCURRENCE",
        "recurring_end_date": { "year": 2026, "month": 12, "day": 31 },
        "reminders": [{ "before_due": "900s" }, { "time": "2026-03-27T06:00:00Z" }],
    })
}

async fn a_task_is_created(database: Database) {
    let api = Api::start(database).await;
    let answer = api.ok("CreateTask", json!({ "task": full() })).await;
    let events: Vec<Value> = api.events().await.iter().map(message).collect();
    assert_json_snapshot!(
        "create",
        readable(json!({ "answer": answer, "events": events }))
    );
    assert_eq!(api.get(&id(&answer["task"])).await, answer["task"]);
}

async fn a_title_is_enough(database: Database) {
    let api = Api::start(database).await;
    // Output-only fields are ignored, also a wrong id.
    let task = json!({
        "id": "mine",
        "title": "Buy milk",
        "status": "TASK_STATUS_COMPLETED",
        "version": "7",
        "etag": "v7",
        "parent_task_id": NOBODYS_ID,
        "deleted_at": "2020-01-01T00:00:00Z",
    });
    let answer = api.ok("CreateTask", json!({ "task": task })).await;
    assert_json_snapshot!("create_titled", readable(answer));
}

async fn a_task_is_read(database: Database) {
    let api = Api::start(database).await;
    let created = api.create(full()).await;
    let answer = api.ok("GetTask", json!({ "id": id(&created) })).await;
    assert_eq!(answer, json!({ "task": created }));
    let refusal = api.refused("GetTask", json!({ "id": NOBODYS_ID })).await;
    assert_eq!(refusal.outline(), plainly("NotFound", "NOT_FOUND"));
    assert_eq!(refusal.message, "task not found");
}

async fn tasks_are_listed(database: Database) {
    let api = Api::start(database).await;
    api.create(json!({ "title": "First" })).await;
    api.advance(SignedDuration::from_secs(1));
    api.create(full()).await;
    let answer = api.ok("ListTasks", json!({})).await;
    assert_json_snapshot!("list", readable(answer));
}

async fn named_fields_change(database: Database) {
    let api = Api::start(database).await;
    let created = api.create(full()).await;
    api.advance(SignedDuration::from_secs(1));
    let request = json!({
        "task": {
            "id": id(&created),
            "etag": "v1",
            "title": "Water the cactus",
            "description": "is not in the mask",
            "due": { "date": { "year": 2026, "month": 4, "day": 3 }, "time_zone": "Asia/Tokyo" },
            "reminders": [{ "id": created["reminders"][0]["id"], "before_due": "3600s" }],
        },
        "update_mask": "title,due,reminders,tags,status",
    });
    let answer = api.ok("UpdateTask", request).await;
    let events = api.events().await;
    let updated: Vec<Value> = events[2..].iter().map(message).collect();
    assert_json_snapshot!(
        "update",
        readable(json!({ "answer": answer, "events": updated }))
    );
    assert_eq!(api.get(&id(&created)).await, answer["task"]);
}

async fn a_change_that_changes_nothing_is_none(database: Database) {
    let api = Api::start(database).await;
    let created = api.create(full()).await;
    api.advance(SignedDuration::from_secs(1));
    let mut task = created.clone();
    task["etag"] = json!("");
    let answer = api
        .ok("UpdateTask", json!({ "task": task, "update_mask": "*" }))
        .await;
    assert_eq!(answer["task"], created);
    assert_eq!(api.events().await.len(), 2);
}

async fn a_task_goes_to_the_trash_and_comes_back(database: Database) {
    let api = Api::start(database).await;
    let task = api.create_titled("Buy milk").await;
    api.advance(SignedDuration::from_secs(1));
    let named = || json!({ "id": task });
    let deleted = api.ok("DeleteTask", named()).await;
    // It can still be read, but not be deleted again.
    assert_eq!(api.get(&task).await, deleted["task"]);
    let refusal = api.refused("DeleteTask", named()).await;
    assert_eq!(refusal.outline(), plainly("NotFound", "NOT_FOUND"));
    api.advance(SignedDuration::from_secs(1));
    let undeleted = api.ok("UndeleteTask", named()).await;
    assert_eq!(api.get(&task).await, undeleted["task"]);
    let told = api.told().await;
    let answers = json!({ "deleted": deleted, "undeleted": undeleted, "told": told });
    assert_json_snapshot!("trash", readable(answers));
}

async fn a_task_is_completed_and_reopened(database: Database) {
    let api = Api::start(database).await;
    let task = api.create_titled("Buy milk").await;
    api.advance(SignedDuration::from_secs(1));
    let completed = api.ok("CompleteTask", json!({ "id": task })).await;
    assert_eq!(api.get(&task).await, completed["task"]);
    api.advance(SignedDuration::from_secs(1));
    let reopened = api.ok("ReopenTask", json!({ "id": task })).await;
    assert_eq!(api.get(&task).await, reopened["task"]);
    let told = api.told().await;
    let answers = json!({ "completed": completed, "reopened": reopened, "told": told });
    assert_json_snapshot!("complete_and_reopen", readable(answers));
}

async fn an_occurrence_is_skipped(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    api.advance(SignedDuration::from_secs(1));
    let skipped = api.ok("SkipOccurrence", json!({ "id": task })).await;
    assert_eq!(api.get(&task).await, skipped["task"]);
    let told = api.told().await;
    let answer = json!({ "skipped": skipped, "told": told });
    assert_json_snapshot!("skip", readable(answer));
}

async fn occurrences_are_previewed(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    let stored = api
        .ok("PreviewOccurrences", json!({ "task_id": task, "count": 2 }))
        .await;
    let draft = json!({
        "due": { "date": { "year": 2026, "month": 1, "day": 31 } },
        "recurring_rule": "monthly",
        "recurring_end_date": { "year": 2026, "month": 4, "day": 30 },
    });
    let draft = api
        .ok("PreviewOccurrences", json!({ "draft": draft }))
        .await;
    let answers = json!({ "stored": stored, "draft": draft });
    assert_json_snapshot!("preview", readable(answers));
    assert_eq!(api.events().await.len(), 2, "a preview stores nothing");
}

async fn tasks_are_counted(database: Database) {
    let api = Api::start(database).await;
    // It is 9:00 on the second of March in UTC, and 23:00 on the first in Honolulu.
    let day = |day: u8| json!({ "date": { "year": 2026, "month": 3, "day": day } });
    api.create(json!({ "title": "undated" })).await;
    api.create(json!({ "title": "the first", "due": day(1) }))
        .await;
    api.create(json!({ "title": "the second", "due": day(2) }))
        .await;
    let at = json!({ "time": "2026-03-02T08:59:59Z" });
    api.create(json!({ "title": "a second ago", "due": at }))
        .await;
    let done = api.create_titled("done").await;
    api.ok("CompleteTask", json!({ "id": done })).await;
    let deleted = api.create_titled("deleted").await;
    api.ok("DeleteTask", json!({ "id": deleted })).await;
    let utc = api.ok("GetTaskStats", json!({})).await;
    let honolulu = json!({ "time_zone": "Pacific/Honolulu" });
    let honolulu = api.ok("GetTaskStats", honolulu).await;
    let moved = json!({ "profile": { "time_zone": "Pacific/Honolulu" } });
    api.ok("UpdateProfile", moved).await;
    let profile = api.ok("GetTaskStats", json!({})).await;
    assert_eq!(profile, honolulu);
    let answers = json!({ "utc": utc, "honolulu": honolulu });
    assert_json_snapshot!("stats", answers);
}

async fn transitions_that_are_not_possible_are_refused(database: Database) {
    let api = Api::start(database).await;
    let pending = api.create_titled("pending").await;
    let completed = api.create_titled("completed").await;
    api.ok("CompleteTask", json!({ "id": completed })).await;
    let deleted = api.create_titled("deleted").await;
    api.ok("DeleteTask", json!({ "id": deleted })).await;
    let mut once = full();
    once["recurring_rule"] = json!("FREQ=DAILY;COUNT=1");
    let last = id(&api.create(once).await);
    let before = api.told().await;

    let precondition = "FailedPrecondition";
    let cases = [
        ("CompleteTask", &completed, precondition, "TASK_COMPLETED"),
        ("CompleteTask", &deleted, precondition, "TASK_DELETED"),
        ("ReopenTask", &pending, precondition, "TASK_PENDING"),
        ("ReopenTask", &deleted, precondition, "TASK_DELETED"),
        ("SkipOccurrence", &pending, precondition, "NOT_RECURRING"),
        ("SkipOccurrence", &completed, precondition, "TASK_COMPLETED"),
        ("SkipOccurrence", &deleted, precondition, "TASK_DELETED"),
        ("SkipOccurrence", &last, precondition, "SERIES_ENDED"),
        (
            "UndeleteTask",
            &pending,
            "AlreadyExists",
            "TASK_NOT_DELETED",
        ),
        ("DeleteTask", &deleted, "NotFound", "NOT_FOUND"),
    ];
    for (method, task, code, reason) in cases {
        let refusal = api.refused(method, json!({ "id": task })).await;
        assert_eq!(refusal.outline(), plainly(code, reason), "{method}");
    }
    let request = json!({ "task": { "id": deleted, "title": "new" } });
    let refusal = api.refused("UpdateTask", request).await;
    assert_eq!(refusal.outline(), plainly(precondition, "TASK_DELETED"));
    let request = json!({ "task_id": pending });
    let refusal = api.refused("PreviewOccurrences", request).await;
    assert_eq!(refusal.outline(), plainly(precondition, "NOT_RECURRING"));
    assert_eq!(api.told().await, before);
}
