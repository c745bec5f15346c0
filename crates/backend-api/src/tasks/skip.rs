use domain::Task;
use service_kit::{ApiError, Context, Repeatable};

use super::Tasks;
use super::change::Target;

impl Tasks {
    /// Moves a recurring task to its next occurrence.
    pub(crate) async fn skip(
        &self,
        context: &Context,
        target: &Target,
        repeatable: Option<&Repeatable>,
    ) -> Result<Task, ApiError> {
        self.change(context, target, repeatable, |task, work| {
            task.skip(work.now()).map(Some)
        })
        .await
    }
}
