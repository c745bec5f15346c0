//! What a task of a request may have wrong, each with the field at fault.

use serde_json::{Value, json};

/// What no task may have.
pub fn wrong() -> Vec<(Value, &'static str)> {
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
pub fn wants_a_due_or_a_rule() -> Vec<(Value, &'static str)> {
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
pub fn with(mut task: Value, fields: &Value) -> Value {
    let members = task.as_object_mut().unwrap();
    members.extend(fields.as_object().unwrap().clone());
    task
}
