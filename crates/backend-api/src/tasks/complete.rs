use domain::Task;
use service_kit::{ApiError, Context, Repeatable};

use super::Tasks;
use super::change::Target;

impl Tasks {
    /// Marks a task as done.
    pub(crate) async fn complete(
        &self,
        context: &Context,
        target: &Target,
        repeatable: Option<&Repeatable>,
    ) -> Result<Task, ApiError> {
        self.change(context, target, repeatable, |task, work| {
            task.complete(work.now()).map(Some)
        })
        .await
    }
}
