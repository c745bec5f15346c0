use std::error::Error as _;

use domain::Topic;
use proto::event::{DecodeError, decode, event_json};
use serde_json::{Value, json};

use crate::fixed::events;

/// What decoding says of the fixed event `name` after `edit`, with its cause.
fn refused(name: &str, edit: impl FnOnce(&mut Value)) -> String {
    let (_, event) = events()
        .into_iter()
        .find(|(known, _)| *known == name)
        .unwrap();
    let mut message: Value = serde_json::from_slice(&event_json(&event)).unwrap();
    edit(&mut message);
    let error = decode(event.payload.topic(), message.to_string().as_bytes()).unwrap_err();
    described(&error)
}

fn described(error: &DecodeError) -> String {
    match error.source() {
        Some(source) => {
            // Where in the bytes it stood depends on the writer.
            let cause = source.to_string();
            let cause = cause.split(" at line ").next().unwrap_or_default();
            format!("{error}: {cause}")
        }
        None => error.to_string(),
    }
}

fn set(pointer: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |message| {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = message
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap();
        parent.insert(name.into(), value);
    }
}

fn remove(pointer: &'static str) -> impl FnOnce(&mut Value) {
    move |message| {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = message
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap();
        assert!(parent.remove(name).is_some(), "{pointer}");
    }
}

#[test]
fn what_is_not_json_says_so() {
    for text in ["", "{", "not json", "{\"event_id\":\"1\",}", "\u{0}"] {
        let error = decode(Topic::TaskCreated, text.as_bytes()).unwrap_err();
        assert!(matches!(error, DecodeError::Syntax(_)), "{text}: {error:?}");
    }
    let error = decode(Topic::TaskCreated, b"\xff").unwrap_err();
    assert!(matches!(error, DecodeError::Syntax(_)), "{error:?}");
}

#[test]
fn json_of_another_shape_is_named() {
    for text in ["[]", "1", "\"text\"", "null"] {
        let error = decode(Topic::TaskCreated, text.as_bytes()).unwrap_err();
        assert!(
            matches!(error, DecodeError::Unreadable { .. }),
            "{text}: {error:?}"
        );
    }
}

#[test]
fn an_event_of_another_topic_or_meaning_is_refused() {
    let message = refused("task-created", set("/event_type", json!("task.updated")));
    assert_eq!(message, "event_type is `task.updated`, not `task.created`");
    let message = refused("task-created", remove("/event_type"));
    assert_eq!(message, "event_type is ``, not `task.created`");
    let message = refused("task-created", set("/schema_version", json!(2)));
    assert_eq!(message, "schema_version is 2, and 1 is what is known");
    let message = refused("task-created", remove("/schema_version"));
    assert_eq!(message, "schema_version is 0, and 1 is what is known");
}

