use proto::{request::TaskTransition, v1};
use service_kit::{ApiError, Context};

use super::{TaskGrpc, transition};

impl TaskGrpc {
    pub(super) async fn reopen_task_with(
        &self,
        context: &Context,
        request: v1::ReopenTaskRequest,
    ) -> Result<v1::ReopenTaskResponse, ApiError> {
        let parsed = TaskTransition::try_from(request.clone())?;
        let (target, repeatable) = transition("ReopenTask", parsed, &request);
        let task = self
            .tasks
            .reopen(context, &target, repeatable.as_ref())
            .await?;
        Ok(v1::ReopenTaskResponse {
            task: Some(self.to_wire(&task)),
        })
    }
}
