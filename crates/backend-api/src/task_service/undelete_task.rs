use proto::{request::TaskTransition, v1};
use service_kit::{ApiError, Context};

use super::{TaskGrpc, transition};

impl TaskGrpc {
    pub(super) async fn undelete_task_with(
        &self,
        context: &Context,
        request: v1::UndeleteTaskRequest,
    ) -> Result<v1::UndeleteTaskResponse, ApiError> {
        let parsed = TaskTransition::try_from(request.clone())?;
        let (target, repeatable) = transition("UndeleteTask", parsed, &request);
        let task = self
            .tasks
            .undelete(context, &target, repeatable.as_ref())
            .await?;
        Ok(v1::UndeleteTaskResponse {
            task: Some(self.to_wire(&task)),
        })
    }
}
