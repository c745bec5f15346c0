//! What is wrong with a request, and which field the answer names.

use serde_json::{Value, json};

/// What is wrong with a request: the method, the request, and the field that the answer names.
///
/// JSON has no way to write a choice that is none. Under `!` a request has the numbers of the fields
/// that lead to one, which becomes 9.
pub(super) type Case = (&'static str, Value, &'static str);

/// The fields of a draft that decide when it recurs.
const PREVIEWED: [&str; 4] = [
    "due",
    "recurring_rule",
    "recurrence_mode",
    "recurring_end_date",
];

/// All cases, where the user has this task. There need not be a notification.
pub(super) fn cases(task: &str, notification: &str) -> Vec<Case> {
    let mut cases = of_tasks("CreateTask", ("task", 1), |task| json!({"task": task}));
    let id = task.to_owned();
    cases.extend(of_tasks("UpdateTask", ("task", 1), move |mut task| {
        let mask = task
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "title" || task["title"] != "Valid")
            .cloned()
            .chain(["priority".to_owned(), "recurrence_mode".to_owned()])
            .collect::<Vec<_>>();
        task["id"] = json!(id);
        json!({"task": task, "update_mask": camel(&mask)})
    }));
    cases.extend(
        of_tasks("PreviewOccurrences", ("draft", 2), |mut draft| {
            if draft.get("due").is_none() {
                draft["due"] = json!({"time": "2026-03-05T09:00:00Z"});
            }
            if draft.get("recurring_rule").is_none() {
                draft["recurring_rule"] = json!("daily");
            }
            json!({"draft": draft, "count": 3})
        })
        .into_iter()
        // Only what decides when it recurs is looked at.
        .filter(|(_, _, path)| is_previewed(path)),
    );
    for method in [
        "CompleteTask",
        "DeleteTask",
        "ReopenTask",
        "SkipOccurrence",
        "UndeleteTask",
    ] {
        cases.push((method, json!({"id": "7"}), "id"));
        cases.push((method, json!({"id": task, "etag": "stale"}), "etag"));
        cases.push((method, json!({"id": task, "request_id": "7"}), "request_id"));
    }
    cases.extend(of_task_methods(task));
    cases.extend(of_lists());
    cases.extend(of_profile_and_account());
    cases.extend(of_notifications_and_audit(notification));
    cases
}

/// Whether a path of a draft is one of a field that decides when it recurs.
pub(super) fn is_previewed(path: &str) -> bool {
    let path = path.strip_prefix("draft.");
    path.is_some_and(|path| PREVIEWED.iter().any(|field| path.starts_with(field)))
}

/// The cases of a task that is written, under `task` or `draft`.
fn of_tasks(
    method: &'static str,
    (under, number): (&str, u32),
    wrap: impl Fn(Value) -> Value,
) -> Vec<Case> {
    let due = || json!({"time": "2026-03-05T09:00:00Z", "time_zone": "Europe/Berlin"});
    let fields = [
        (json!({"title": ""}), "title"),
        (json!({"title": "x".repeat(256)}), "title"),
        (json!({"description": "x".repeat(10_001)}), "description"),
        (json!({"!": 4}), "priority"),
        (json!({"category": "garden"}), "category"),
        (json!({"tags": ["x".repeat(51)]}), "tags[0]"),
        (json!({"due": {"time_zone": "Europe/Berlin"}}), "due"),
        (
            json!({"due": {"date": {"year": 2026, "month": 13, "day": 1}}}),
            "due.date",
        ),
        (json!({"due": {"time": "0001-01-01T00:00:00Z"}}), "due.time"),
        (
            json!({"due": {"time": "2026-03-05T09:00:00Z", "time_zone": "Europe/Atlantis"}}),
            "due.time_zone",
        ),
        (
            json!({"due": due(), "recurring_rule": "hourly"}),
            "recurring_rule",
        ),
        (
            json!({"due": due(), "recurring_rule": "daily", "!": 10}),
            "recurrence_mode",
        ),
        (
            json!({"due": due(), "recurring_rule": "daily",
                "recurring_end_date": {"year": 2026, "month": 2, "day": 30}}),
            "recurring_end_date",
        ),
        (json!({"reminders": [{}]}), "reminders[0]"),
        (
            json!({"reminders": [{"time": "0001-01-01T00:00:00Z"}]}),
            "reminders[0].time",
        ),
        (
            json!({"due": due(), "reminders": [{"before_due": "-1s"}]}),
            "reminders[0].before_due",
        ),
    ];
    let cases = fields.into_iter().map(|(fields, path)| {
        let mut task = json!({"title": "Valid"});
        let task_fields = task.as_object_mut().unwrap();
        task_fields.extend(fields.as_object().unwrap().clone());
        let choice = task.as_object_mut().unwrap().remove("!");
        let mut request = wrap(task);
        if let Some(choice) = choice {
            request["!"] = json!([number, choice]);
        }
        let path: &'static str = format!("{under}.{path}").leak();
        (method, request, path)
    });
    cases.collect()
}

