use proto::{request::TaskTransition, v1};
use service_kit::{ApiError, Context};

use super::{TaskGrpc, transition};

impl TaskGrpc {
    pub(super) async fn delete_task_with(
        &self,
        context: &Context,
        request: v1::DeleteTaskRequest,
    ) -> Result<v1::DeleteTaskResponse, ApiError> {
        let parsed = TaskTransition::try_from(request.clone())?;
        let (target, repeatable) = transition("DeleteTask", parsed, &request);
        let task = self
            .tasks
            .delete(context, &target, repeatable.as_ref())
            .await?;
        Ok(v1::DeleteTaskResponse {
            task: Some(self.to_wire(&task)),
        })
    }
}
