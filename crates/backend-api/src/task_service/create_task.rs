use proto::{request::CreateTask, v1};
use service_kit::{ApiError, Context, Repeatable};

use super::TaskGrpc;

impl TaskGrpc {
    pub(super) async fn create_task_with(
        &self,
        context: &Context,
        request: v1::CreateTaskRequest,
    ) -> Result<v1::CreateTaskResponse, ApiError> {
        let parsed = CreateTask::try_from(request.clone())?;
        let repeatable = parsed
            .request_id
            .map(|id| Repeatable::new("CreateTask", id, &request));
        let task = self
            .tasks
            .create(context, &parsed.task, repeatable.as_ref())
            .await?;
        Ok(v1::CreateTaskResponse {
            task: Some(self.to_wire(&task)),
        })
    }
}
