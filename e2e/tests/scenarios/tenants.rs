//! Another user's task is nobody's, on every replica of every service.

use e2e::{System, User};
use proto::v1::{
    DeleteNotificationRequest, ListAuditLogsRequest, MarkNotificationReadRequest, Task,
};
use testkit::task;
use tonic::{Code, Status};

use crate::reminders::{in_seconds, reminding};

/// An id that is nobody's.
const NOBODYS: &str = "00000000-0000-7000-8000-000000000007";

#[tokio::test]
async fn another_users_ids_are_nobodys_on_every_replica() {
    let system = System::found();
    let owner = system.user("tenants-owner").await;
    let other = system.user("tenants-other").await;
    let mut screens = Vec::new();
    for replica in 0..system.replicas() {
        screens.push(other.watch(replica, "").await.unwrap());
    }
    let hers = reminding("Hers", in_seconds(1));
    let hers = owner.create(0, hers).await.unwrap();
    let notification = owner.notified(1).await.remove(0);
    owner.history(&hers.id, 2).await;
    let before = everything(&owner, &hers.id).await;

    for replica in 0..system.replicas() {
        let theirs = refusals(&other, replica, &hers.id, &notification.id).await;
        let unknown = refusals(&other, replica, NOBODYS, NOBODYS).await;
        assert_eq!(theirs, unknown);
        assert!(theirs.iter().all(|(code, _)| *code == Code::NotFound));
        let request = ListAuditLogsRequest {
            task_id: hers.id.clone(),
            ..ListAuditLogsRequest::default()
        };
        let listed = other.audit(replica).list_audit_logs(request).await;
        assert!(listed.unwrap().into_inner().audit_logs.is_empty());
    }
    assert_eq!(everything(&owner, &hers.id).await, before);
    assert!(other.all_tasks().await.unwrap().is_empty());
    assert!(other.all_notifications().await.unwrap().is_empty());

    // The first thing on each of the other user's screens is the other user's own.
    let own = other.create(0, task("Theirs")).await.unwrap();
    for screen in &mut screens {
        assert_eq!(screen.task().await.1, own);
    }
    let logs = other.logs(1).await;
    assert_eq!((logs.len(), &logs[0].entity_id), (1, &own.id));
}

/// What every method that takes an id says to these.
async fn refusals(
    user: &User,
    replica: usize,
    task_id: &str,
    notification_id: &str,
) -> Vec<(Code, String)> {
    let renamed = Task {
        id: task_id.to_owned(),
        ..task("Renamed")
    };
    let read = MarkNotificationReadRequest {
        id: notification_id.to_owned(),
    };
    let delete = DeleteNotificationRequest {
        id: notification_id.to_owned(),
    };
    let mut notifications = user.notifications(replica);
    [
        refusal(user.get(replica, task_id).await),
        refusal(user.update(replica, renamed, &["title"]).await),
        refusal(user.complete(replica, task_id).await),
        refusal(user.reopen(replica, task_id).await),
        refusal(user.delete(replica, task_id).await),
        refusal(user.undelete(replica, task_id).await),
        refusal(notifications.mark_notification_read(read).await),
        refusal(notifications.delete_notification(delete).await),
    ]
    .into()
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, Status>) -> (Code, String) {
    let status = answer.unwrap_err();
    (status.code(), status.message().to_owned())
}

async fn everything(user: &User, task_id: &str) -> String {
    let task = user.get(1, task_id).await.unwrap();
    let notifications = user.all_notifications().await.unwrap();
    let logs = user.all_logs().await.unwrap();
    format!("{task:#?}\n{notifications:#?}\n{logs:#?}")
}
