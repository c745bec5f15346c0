use proto::{request::UpdateTask, v1};
use service_kit::{ApiError, Context, Repeatable};

use super::TaskGrpc;
use crate::tasks::Target;

impl TaskGrpc {
    pub(super) async fn update_task_with(
        &self,
        context: &Context,
        request: v1::UpdateTaskRequest,
    ) -> Result<v1::UpdateTaskResponse, ApiError> {
        let parsed = UpdateTask::try_from(request.clone())?;
        let repeatable = parsed
            .request_id
            .map(|id| Repeatable::new("UpdateTask", id, &request));
        let target = Target {
            id: parsed.id,
            etag: parsed.etag,
        };
        let task = self
            .tasks
            .update(
                context,
                &target,
                &parsed.patch,
                parsed.scope,
                repeatable.as_ref(),
            )
            .await?;
        Ok(v1::UpdateTaskResponse {
            task: Some(self.to_wire(&task)),
        })
    }
}
