//! Another tenant's ids on every method: the answer is that of an id nobody has.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorSet};
use proto::v1::{
    self, DeleteAccountRequest, Reminder, SnoozeReminderRequest, Task, UpdateTaskRequest,
    preview_occurrences_request::Source, reminder::When, snooze_reminder_request,
};
use testkit::{Database, Plan, User, on_every_database, task};
use tonic::{Code, Status};
use uuid::Uuid;

on_every_database!(another_tenants_ids_are_nobodys);

/// The methods whose requests name something by its id, and what to call them with.
const METHODS: [&str; 12] = [
    "CompleteTask",
    "DeleteNotification",
    "DeleteTask",
    "GetTask",
    "ListAuditLogs",
    "MarkNotificationRead",
    "PreviewOccurrences",
    "ReopenTask",
    "SkipOccurrence",
    "SnoozeReminder",
    "UndeleteTask",
    "UpdateTask",
];

async fn another_tenants_ids_are_nobodys(database: Database) {
    let system = Plan::new(database).start().await;
    let (alice, bob) = (system.user("alice"), system.user("bob"));
    let remind_at = system.now() + SignedDuration::from_secs(5);
    let reminder = Reminder {
        when: Some(When::Time(remind_at.into())),
        ..Reminder::default()
    };
    let hers = Task {
        reminders: vec![reminder],
        ..task("Alice's")
    };
    let hers = alice.create(hers).await;
    system.turn(SignedDuration::from_secs(5));
    let notification = alice.notified(1).await.remove(0);
    alice.history(&hers.id, 2).await;
    let before = everything(&alice, &hers.id).await;

    let nobodys = Uuid::from_u128(7).to_string();
    for method in METHODS {
        let id = match method {
            "DeleteNotification" | "MarkNotificationRead" | "SnoozeReminder" => &notification.id,
            _ => &hers.id,
        };
        let theirs = call(&bob, method, id).await;
        let unknown = call(&bob, method, &nobodys).await;
        match (theirs, unknown) {
            (Err(theirs), Err(unknown)) => {
                assert_eq!(theirs.code(), Code::NotFound, "{method}: {theirs}");
                assert_eq!(theirs.code(), unknown.code(), "{method}");
                assert_eq!(theirs.message(), unknown.message(), "{method}");
            }
            (Ok(theirs), Ok(unknown)) => {
                assert_eq!(method, "ListAuditLogs", "{method} succeeds");
                assert_eq!((theirs.as_str(), unknown.as_str()), ("0", "0"));
            }
            (theirs, unknown) => panic!("{method}: {theirs:?}, but {unknown:?}"),
        }
    }
    let request = DeleteAccountRequest {
        confirm_user_id: "alice".into(),
    };
    let status = bob.account().delete_account(request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument, "{status}");
    assert!(bob.list().await.is_empty());
    assert!(bob.list_notifications().await.is_empty());
    assert!(bob.audit_trail("").await.is_empty());
    assert_eq!(everything(&alice, &hers.id).await, before);
    system.finish().await;
}

/// A method that is added to the API has to be added here.
#[test]
fn every_method_that_takes_an_id_is_tried() {
    let set = FileDescriptorSet::decode(proto::FILE_DESCRIPTOR_SET).unwrap();
    let own = || set.file.iter().filter(|file| file.package() == "errand.v1");
    let messages: Vec<&DescriptorProto> = own().flat_map(|file| &file.message_type).collect();
    let takes_id = |name: &str| {
        let name = name.rsplit('.').next().unwrap_or_default();
        let message = messages.iter().find(|message| message.name() == name);
        message.unwrap().field.iter().any(|field| {
            let name = field.name();
            (name == "id" || name.ends_with("_id") && name != "confirm_user_id")
                && name != "request_id"
                || name == "task"
        })
    };
    let methods: BTreeSet<&str> = own()
        .flat_map(|file| &file.service)
        .flat_map(|service| &service.method)
        .filter(|method| takes_id(method.input_type()))
        .map(prost_types::MethodDescriptorProto::name)
        // What it is given has no id yet.
        .filter(|name| *name != "CreateTask")
        .collect();
    assert_eq!(methods, BTreeSet::from(METHODS));
}

async fn call(user: &User, method: &str, id: &str) -> Result<String, Status> {
    let id = id.to_owned();
    let (mut tasks, mut notifications) = (user.tasks(), user.notifications());
    macro_rules! transition {
        ($call:ident, $request:ident) => {{
            let request = v1::$request {
                id,
                ..v1::$request::default()
            };
            tasks
                .$call(request)
                .await
                .map(|answer| format!("{answer:?}"))
        }};
    }
    match method {
        "CompleteTask" => transition!(complete_task, CompleteTaskRequest),
        "DeleteTask" => transition!(delete_task, DeleteTaskRequest),
        "ReopenTask" => transition!(reopen_task, ReopenTaskRequest),
        "SkipOccurrence" => transition!(skip_occurrence, SkipOccurrenceRequest),
        "UndeleteTask" => transition!(undelete_task, UndeleteTaskRequest),
        "GetTask" => {
            let answer = tasks.get_task(v1::GetTaskRequest { id }).await;
            answer.map(|answer| format!("{answer:?}"))
        }
        "UpdateTask" => {
            let request = UpdateTaskRequest {
                task: Some(Task {
                    id,
                    ..task("Bob's now")
                }),
                ..UpdateTaskRequest::default()
            };
            let answer = tasks.update_task(request).await;
            answer.map(|answer| format!("{answer:?}"))
        }
        "PreviewOccurrences" => {
            let request = v1::PreviewOccurrencesRequest {
                source: Some(Source::TaskId(id)),
                count: 3,
            };
            let answer = tasks.preview_occurrences(request).await;
            answer.map(|answer| format!("{answer:?}"))
        }
        "MarkNotificationRead" => {
            let request = v1::MarkNotificationReadRequest { id };
            let answer = notifications.mark_notification_read(request).await;
            answer.map(|answer| format!("{answer:?}"))
        }
        "DeleteNotification" => {
            let request = v1::DeleteNotificationRequest { id };
            let answer = notifications.delete_notification(request).await;
            answer.map(|answer| format!("{answer:?}"))
        }
        "SnoozeReminder" => {
            let delay = proto::wkt::Duration {
                seconds: 600,
                nanos: 0,
            };
            let request = SnoozeReminderRequest {
                notification_id: id,
                when: Some(snooze_reminder_request::When::Delay(delay)),
            };
            let answer = notifications.snooze_reminder(request).await;
            answer.map(|answer| format!("{answer:?}"))
        }
        "ListAuditLogs" => Ok(user.audit_trail(&id).await.len().to_string()),
        other => panic!("{other} is not tried"),
    }
}

async fn everything(user: &User, task: &str) -> String {
    let task = user.get(task).await;
    let notifications = user.list_notifications().await;
    let trail = user.audit_trail("").await;
    format!("{task:#?}\n{notifications:#?}\n{trail:#?}")
}
