use proto::{request::TaskRequest, v1};
use service_kit::{ApiError, Context};

use super::TaskGrpc;

impl TaskGrpc {
    pub(super) async fn get_task_with(
        &self,
        context: &Context,
        request: v1::GetTaskRequest,
    ) -> Result<v1::GetTaskResponse, ApiError> {
        let TaskRequest { id } = TaskRequest::try_from(request)?;
        let task = self.tasks.get(context, id).await?;
        Ok(v1::GetTaskResponse {
            task: Some(self.to_wire(&task)),
        })
    }
}
