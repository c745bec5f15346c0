use domain::{SeriesScope, Task, TaskError, TaskPatch};
use service_kit::{ApiError, Changed, Context, Repeatable};

use super::Tasks;
use super::change::{Target, lock};

impl Tasks {
    /// Changes the fields that the patch names.
    pub(crate) async fn update(
        &self,
        context: &Context,
        target: &Target,
        patch: &TaskPatch,
        scope: SeriesScope,
        repeatable: Option<&Repeatable>,
    ) -> Result<Task, ApiError> {
        self.kit
            .change_once(context, repeatable, async |mut work| {
                let task = lock(&work, target).await?;
                let due = patch.due.as_ref().and_then(Option::as_ref);
                let zone = super::zone::of_due(&work, due).await?;
                let unchanged = task.clone();
                let now = work.now();
                let change = task
                    .update(patch.clone(), scope, &zone, now, work.ids())
                    .map_err(in_request)?;
                let task = match change {
                    None => unchanged,
                    Some(change) => {
                        work.tx().task_record(&change).await?;
                        work.record(&change);
                        change.after
                    }
                };
                Ok(Changed { work, task })
            })
            .await
    }
}

/// Violations name fields of the request, not of the task alone.
fn in_request(error: TaskError) -> TaskError {
    match error {
        TaskError::Violations(violations) => violations.scoped("task").into(),
        error => error,
    }
}