fn of_task_methods(task: &str) -> Vec<Case> {
    vec![
        (
            "CreateTask",
            json!({"task": {"title": "Valid"}, "request_id": "7"}),
            "request_id",
        ),
        ("CreateTask", json!({}), "task"),
        (
            "UpdateTask",
            json!({"task": {"id": "7", "title": "Valid"}}),
            "task.id",
        ),
        (
            "UpdateTask",
            json!({"task": {"id": task, "title": "Valid", "etag": "stale"}}),
            "task.etag",
        ),
        (
            "UpdateTask",
            json!({"task": {"id": task}, "update_mask": "colour"}),
            "update_mask",
        ),
        (
            "UpdateTask",
            json!({"task": {"id": task, "title": "Valid"}, "!": [3]}),
            "series_scope",
        ),
        (
            "UpdateTask",
            json!({"task": {"id": task, "title": "Valid"}, "request_id": "7"}),
            "request_id",
        ),
        ("GetTask", json!({"id": ""}), "id"),
        ("PreviewOccurrences", json!({"task_id": "7"}), "task_id"),
        ("PreviewOccurrences", json!({}), "source"),
        (
            "PreviewOccurrences",
            json!({"task_id": task, "count": -1}),
            "count",
        ),
    ]
}

fn of_lists() -> Vec<Case> {
    vec![
        ("ListTasks", json!({"!": [1, 1]}), "filter.statuses[0]"),
        ("ListTasks", json!({"!": [1, 2]}), "filter.priorities[0]"),
        (
            "ListTasks",
            json!({"filter": {"categories": ["garden"]}}),
            "filter.categories[0]",
        ),
        (
            "ListTasks",
            json!({"filter": {"tags": ["x".repeat(51)]}}),
            "filter.tags[0]",
        ),
        (
            "ListTasks",
            json!({"filter": {"search": "x".repeat(10_001)}}),
            "filter.search",
        ),
        (
            "ListTasks",
            json!({"filter": {"due": {"first_date": {"year": 2026, "month": 0, "day": 1}}}}),
            "filter.due.first_date",
        ),
        (
            "ListTasks",
            json!({"filter": {"due": {"last_date": {"year": 2026, "month": 2, "day": 30}}}}),
            "filter.due.last_date",
        ),
        (
            "ListTasks",
            json!({"filter": {"due": {"time_zone": "Europe/Atlantis", "overdue": true}}}),
            "filter.due.time_zone",
        ),
        ("ListTasks", json!({"!": [1, 7]}), "filter.trash"),
        ("ListTasks", json!({"order_by": "colour"}), "order_by"),
        ("ListTasks", json!({"page_size": -1}), "page_size"),
        (
            "GetTaskStats",
            json!({"time_zone": "Europe/Atlantis"}),
            "time_zone",
        ),
    ]
}

fn of_profile_and_account() -> Vec<Case> {
    let zone = |zone: &str| json!({"profile": {"time_zone": zone}});
    vec![
        ("UpdateProfile", json!({}), "profile"),
        (
            "UpdateProfile",
            zone("Europe/Atlantis"),
            "profile.time_zone",
        ),
        (
            "UpdateProfile",
            json!({"profile": {"language": "not a language"}}),
            "profile.language",
        ),
        (
            "UpdateProfile",
            json!({"profile": {}, "update_mask": "firstDayOfWeek", "!": [1, 3]}),
            "profile.first_day_of_week",
        ),
        (
            "UpdateProfile",
            json!({"profile": {"time_zone": "Europe/Berlin", "etag": "stale"}}),
            "profile.etag",
        ),
        (
            "UpdateProfile",
            json!({"profile": {}, "update_mask": "colour"}),
            "update_mask",
        ),
        (
            "DeleteAccount",
            json!({"confirm_user_id": "somebody else"}),
            "confirm_user_id",
        ),
    ]
}

fn of_notifications_and_audit(notification: &str) -> Vec<Case> {
    vec![
        ("ListNotifications", json!({"page_size": -1}), "page_size"),
        ("MarkNotificationRead", json!({"id": "7"}), "id"),
        ("DeleteNotification", json!({"id": "7"}), "id"),
        (
            "SnoozeReminder",
            json!({"notification_id": "7", "delay": "600s"}),
            "notification_id",
        ),
        (
            "SnoozeReminder",
            json!({"notification_id": notification}),
            "when",
        ),
        (
            "SnoozeReminder",
            json!({"notification_id": notification, "until": "2026-03-01T00:00:00Z"}),
            "until",
        ),
        (
            "SnoozeReminder",
            json!({"notification_id": notification, "delay": "-1s"}),
            "delay",
        ),
        ("ListAuditLogs", json!({"task_id": "7"}), "task_id"),
        (
            "ListAuditLogs",
            json!({"event_types": ["task.eaten"]}),
            "event_types[0]",
        ),
        (
            "ListAuditLogs",
            json!({"occurred_from": "9999-12-31T23:59:59.999999999Z"}),
            "occurred_from",
        ),
        (
            "ListAuditLogs",
            json!({"occurred_before": "9999-12-31T23:59:59.999999999Z"}),
            "occurred_before",
        ),
        ("ListAuditLogs", json!({"page_size": -1}), "page_size"),
    ]
}

/// A field mask as JSON has it: camelCase paths with commas.
fn camel(paths: &[String]) -> String {
    let camel = |path: &String| {
        let mut parts = path.split('_');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            let (head, tail) = part.split_at(1);
            format!("{text}{}{tail}", head.to_uppercase())
        })
    };
    paths.iter().map(camel).collect::<Vec<_>>().join(",")
}
