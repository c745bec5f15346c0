//! Requests that carry no task to store.

use serde_json::{Value, json};
use service_kit::testing::Database;

use super::each_is_refused;
use crate::{
    served::{Api, id},
    tasks::full,
};

service_kit::on_every_database!(
    each_field_that_names_a_task_is_checked,
    each_field_of_a_list_is_checked,
    each_field_of_a_preview_is_checked,
    each_field_of_stats_profile_and_account_is_checked,
);

async fn each_field_that_names_a_task_is_checked(database: Database) {
    let api = Api::start(database).await;
    let task = api.create_titled("Buy milk").await;
    let mut cases = vec![
        ("GetTask", json!({}), "id"),
        ("GetTask", json!({ "id": "1" }), "id"),
    ];
    let transitions = [
        "DeleteTask",
        "UndeleteTask",
        "CompleteTask",
        "ReopenTask",
        "SkipOccurrence",
    ];
    for method in transitions {
        cases.extend([
            (method, json!({}), "id"),
            (method, json!({ "id": "1" }), "id"),
            (method, json!({ "id": task, "etag": "1" }), "etag"),
            (
                method,
                json!({ "id": task, "request_id": "1" }),
                "request_id",
            ),
        ]);
    }
    each_is_refused(&api, cases).await;
}

async fn each_field_of_a_list_is_checked(database: Database) {
    let api = Api::start(database).await;
    let filters = [
        (
            json!({ "statuses": ["TASK_STATUS_UNSPECIFIED"] }),
            "filter.statuses[0]",
        ),
        (
            json!({ "priorities": ["PRIORITY_LOW", "PRIORITY_UNSPECIFIED"] }),
            "filter.priorities[1]",
        ),
        (
            json!({ "categories": ["work", "garden"] }),
            "filter.categories[1]",
        ),
        (json!({ "tags": [""] }), "filter.tags[0]"),
        (
            json!({ "tags": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"] }),
            "filter.tags",
        ),
        (json!({ "search": "x".repeat(201) }), "filter.search"),
    ];
    let dues = [
        (
            json!({ "first_date": { "year": 2026, "month": 2, "day": 30 } }),
            "filter.due.first_date",
        ),
        (
            json!({ "last_date": { "year": 2026 } }),
            "filter.due.last_date",
        ),
        (
            json!({
                "first_date": { "year": 2026, "month": 3, "day": 2 },
                "last_date": { "year": 2026, "month": 3, "day": 1 },
            }),
            "filter.due.last_date",
        ),
        (
            json!({ "time_zone": "Mars/Olympus", "overdue": true }),
            "filter.due.time_zone",
        ),
        (
            json!({ "undated": true, "overdue": true }),
            "filter.due.undated",
        ),
    ];
    let mut cases = vec![
        ("ListTasks", json!({ "page_size": -1 }), "page_size"),
        ("ListTasks", json!({ "order_by": "status" }), "order_by"),
        (
            "ListTasks",
            json!({ "order_by": "title; drop table tasks" }),
            "order_by",
        ),
    ];
    cases.extend(filters.map(|(filter, field)| ("ListTasks", json!({ "filter": filter }), field)));
    cases
        .extend(dues.map(|(due, field)| ("ListTasks", json!({ "filter": { "due": due } }), field)));
    each_is_refused(&api, cases).await;
}

async fn each_field_of_a_preview_is_checked(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    let due = json!({ "time": "2026-03-10T09:00:00Z" });
    let preview = |draft: Value| json!({ "draft": draft });
    let cases = [
        (json!({}), "source"),
        (json!({ "task_id": "" }), "task_id"),
        (json!({ "task_id": "1" }), "task_id"),
        (json!({ "task_id": task, "count": -1 }), "count"),
        (preview(json!({ "due": due })), "draft.recurring_rule"),
        (
            preview(json!({ "recurring_rule": "daily" })),
            "draft.recurring_rule",
        ),
        (
            preview(json!({ "due": due, "recurring_rule": "x" })),
            "draft.recurring_rule",
        ),
        (
            preview(json!({ "due": {}, "recurring_rule": "daily" })),
            "draft.due",
        ),
        (
            preview(json!({
                "due": due,
                "recurring_rule": "daily",
                "recurring_end_date": { "year": 2026, "month": 3, "day": 9 },
            })),
            "draft.recurring_end_date",
        ),
    ];
    let cases = cases.map(|(request, field)| ("PreviewOccurrences", request, field));
    each_is_refused(&api, cases.into()).await;
}

async fn each_field_of_stats_profile_and_account_is_checked(database: Database) {
    let api = Api::start(database).await;
    api.create_titled("Buy milk").await;
    let profile = |profile: Value| json!({ "profile": profile });
    let cases = vec![
        (
            "GetTaskStats",
            json!({ "time_zone": "Mars/Olympus" }),
            "time_zone",
        ),
        ("UpdateProfile", json!({}), "profile"),
        (
            "UpdateProfile",
            profile(json!({ "time_zone": "Mars/Olympus" })),
            "profile.time_zone",
        ),
        (
            "UpdateProfile",
            profile(json!({ "language": "not a language" })),
            "profile.language",
        ),
        (
            "UpdateProfile",
            profile(json!({ "etag": "1" })),
            "profile.etag",
        ),
        (
            "UpdateProfile",
            json!({ "profile": { "language": "de" }, "update_mask": "locale" }),
            "update_mask",
        ),
        ("DeleteAccount", json!({}), "confirm_user_id"),
        (
            "DeleteAccount",
            json!({ "confirm_user_id": "bob" }),
            "confirm_user_id",
        ),
        (
            "DeleteAccount",
            json!({ "confirm_user_id": "Alice" }),
            "confirm_user_id",
        ),
    ];
    each_is_refused(&api, cases).await;
}
