//! Every field of every request, outside its bounds: refused with the field's name, nothing stored.

mod cases;

use std::collections::BTreeSet;

use prost::Message as _;
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorSet, field_descriptor_proto::Label,
};
use proto::v1;
use serde::de::DeserializeOwned;
use serde_json::Value;
use testkit::{Database, Plan, User, date, on_every_database, task};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use self::cases::{cases, is_previewed};

on_every_database!(a_field_out_of_bounds_is_named_and_nothing_is_stored);

/// Fields of which any value is good, or that are checked against what is stored: by method and
/// path, or by path alone.
const ANY_VALUE: [&str; 9] = [
    "ListTasks filter.due.overdue",
    "ListTasks filter.due.undated",
    "ListNotifications unread_only",
    "StreamUpdates cursor",
    // One that is not of ours, or belongs to another list, is INVALID_PAGE_TOKEN.
    "page_token",
    // They name something; what nobody has is NOT_FOUND.
    "UpdateTask task.reminders.id",
    "CreateTask task.reminders.id",
    "PreviewOccurrences draft.reminders.id",
    // Checked against the state.
    "CreateTask task.etag",
];

/// What the server sets: what a client sends there is not looked at.
const OUTPUT_ONLY: [&str; 15] = [
    "status",
    "parent_task_id",
    "occurrence_index",
    "successor_task_id",
    "predecessor_task_id",
    "created_at",
    "updated_at",
    "completed_at",
    "deleted_at",
    "purge_at",
    "version",
    "state",
    "fire_at",
    "series_position",
    "draft.etag",
];

