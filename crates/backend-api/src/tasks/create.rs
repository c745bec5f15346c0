use domain::{NewTask, Task};
use service_kit::{ApiError, Changed, Context, Repeatable};

use super::Tasks;

impl Tasks {
    /// Makes a task.
    pub(crate) async fn create(
        &self,
        context: &Context,
        new: &NewTask,
        repeatable: Option<&Repeatable>,
    ) -> Result<Task, ApiError> {
        self.kit
            .change_once(context, repeatable, async |mut work| {
                let zone = super::zone::of_due(&work, new.due.as_ref()).await?;
                let (owner, now) = (work.user().clone(), work.now());
                let change = Task::create(new.clone(), owner, &zone, now, work.ids())
                    .map_err(|violations| violations.scoped("task"))?;
                work.tx().task_record(&change).await?;
                work.record(&change);
                Ok(Changed {
                    work,
                    task: change.after,
                })
            })
            .await
    }
}
