use domain::Task;
use service_kit::{ApiError, Context, ErrorKind, Repeatable};

use super::Tasks;
use super::change::Target;

impl Tasks {
    /// Puts a task in the trash. One that is there already is not found (AIP-164).
    pub(crate) async fn delete(
        &self,
        context: &Context,
        target: &Target,
        repeatable: Option<&Repeatable>,
    ) -> Result<Task, ApiError> {
        let deleted = self
            .change(context, target, repeatable, |task, work| {
                task.delete(work.now()).map(Some)
            })
            .await;
        deleted.map_err(|error| match error.kind() {
            ErrorKind::TaskDeleted => ApiError::not_found("task"),
            _ => error,
        })
    }
}
