//! Every field of every request out of its bounds: the field is named, and nothing is stored.

mod other_requests;
mod task_values;

use proto::v1;
use serde_json::{Value, json};
use service_kit::testing::Database;

use crate::{
    served::{ALICE, Api, NOBODYS_ID, id, refusal},
    tasks::full,
};

service_kit::on_every_database!(
    each_field_of_a_new_task_is_checked,
    each_field_of_an_edit_is_checked,
    numbers_that_are_no_choice_are_refused,
    all_that_is_wrong_is_told_at_once,
);

/// The id of every request, so that a stored one would be found.
const REQUEST: &str = "7f3b1c52-0c1f-4a57-8a53-2f6f6e1b9a01";

/// The methods whose requests may have an id.
const REPEATABLE: [&str; 7] = [
    "CreateTask",
    "UpdateTask",
    "DeleteTask",
    "UndeleteTask",
    "CompleteTask",
    "ReopenTask",
    "SkipOccurrence",
];

/// Calls a method with each request, which is refused for its one field, and looks for traces.
async fn each_is_refused(api: &Api, cases: Vec<(&str, Value, &str)>) {
    let before = state(api).await;
    for (method, mut request, field) in cases {
        if REPEATABLE.contains(&method) && request.get("request_id").is_none() {
            request["request_id"] = json!(REQUEST);
        }
        let said = format!("{method} {:.300}", request.to_string());
        let refusal = api.refused(method, request).await;
        let expected = ("InvalidArgument", "INVALID_FIELD", vec![field]);
        assert_eq!(refusal.outline(), expected, "{said}");
    }
    assert_eq!(state(api).await, before);
    for method in REPEATABLE {
        assert!(
            !api.remembers(method, REQUEST, api.kit.now()).await,
            "{method}"
        );
    }
}

/// All that is stored, as far as the API shows it, and all that was told.
async fn state(api: &Api) -> Value {
    let all = json!({ "filter": { "trash": "TRASH_FILTER_INCLUDE" } });
    json!({
        "tasks": api.ok("ListTasks", all).await,
        "profile": api.ok("GetProfile", json!({})).await,
        "told": api.told().await,
    })
}

async fn each_field_of_a_new_task_is_checked(database: Database) {
    let api = Api::start(database).await;
    let titled = json!({ "title": "Buy milk" });
    let fields: Vec<String> = task_values::wrong()
        .into_iter()
        .chain(task_values::wants_a_due_or_a_rule())
        .map(|(_, field)| format!("task.{field}"))
        .collect();
    let tasks = task_values::wrong()
        .into_iter()
        .chain(task_values::wants_a_due_or_a_rule());
    let mut cases: Vec<(&str, Value, &str)> = tasks
        .zip(&fields)
        .map(|((wrong, _), field)| {
            let request = json!({ "task": task_values::with(titled.clone(), &wrong) });
            ("CreateTask", request, field.as_str())
        })
        .collect();
    cases.extend([
        ("CreateTask", json!({}), "task"),
        ("CreateTask", json!({ "task": {} }), "task.title"),
        (
            "CreateTask",
            json!({ "task": titled, "request_id": "1" }),
            "request_id",
        ),
    ]);
    each_is_refused(&api, cases).await;
}

