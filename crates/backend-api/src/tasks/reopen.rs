use domain::Task;
use service_kit::{ApiError, Changed, Context, Repeatable};

use super::Tasks;
use super::change::{Target, lock};

impl Tasks {
    /// Marks a completed task as still to do, and takes back the occurrence that its completion
    /// made if nobody has touched it. The predecessor is locked before its successor, as everywhere.
    pub(crate) async fn reopen(
        &self,
        context: &Context,
        target: &Target,
        repeatable: Option<&Repeatable>,
    ) -> Result<Task, ApiError> {
        self.kit
            .change_once(context, repeatable, async |mut work| {
                let task = lock(&work, target).await?;
                let successor = match task.successor_task_id {
                    None => None,
                    Some(id) => work.tx().task_get_for_update(work.user(), id).await?,
                };
                let reopened = task.reopen(successor, work.now())?;
                if let Some(taken_back) = &reopened.taken_back {
                    work.tx().task_record(taken_back).await?;
                    work.record(taken_back);
                }
                work.tx().task_record(&reopened.task).await?;
                work.record(&reopened.task);
                Ok(Changed {
                    work,
                    task: reopened.task.after,
                })
            })
            .await
    }
}