async fn a_field_out_of_bounds_is_named_and_nothing_is_stored(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let kept = v1::Task {
        due: date("2026-03-05", "Europe/Berlin"),
        ..task("Kept")
    };
    let kept = alice.create(kept).await;
    assert_eq!(alice.history(&kept.id, 1).await, ["task.created"]);
    let notification = "019cadc6-9a80-78ba-a248-bfae48655242";
    let before = everything(&alice).await;
    let mut wrong = Vec::new();
    for (method, request, field) in cases(&kept.id, notification) {
        match call(&alice, method, request.clone()).await {
            Ok(()) => wrong.push(format!("{method} takes {request} ({field})")),
            Err(status) => {
                let violations = status.get_details_bad_request();
                let violations = violations.map_or(Vec::new(), |details| details.field_violations);
                let fields: Vec<String> = violations.into_iter().map(|found| found.field).collect();
                let within = format!("{field}.");
                let named = fields
                    .iter()
                    .any(|found| found == field || found.starts_with(&within));
                if status.code() != Code::InvalidArgument || !named {
                    wrong.push(format!(
                        "{method} {request}: {field} expected, but {:?} {fields:?}",
                        status.code()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(everything(&alice).await, before);
    assert_eq!(system.outbox().await.waiting, 0);
    system.finish().await;
}

/// A field that is added to a request has to be added here.
#[test]
fn every_field_of_every_request_is_tried() {
    let set = FileDescriptorSet::decode(proto::FILE_DESCRIPTOR_SET).unwrap();
    let own: Vec<_> = set
        .file
        .iter()
        .filter(|file| file.package() == "errand.v1")
        .collect();
    let messages: Vec<&DescriptorProto> = own.iter().flat_map(|file| &file.message_type).collect();
    let tried: BTreeSet<String> = cases("", "")
        .into_iter()
        .map(|(method, _, path)| format!("{method} {}", path.replace("[0]", "")))
        .collect();
    let mut missing = Vec::new();
    for method in own
        .iter()
        .flat_map(|file| &file.service)
        .flat_map(|service| &service.method)
    {
        for path in leaves(&messages, method.input_type(), "") {
            let full = format!("{} {path}", method.name());
            let is_free = ANY_VALUE.iter().any(|free| *free == full || *free == path)
                || OUTPUT_ONLY.iter().any(|field| {
                    path.ends_with(&format!(".{field}")) && !path.starts_with("filter.")
                })
                || (path.starts_with("draft.") || full == "CreateTask task.id")
                    && !is_previewed(&path)
                || path.contains(".series_position.")
                || path == "profile.updated_at";
            if !is_free && !tried.contains(&full) {
                missing.push(full);
            }
        }
    }
    assert!(missing.is_empty(), "no case tries {missing:#?}");
}

/// The paths of all fields of a message that hold no message of Errand's own.
fn leaves(messages: &[&DescriptorProto], name: &str, under: &str) -> Vec<String> {
    let short = name.rsplit('.').next().unwrap_or_default();
    let is_own = name.starts_with(".errand.v1.");
    let message = messages
        .iter()
        .find(|message| is_own && message.name() == short);
    let Some(message) = message else {
        return vec![under.to_owned()];
    };
    let path = |field: &FieldDescriptorProto| match under {
        "" => field.name().to_owned(),
        under => format!("{under}.{}", field.name()),
    };
    message
        .field
        .iter()
        .flat_map(|field| {
            let is_list = field.label() == Label::Repeated && field.type_name.is_none();
            match &field.type_name {
                Some(name) if !is_list => leaves(messages, name, &path(field)),
                _ => vec![path(field)],
            }
        })
        .collect()
}

async fn call(user: &User, method: &str, request: Value) -> Result<(), Status> {
    let (mut tasks, mut notifications) = (user.tasks(), user.notifications());
    match method {
        "CreateTask" => tasks
            .create_task(read::<v1::CreateTaskRequest>(request))
            .await
            .map(drop),
        "GetTask" => tasks
            .get_task(read::<v1::GetTaskRequest>(request))
            .await
            .map(drop),
        "ListTasks" => tasks
            .list_tasks(read::<v1::ListTasksRequest>(request))
            .await
            .map(drop),
        "UpdateTask" => tasks
            .update_task(read::<v1::UpdateTaskRequest>(request))
            .await
            .map(drop),
        "DeleteTask" => tasks
            .delete_task(read::<v1::DeleteTaskRequest>(request))
            .await
            .map(drop),
        "UndeleteTask" => tasks
            .undelete_task(read::<v1::UndeleteTaskRequest>(request))
            .await
            .map(drop),
        "CompleteTask" => tasks
            .complete_task(read::<v1::CompleteTaskRequest>(request))
            .await
            .map(drop),
        "ReopenTask" => tasks
            .reopen_task(read::<v1::ReopenTaskRequest>(request))
            .await
            .map(drop),
        "SkipOccurrence" => tasks
            .skip_occurrence(read::<v1::SkipOccurrenceRequest>(request))
            .await
            .map(drop),
        "PreviewOccurrences" => tasks
            .preview_occurrences(read::<v1::PreviewOccurrencesRequest>(request))
            .await
            .map(drop),
        "GetTaskStats" => tasks
            .get_task_stats(read::<v1::GetTaskStatsRequest>(request))
            .await
            .map(drop),
        "UpdateProfile" => user
            .profile()
            .update_profile(read::<v1::UpdateProfileRequest>(request))
            .await
            .map(drop),
        "DeleteAccount" => user
            .account()
            .delete_account(read::<v1::DeleteAccountRequest>(request))
            .await
            .map(drop),
        "ListNotifications" => notifications
            .list_notifications(read::<v1::ListNotificationsRequest>(request))
            .await
            .map(drop),
        "MarkNotificationRead" => notifications
            .mark_notification_read(read::<v1::MarkNotificationReadRequest>(request))
            .await
            .map(drop),
        "DeleteNotification" => notifications
            .delete_notification(read::<v1::DeleteNotificationRequest>(request))
            .await
            .map(drop),
        "SnoozeReminder" => notifications
            .snooze_reminder(read::<v1::SnoozeReminderRequest>(request))
            .await
            .map(drop),
        "ListAuditLogs" => user
            .audit()
            .list_audit_logs(read::<v1::ListAuditLogsRequest>(request))
            .await
            .map(drop),
        other => panic!("{other} is not tried"),
    }
}

fn read<T: DeserializeOwned + prost::Message + Default>(mut request: Value) -> T {
    let choice = request.as_object_mut().unwrap().remove("!");
    let read: T = serde_json::from_value(request.clone())
        .unwrap_or_else(|error| panic!("{request} is no request: {error}"));
    let Some(choice) = choice else { return read };
    let numbers: Vec<u8> = serde_json::from_value(choice).unwrap();
    let (last, outer) = numbers.split_last().unwrap();
    // A field is its number and its kind, 0 for a number and 2 for a message, and its value; a
    // message that comes twice is merged.
    let mut bytes = vec![last << 3, 9];
    for number in outer.iter().rev() {
        let length = u8::try_from(bytes.len()).unwrap();
        bytes.splice(0..0, [number << 3 | 2, length]);
    }
    T::decode(&*[read.encode_to_vec(), bytes].concat()).unwrap()
}

async fn everything(user: &User) -> String {
    let tasks = user.list().await;
    let trail = user.audit_trail("").await;
    let profile = user
        .profile()
        .get_profile(v1::GetProfileRequest {})
        .await
        .unwrap();
    format!("{tasks:#?}\n{trail:#?}\n{:#?}", profile.get_ref())
}
