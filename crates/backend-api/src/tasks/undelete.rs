use domain::Task;
use service_kit::{ApiError, Context, Repeatable};

use super::Tasks;
use super::change::Target;

impl Tasks {
    /// Brings a task back from the trash.
    pub(crate) async fn undelete(
        &self,
        context: &Context,
        target: &Target,
        repeatable: Option<&Repeatable>,
    ) -> Result<Task, ApiError> {
        self.change(context, target, repeatable, |task, work| {
            task.undelete(work.now()).map(Some)
        })
        .await
    }
}
