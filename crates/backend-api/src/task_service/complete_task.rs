use proto::{request::TaskTransition, v1};
use service_kit::{ApiError, Context};

use super::{TaskGrpc, transition};

impl TaskGrpc {
    pub(super) async fn complete_task_with(
        &self,
        context: &Context,
        request: v1::CompleteTaskRequest,
    ) -> Result<v1::CompleteTaskResponse, ApiError> {
        let parsed = TaskTransition::try_from(request.clone())?;
        let (target, repeatable) = transition("CompleteTask", parsed, &request);
        let task = self
            .tasks
            .complete(context, &target, repeatable.as_ref())
            .await?;
        Ok(v1::CompleteTaskResponse {
            task: Some(self.to_wire(&task)),
        })
    }
}
