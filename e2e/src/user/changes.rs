//! What a user does with tasks: one call each, by the replica that a test likes.

use proto::{
    v1::{
        CompleteTaskRequest, DeleteTaskRequest, GetTaskRequest, ReopenTaskRequest, Task,
        UndeleteTaskRequest, UpdateTaskRequest,
    },
    wkt::FieldMask,
};
use tonic::Status;

use super::User;

impl User {
    /// A task.
    pub async fn get(&self, replica: usize, id: &str) -> Result<Task, Status> {
        let request = GetTaskRequest { id: id.to_owned() };
        let response = self.tasks(replica).get_task(request).await?;
        Ok(present(response.into_inner().task))
    }

    /// Changes these fields of a task. Its etag, if it has one, must be the stored one.
    pub async fn update(
        &self,
        replica: usize,
        task: Task,
        fields: &[&str],
    ) -> Result<Task, Status> {
        let paths = fields.iter().map(|&field| field.to_owned()).collect();
        let request = UpdateTaskRequest {
            task: Some(task),
            update_mask: Some(FieldMask { paths }),
            ..UpdateTaskRequest::default()
        };
        let response = self.tasks(replica).update_task(request).await?;
        Ok(present(response.into_inner().task))
    }

    /// Completes a task.
    pub async fn complete(&self, replica: usize, id: &str) -> Result<Task, Status> {
        let request = CompleteTaskRequest {
            id: id.to_owned(),
            ..CompleteTaskRequest::default()
        };
        let response = self.tasks(replica).complete_task(request).await?;
        Ok(present(response.into_inner().task))
    }

    /// Reopens a completed task.
    pub async fn reopen(&self, replica: usize, id: &str) -> Result<Task, Status> {
        let request = ReopenTaskRequest {
            id: id.to_owned(),
            ..ReopenTaskRequest::default()
        };
        let response = self.tasks(replica).reopen_task(request).await?;
        Ok(present(response.into_inner().task))
    }

    /// Puts a task into the trash.
    pub async fn delete(&self, replica: usize, id: &str) -> Result<Task, Status> {
        let request = DeleteTaskRequest {
            id: id.to_owned(),
            ..DeleteTaskRequest::default()
        };
        let response = self.tasks(replica).delete_task(request).await?;
        Ok(present(response.into_inner().task))
    }

    /// Takes a task out of the trash.
    pub async fn undelete(&self, replica: usize, id: &str) -> Result<Task, Status> {
        let request = UndeleteTaskRequest {
            id: id.to_owned(),
            ..UndeleteTaskRequest::default()
        };
        let response = self.tasks(replica).undelete_task(request).await?;
        Ok(present(response.into_inner().task))
    }
}

fn present(task: Option<Task>) -> Task {
    task.expect("the answer has a task")
}
