//! A change as a request, and what its failure may mean.

use proto::v1::{
    CompleteTaskRequest, CreateTaskRequest, DeleteTaskRequest, ReopenTaskRequest, Task,
    UndeleteTaskRequest, UpdateTaskRequest,
};
use tonic::{Code, Status};

use crate::{journal::Change, user::User};

/// Asks a replica for a change. None where it may have happened or not. Panics where it is refused:
/// nothing is asked for that could not be done.
pub(super) async fn send(
    user: &User,
    replica: usize,
    change: &Change,
    request_id: &str,
) -> Option<Task> {
    match try_to_send(user, replica, change, request_id.to_owned()).await {
        Ok(task) => Some(task.expect("the answer has a task")),
        Err(status) if leaves_open(&status) => None,
        Err(status) => panic!(
            "{}: {change:?} with the request id {request_id}: {status:?}",
            user.name()
        ),
    }
}

async fn try_to_send(
    user: &User,
    replica: usize,
    change: &Change,
    request_id: String,
) -> Result<Option<Task>, Status> {
    let mut tasks = user.tasks(replica);
    let answer = match change.clone() {
        Change::Create(task) => {
            let request = CreateTaskRequest {
                task: Some(*task),
                request_id,
            };
            tasks.create_task(request).await?.into_inner().task
        }
        Change::Update { id, description } => {
            let task = Task {
                id,
                description,
                ..Task::default()
            };
            let request = UpdateTaskRequest {
                task: Some(task),
                request_id,
                ..UpdateTaskRequest::default()
            };
            tasks.update_task(request).await?.into_inner().task
        }
        Change::Complete { id } => {
            let request = CompleteTaskRequest {
                id,
                request_id,
                ..CompleteTaskRequest::default()
            };
            tasks.complete_task(request).await?.into_inner().task
        }
        Change::Reopen { id } => {
            let request = ReopenTaskRequest {
                id,
                request_id,
                ..ReopenTaskRequest::default()
            };
            tasks.reopen_task(request).await?.into_inner().task
        }
        Change::Delete { id } => {
            let request = DeleteTaskRequest {
                id,
                request_id,
                ..DeleteTaskRequest::default()
            };
            tasks.delete_task(request).await?.into_inner().task
        }
        Change::Undelete { id } => {
            let request = UndeleteTaskRequest {
                id,
                request_id,
                ..UndeleteTaskRequest::default()
            };
            tasks.undelete_task(request).await?.into_inner().task
        }
    };
    Ok(answer)
}

/// Whether a failure may come from a connection that broke, or from something that is away: it leaves
/// open whether the change happened. Anything else would be an answer to a right request.
fn leaves_open(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::Cancelled | Code::DeadlineExceeded => true,
        // The client's own transport says these of a broken stream; the server's carry details.
        Code::Unknown | Code::Internal => status.details().is_empty(),
        _ => false,
    }
}