async fn each_field_of_an_edit_is_checked(database: Database) {
    let api = Api::start(database).await;
    let recurring = id(&api.create(full()).await);
    let plain = api.create_titled("Buy milk").await;
    let update = |task: &str, fields: &Value| {
        (
            "UpdateTask",
            json!({ "task": task_values::with(json!({ "id": task }), fields) }),
        )
    };
    let fields: Vec<String> = task_values::wrong()
        .into_iter()
        .chain(task_values::wants_a_due_or_a_rule())
        .map(|(_, field)| format!("task.{field}"))
        .collect();
    let of_recurring = task_values::wrong()
        .into_iter()
        .map(|(wrong, _)| update(&recurring, &wrong));
    let of_plain = task_values::wants_a_due_or_a_rule()
        .into_iter()
        .map(|(wrong, _)| update(&plain, &wrong));
    let mut cases: Vec<(&str, Value, &str)> = of_recurring
        .chain(of_plain)
        .zip(&fields)
        .map(|((method, request), field)| (method, request, field.as_str()))
        .collect();
    let titled =
        |mask: &str| json!({ "task": { "id": plain, "title": "new" }, "update_mask": mask });
    let another_id = json!([{ "id": NOBODYS_ID, "time": "2026-03-10T09:00:00Z" }]);
    cases.extend([
        ("UpdateTask", json!({}), "task"),
        (
            "UpdateTask",
            json!({ "task": { "title": "new" } }),
            "task.id",
        ),
        (
            "UpdateTask",
            json!({ "task": { "id": "1", "title": "new" } }),
            "task.id",
        ),
        (
            "UpdateTask",
            json!({ "task": { "id": plain, "etag": "1" } }),
            "task.etag",
        ),
        (
            "UpdateTask",
            json!({ "task": { "id": plain }, "update_mask": "title" }),
            "task.title",
        ),
        ("UpdateTask", titled("titel"), "update_mask"),
        ("UpdateTask", titled("title,due.date"), "update_mask"),
        (
            "UpdateTask",
            json!({ "task": { "id": recurring, "due": null }, "update_mask": "due,reminders" }),
            "task.due",
        ),
        (
            "UpdateTask",
            json!({ "task": { "id": plain, "reminders": another_id } }),
            "task.reminders[0].id",
        ),
        (
            "UpdateTask",
            json!({ "task": { "id": plain, "title": "new" }, "request_id": "1" }),
            "request_id",
        ),
    ]);
    each_is_refused(&api, cases).await;
}

/// JSON has names for choices; a gRPC client can send any number.
async fn numbers_that_are_no_choice_are_refused(database: Database) {
    let api = Api::start(database).await;
    let mut tasks = api.tasks(ALICE);
    let task = v1::Task {
        title: "Buy milk".into(),
        priority: 4,
        recurrence_mode: 4,
        ..v1::Task::default()
    };
    let request = v1::CreateTaskRequest {
        task: Some(task.clone()),
        ..v1::CreateTaskRequest::default()
    };
    let refused = tasks.create_task(request).await.unwrap_err();
    let fields = ["task.priority", "task.recurrence_mode"];
    assert_eq!(refusal(&refused).fields, fields);

    let request = v1::UpdateTaskRequest {
        task: Some(v1::Task {
            id: NOBODYS_ID.into(),
            ..task
        }),
        series_scope: 3,
        ..v1::UpdateTaskRequest::default()
    };
    let refused = tasks.update_task(request).await.unwrap_err();
    let fields = ["task.priority", "task.recurrence_mode", "series_scope"];
    assert_eq!(refusal(&refused).fields, fields);

    let request = v1::ListTasksRequest {
        filter: Some(v1::TaskFilter {
            statuses: vec![3],
            priorities: vec![-1],
            trash: 4,
            ..v1::TaskFilter::default()
        }),
        ..v1::ListTasksRequest::default()
    };
    let refused = tasks.list_tasks(request).await.unwrap_err();
    let fields = ["filter.statuses[0]", "filter.priorities[0]", "filter.trash"];
    assert_eq!(refusal(&refused).fields, fields);
    assert_eq!(api.titles(json!({})).await, [""; 0]);
}

async fn all_that_is_wrong_is_told_at_once(database: Database) {
    let api = Api::start(database).await;
    let request = json!({
        "task": { "title": "", "category": "garden", "reminders": [{}] },
        "request_id": "1",
    });
    let refusal = api.refused("CreateTask", request).await;
    let fields = [
        "task.title",
        "task.category",
        "task.reminders[0]",
        "request_id",
    ];
    assert_eq!(refusal.fields, fields);
    assert_eq!(refusal.message, "the request has invalid fields");
}
