use domain::{Task, TaskId};
use service_kit::{ApiError, Context};

use super::Tasks;

impl Tasks {
    /// Reads one task, also one in the trash.
    pub(crate) async fn get(&self, context: &Context, id: TaskId) -> Result<Task, ApiError> {
        let task = self.kit.read().await?.task_get(&context.user, id).await?;
        task.ok_or_else(|| ApiError::not_found("task"))
    }
}
