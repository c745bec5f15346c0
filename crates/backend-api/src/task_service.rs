//! `errand.v1.TaskService`: one RPC a file.

mod complete_task;
mod create_task;
mod delete_task;
mod get_task;
mod get_task_stats;
mod list_tasks;
mod preview_occurrences;
mod reopen_task;
mod skip_occurrence;
mod undelete_task;
mod update_task;

use domain::Task;
use proto::{
    convert::{WireContext, task_to_wire},
    request::TaskTransition,
    v1::{self, task_service_server::TaskService},
};
use service_kit::{Context, Repeatable};
use tonic::{Request, Response, Status, async_trait};

use crate::{
    answer::answer,
    tasks::{Target, Tasks},
};

/// Serves the task API by gRPC.
#[derive(Clone, Debug)]
pub(crate) struct TaskGrpc {
    tasks: Tasks,
    wire: WireContext,
}

impl TaskGrpc {
    pub(crate) fn new(tasks: Tasks, wire: WireContext) -> Self {
        Self { tasks, wire }
    }

    fn to_wire(&self, task: &Task) -> v1::Task {
        task_to_wire(task, &self.wire)
    }
}

/// The parts of a request for a transition: the task it is about, and whether it may come twice.
fn transition(
    method: &'static str,
    request: TaskTransition,
    message: &impl prost::Message,
) -> (Target, Option<Repeatable>) {
    let TaskTransition {
        id,
        etag,
        request_id,
    } = request;
    let repeatable = request_id.map(|id| Repeatable::new(method, id, message));
    (Target { id, etag }, repeatable)
}

#[async_trait]
impl TaskService for TaskGrpc {
    async fn create_task(
        &self,
        request: Request<v1::CreateTaskRequest>,
    ) -> Result<Response<v1::CreateTaskResponse>, Status> {
        let context = Context::of(&request)?;
        answer(self.create_task_with(&context, request.into_inner()).await)
    }

    async fn get_task(
        &self,
        request: Request<v1::GetTaskRequest>,
    ) -> Result<Response<v1::GetTaskResponse>, Status> {
        let context = Context::of(&request)?;
        answer(self.get_task_with(&context, request.into_inner()).await)
    }

    async fn list_tasks(
        &self,
        request: Request<v1::ListTasksRequest>,
    ) -> Result<Response<v1::ListTasksResponse>, Status> {
        let context = Context::of(&request)?;
        answer(self.list_tasks_with(&context, request.into_inner()).await)
    }

    async fn update_task(
        &self,
        request: Request<v1::UpdateTaskRequest>,
    ) -> Result<Response<v1::UpdateTaskResponse>, Status> {
        let context = Context::of(&request)?;
        answer(self.update_task_with(&context, request.into_inner()).await)
    }

    async fn delete_task(
        &self,
        request: Request<v1::DeleteTaskRequest>,
    ) -> Result<Response<v1::DeleteTaskResponse>, Status> {
        let context = Context::of(&request)?;
        answer(self.delete_task_with(&context, request.into_inner()).await)
    }

    async fn undelete_task(
        &self,
        request: Request<v1::UndeleteTaskRequest>,
    ) -> Result<Response<v1::UndeleteTaskResponse>, Status> {
        let context = Context::of(&request)?;
        answer(
            self.undelete_task_with(&context, request.into_inner())
                .await,
        )
    }

    async fn complete_task(
        &self,
        request: Request<v1::CompleteTaskRequest>,
    ) -> Result<Response<v1::CompleteTaskResponse>, Status> {
        let context = Context::of(&request)?;
        answer(
            self.complete_task_with(&context, request.into_inner())
                .await,
        )
    }

    async fn reopen_task(
        &self,
        request: Request<v1::ReopenTaskRequest>,
    ) -> Result<Response<v1::ReopenTaskResponse>, Status> {
        let context = Context::of(&request)?;
        answer(self.reopen_task_with(&context, request.into_inner()).await)
    }

    async fn skip_occurrence(
        &self,
        request: Request<v1::SkipOccurrenceRequest>,
    ) -> Result<Response<v1::SkipOccurrenceResponse>, Status> {
        let context = Context::of(&request)?;
        answer(
            self.skip_occurrence_with(&context, request.into_inner())
                .await,
        )
    }

    async fn preview_occurrences(
        &self,
        request: Request<v1::PreviewOccurrencesRequest>,
    ) -> Result<Response<v1::PreviewOccurrencesResponse>, Status> {
        let context = Context::of(&request)?;
        answer(
            self.preview_occurrences_with(&context, request.into_inner())
                .await,
        )
    }

    async fn get_task_stats(
        &self,
        request: Request<v1::GetTaskStatsRequest>,
    ) -> Result<Response<v1::GetTaskStatsResponse>, Status> {
        let context = Context::of(&request)?;
        answer(
            self.get_task_stats_with(&context, request.into_inner())
                .await,
        )
    }
}