#[test]
fn a_member_that_cannot_be_read_is_named_with_its_path() {
    let cases = [
        (
            refused(
                "task-created",
                set("/data/task/priority", json!("PRIORITY_URGENT")),
            ),
            "the member data.task.priority cannot be read: unknown variant `PRIORITY_URGENT`, \
             expected one of `PRIORITY_UNSPECIFIED`, `PRIORITY_LOW`, `PRIORITY_MEDIUM`, \
             `PRIORITY_HIGH`",
        ),
        (
            refused("task-created", set("/timestamp", json!("yesterday"))),
            "the member timestamp cannot be read: must be a time such as 2030-12-31T09:00:00Z",
        ),
        (
            refused(
                "task-created",
                set("/data/task/created_at", json!("2030-02-30T00:00:00Z")),
            ),
            "the member data.task.created_at cannot be read: must be a time such as \
             2030-12-31T09:00:00Z",
        ),
        (
            refused("task-created", set("/sequence", json!("many"))),
            "the member sequence cannot be read: invalid digit found in string",
        ),
        (
            refused("task-created", set("/data/task/title", json!(["a"]))),
            "the member data.task.title cannot be read: invalid type: sequence, expected a string",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(said, expected);
    }
}

#[test]
fn an_enum_value_of_an_unknown_number_is_refused() {
    let said = refused("task-created", set("/data/task/priority", json!(7)));
    assert!(
        said.starts_with("the member data.task.priority cannot be read"),
        "{said}"
    );
}

#[test]
fn every_header_field_is_checked_and_all_faults_are_told() {
    let said = refused("task-created", |message| {
        message["event_id"] = json!("1");
        message["user_id"] = json!("");
        message["correlation_id"] = json!("a b");
        message["sequence"] = json!("0");
        message["source"] = json!("another-service");
        message["actor"]["kind"] = json!("ACTOR_KIND_UNSPECIFIED");
        message["actor"]["id"] = json!("");
        message.as_object_mut().unwrap().remove("timestamp");
        message.as_object_mut().unwrap().remove("data");
    });
    insta::assert_snapshot!(said.replace("; ", "\n"), @r"
    the message has invalid fields: event_id must be a UUID such as 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d
    timestamp is required
    user_id must have 1 to 255 characters
    correlation_id must consist of visible ASCII characters
    sequence must be 1 or more
    source must be one of backend-api, recurring-service, notification-service, audit-service, realtime-service
    actor.kind is required
    actor.id is required
    data is required
    ");
    let said = refused("task-created", remove("/actor"));
    assert_eq!(said, "the message has invalid fields: actor is required");
}

#[test]
fn every_field_of_a_task_is_checked_and_all_faults_are_told() {
    let said = refused("task-created", |message| {
        message["data"]["task"] = json!({
            "id": "x",
            "title": " ",
            "description": "\u{0}",
            "category": "none",
            "tags": ["\n"],
            "due": {"time_zone": "Mars/Olympus"},
            "recurring_rule": "sometimes",
            "recurring_end_date": {"year": 2030, "month": 2, "day": 30},
            "occurrence_index": -1,
            "parent_task_id": "y",
            "predecessor_task_id": "z",
            "successor_task_id": "w",
            "reminders": [{"before_due": "1.5s"}, {}],
            "completed_at": "2030-01-01T00:00:00Z",
            "deleted_at": "9999-12-31T23:59:59Z",
            "series_position": {"anchor": "noon", "scheduled": "2030-01-01", "time_zone": "UTC"},
        });
    });
    insta::assert_snapshot!(said.replace("; ", "\n"), @r"
    the message has invalid fields: data.task.id must be a UUID such as 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d
    data.task.title must have 1 to 255 characters
    data.task.description must not contain the character NUL
    data.task.priority is required
    data.task.category must be one of work, personal, home, other
    data.task.status is required
    data.task.tags[0] must have 1 to 50 characters
    data.task.due.time_zone is not a time zone of the IANA database
    data.task.due must have a date or a time
    data.task.recurring_rule RRULE must be daily, weekly, monthly, yearly or parts such as FREQ=WEEKLY;BYDAY=MO
    data.task.recurrence_mode is required
    data.task.recurring_end_date must be a whole date of the calendar
    data.task.occurrence_index must not be negative
    data.task.series_position.anchor must be a local time such as 2030-12-31T09:00:00, or a date where there is no zone
    data.task.series_position.scheduled must be a local time such as 2030-12-31T09:00:00, or a date where there is no zone
    data.task.reminders[0].id must be a UUID such as 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d
    data.task.reminders[0].state is required
    data.task.reminders[0].fire_at is required
    data.task.reminders[0].before_due must be whole seconds from 0 to 366 days
    data.task.reminders[1].id must be a UUID such as 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d
    data.task.reminders[1].state is required
    data.task.reminders[1].fire_at is required
    data.task.reminders[1] must have a time or before_due
    data.task.parent_task_id must be a UUID such as 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d
    data.task.predecessor_task_id must be a UUID such as 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d
    data.task.successor_task_id must be a UUID such as 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d
    data.task.created_at is required
    data.task.updated_at is required
    data.task.deleted_at must be before 9999-12-30T22:00:01Z
    data.task.version must be 1 or more
    ");
}

#[test]
fn what_belongs_together_is_together() {
    let task = "/data/task";
    let cases = [
        (
            refused("task-completed", remove("/data/task/completed_at")),
            "data.task.completed_at is required",
        ),
        (
            refused(
                "task-created",
                set("/data/task/completed_at", json!("2030-01-01T00:00:00Z")),
            ),
            "data.task.completed_at must not be there while the task is pending",
        ),
        (
            refused("task-created", remove("/data/task/series_position")),
            "data.task.series_position is required",
        ),
        (
            refused(
                "task-created",
                set("/data/task/due", json!({"time_zone": "UTC"})),
            ),
            "data.task.due must have a date or a time",
        ),
        (
            refused("task-created", remove(task)),
            "data.task is required",
        ),
        (
            refused("task-updated", remove("/data/before")),
            "data.before is required",
        ),
        (
            refused("reminder-due", remove("/data/remind_at")),
            "data.remind_at is required",
        ),
        (
            refused("task-updates-task", remove(task)),
            "data.item is required",
        ),
        (
            refused(
                "task-updates-notification",
                set("/data/notification/read", json!(false)),
            ),
            "data.notification.read must say the same as read_at",
        ),
        (
            refused("task-updates-notifications-read", {
                remove("/data/notifications_read/through")
            }),
            "data.notifications_read.through is required",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(said, format!("the message has invalid fields: {expected}"));
    }
}
