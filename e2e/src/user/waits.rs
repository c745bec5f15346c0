//! What a user sees sooner or later: looked for again and again, within a bound.

use proto::v1::{AuditLog, Notification, Task};
use testkit::eventually;
use tonic::{Code, Status};

use super::User;

impl User {
    /// The whole audit trail, oldest first, once it has so many entries.
    pub async fn logs(&self, count: usize) -> Vec<AuditLog> {
        let what = format!("{count} audit rows of {}", self.name);
        eventually(&what, async || {
            let logs = answered(self.all_logs().await)?;
            (count <= logs.len()).then_some(logs)
        })
        .await
    }

    /// The types of a task's events in the order in which they happened, once there are so many.
    pub async fn history(&self, task_id: &str, length: usize) -> Vec<String> {
        let what = format!("{length} audit rows of the task {task_id}");
        eventually(&what, async || {
            let mut logs = answered(self.all_logs().await)?;
            logs.retain(|log| log.entity_id == task_id);
            (length <= logs.len()).then(|| logs.into_iter().map(|log| log.event_type).collect())
        })
        .await
    }

    /// What follows a completed task, once it is there.
    pub async fn successor(&self, replica: usize, id: &str) -> Task {
        let what = format!("what follows the task {id}");
        eventually(&what, async || {
            let task = answered(self.get(replica, id).await)?;
            let successor = Some(task.successor_task_id).filter(|id| !id.is_empty())?;
            answered(self.get(replica, &successor).await)
        })
        .await
    }

    /// All notifications, once there are so many.
    pub async fn notified(&self, count: usize) -> Vec<Notification> {
        let what = format!("{count} notifications of {}", self.name);
        eventually(&what, async || {
            let notifications = answered(self.all_notifications().await)?;
            (count <= notifications.len()).then_some(notifications)
        })
        .await
    }
}

/// The answer; None where a later question may get one. Panics at any other failure.
fn answered<T>(answer: Result<T, Status>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        // A process that is being killed answers nothing, or breaks off; who asks often is slowed down.
        Err(status)
            if matches!(
                status.code(),
                Code::Unavailable
                    | Code::ResourceExhausted
                    | Code::DeadlineExceeded
                    | Code::Cancelled
                    | Code::Unknown
            ) =>
        {
            None
        }
        Err(status) => panic!("{status:?}"),
    }
}
