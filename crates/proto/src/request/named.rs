//! Requests that name one thing.

use domain::{Etag, NotificationId, RequestId, TaskId, Violations};

use super::{etag, id, request_id};
use crate::convert::complete;
use crate::v1;

/// `GetTask`: which task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskRequest {
    /// The task.
    pub id: TaskId,
}

/// `MarkNotificationRead` or `DeleteNotification`: which notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotificationRequest {
    /// The notification.
    pub id: NotificationId,
}

/// `DeleteTask`, `UndeleteTask`, `CompleteTask`, `ReopenTask` or `SkipOccurrence`: which task is to
/// change from one state to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskTransition {
    /// The task.
    pub id: TaskId,
    /// The state that the client has seen, if it says.
    pub etag: Option<Etag>,
    /// Makes the call safe to repeat.
    pub request_id: Option<RequestId>,
}

macro_rules! names {
    ($request:ident, $parsed:ident) => {
        impl TryFrom<v1::$request> for $parsed {
            type Error = Violations;

            fn try_from(request: v1::$request) -> Result<Self, Violations> {
                let mut violations = Violations::new();
                let id = id(&mut violations, "id", &request.id);
                complete(violations, || Some(Self { id: id? }))
            }
        }
    };
}

macro_rules! transition {
    ($request:ident) => {
        impl TryFrom<v1::$request> for TaskTransition {
            type Error = Violations;

            fn try_from(request: v1::$request) -> Result<Self, Violations> {
                let mut violations = Violations::new();
                let id = id(&mut violations, "id", &request.id);
                let etag = etag(&mut violations, "etag", &request.etag);
                let request_id = request_id(&mut violations, &request.request_id);
                complete(violations, || {
                    Some(Self {
                        id: id?,
                        etag: etag?,
                        request_id: request_id?,
                    })
                })
            }
        }
    };
}

names!(GetTaskRequest, TaskRequest);
names!(MarkNotificationReadRequest, NotificationRequest);
names!(DeleteNotificationRequest, NotificationRequest);
transition!(DeleteTaskRequest);
transition!(UndeleteTaskRequest);
transition!(CompleteTaskRequest);
transition!(ReopenTaskRequest);
transition!(SkipOccurrenceRequest);
