use proto::{convert::task_to_wire, request::ListTasks, v1};
use service_kit::{ApiError, Context};

use super::TaskGrpc;
use crate::tasks::TaskPage;

impl TaskGrpc {
    pub(super) async fn list_tasks_with(
        &self,
        context: &Context,
        request: v1::ListTasksRequest,
    ) -> Result<v1::ListTasksResponse, ApiError> {
        let request = ListTasks::try_from(request)?;
        let TaskPage {
            tasks,
            next_page_token,
        } = self.tasks.list(context, &request).await?;
        Ok(v1::ListTasksResponse {
            tasks: tasks
                .iter()
                .map(|task| task_to_wire(task, &self.wire))
                .collect(),
            next_page_token: next_page_token.unwrap_or_default(),
        })
    }
}
