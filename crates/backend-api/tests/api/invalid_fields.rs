//! Every field of every request out of its bounds: the field is named, and nothing is stored.

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
    each_field_that_names_a_task_is_checked,
    each_field_of_a_list_is_checked,
    each_field_of_a_preview_is_checked,
    each_field_of_stats_profile_and_account_is_checked,
    numbers_that_are_no_choice_are_refused,
    all_that_is_wrong_is_told_at_once,
);

/// The id of every request, so that a stored one would be found.
const REQUEST: &str = "7f3b1c52-0c1f-4a57-8a53-2f6f6e1b9a01";

/// What a task of a request may have wrong, with the field at fault.
fn wrong_tasks() -> Vec<(Value, &'static str)> {
    let due = json!({ "date": { "year": 2026, "month": 3, "day": 10 }, "time_zone": "UTC" });
    let before_due = |span: &str| json!({ "due": due, "reminders": [{ "before_due": span }] });
    vec![
        (json!({ "title": " \t" }), "title"),
        (json!({ "title": "x".repeat(256) }), "title"),
        (json!({ "title": "a\u{0}b" }), "title"),
        (json!({ "description": "ä".repeat(10_001) }), "description"),
        (json!({ "category": "garden" }), "category"),
        (json!({ "tags": ["a", " "] }), "tags[1]"),
        (json!({ "tags": ["x".repeat(51)] }), "tags[0]"),
        (
            json!({ "tags": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"] }),
            "tags",
        ),
        (json!({ "due": { "time_zone": "UTC" } }), "due"),
        (
            json!({ "due": { "time": "2026-03-10T09:00:00Z", "time_zone": "Mars/Olympus" } }),
            "due.time_zone",
        ),
        (
            json!({ "due": { "time": "1969-12-31T23:59:59Z" } }),
            "due.time",
        ),
        (
            json!({ "due": { "date": { "year": 2026, "month": 2, "day": 29 } } }),
            "due.date",
        ),
        (
            json!({ "due": { "date": { "year": 3000, "month": 1, "day": 1 } } }),
            "due.date",
        ),
        (
            json!({ "due": due, "recurring_rule": "FREQ=HOURLY" }),
            "recurring_rule",
        ),
        (
            json!({ "due": due, "recurring_rule": "sometimes" }),
            "recurring_rule",
        ),
        (
            json!({ "due": due, "recurring_rule": "daily", "recurring_end_date": { "year": 2026, "month": 3, "day": 9 } }),
            "recurring_end_date",
        ),
        (
            json!({ "due": due, "recurring_rule": "daily", "recurring_end_date": { "year": 2026, "month": 13, "day": 1 } }),
            "recurring_end_date",
        ),
        (json!({ "reminders": [{}] }), "reminders[0]"),
        (
            json!({ "reminders": [{ "time": "1969-12-31T23:59:59Z" }] }),
            "reminders[0].time",
        ),
        (
            json!({ "reminders": vec![json!({ "time": "2026-03-10T09:00:00Z" }); 6] }),
            "reminders",
        ),
        (before_due("-1s"), "reminders[0].before_due"),
        (before_due("0.5s"), "reminders[0].before_due"),
        (before_due("31622401s"), "reminders[0].before_due"),
    ]
}

/// What a task without a due and a rule may not have.
fn wants_a_due_or_a_rule() -> Vec<(Value, &'static str)> {
    let end_date = json!({ "year": 2026, "month": 3, "day": 9 });
    vec![
        (json!({ "recurring_rule": "daily" }), "recurring_rule"),
        (
            json!({ "recurrence_mode": "RECURRENCE_MODE_FROM_COMPLETION" }),
            "recurrence_mode",
        ),
        (
            json!({ "recurring_end_date": end_date }),
            "recurring_end_date",
        ),
        (
            json!({ "reminders": [{ "before_due": "60s" }] }),
            "reminders[0].before_due",
        ),
    ]
}

/// A task to which the fields of another are added.
fn with(mut task: Value, fields: &Value) -> Value {
    let members = task.as_object_mut().unwrap();
    members.extend(fields.as_object().unwrap().clone());
    task
}

/// Calls a method with each request, which is refused for its one field, and looks for traces.
async fn each_is_refused(api: &Api, cases: Vec<(&str, Value, &str)>) {
    let before = state(api).await;
    for (method, mut request, field) in cases {
        let takes_id = [
            "Create", "Update", "Delete", "Undelete", "Complete", "Reopen", "Skip",
        ];
        let is_repeatable = method != "UpdateProfile"
            && method != "DeleteAccount"
            && takes_id.iter().any(|prefix| method.starts_with(prefix));
        if is_repeatable && request.get("request_id").is_none() {
            request["request_id"] = json!(REQUEST);
        }
        let said = format!("{method} {:.300}", request.to_string());
        let refusal = api.refused(method, request).await;
        let expected = ("InvalidArgument", "INVALID_FIELD", vec![field]);
        assert_eq!(refusal.outline(), expected, "{said}");
    }
    assert_eq!(state(api).await, before);
    for method in ["CreateTask", "UpdateTask", "CompleteTask", "DeleteTask"] {
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
    let fields: Vec<String> = wrong_tasks()
        .into_iter()
        .chain(wants_a_due_or_a_rule())
        .map(|(_, field)| format!("task.{field}"))
        .collect();
    let tasks = wrong_tasks().into_iter().chain(wants_a_due_or_a_rule());
    let mut cases: Vec<(&str, Value, &str)> = tasks
        .zip(&fields)
        .map(|((wrong, _), field)| {
            let request = json!({ "task": with(titled.clone(), &wrong) });
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
            json!({ "task": with(json!({ "id": task }), fields) }),
        )
    };
    let fields: Vec<String> = wrong_tasks()
        .into_iter()
        .chain(wants_a_due_or_a_rule())
        .map(|(_, field)| format!("task.{field}"))
        .collect();
    let of_recurring = wrong_tasks()
        .into_iter()
        .map(|(wrong, _)| update(&recurring, &wrong));
    let of_plain = wants_a_due_or_a_rule()
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
