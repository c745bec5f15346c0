//! What every change of one stored task has in common.

use domain::{Change, Etag, Task, TaskError, TaskId};
use service_kit::{ApiError, Changed, Context, Repeatable, UnitOfWork};

use super::Tasks;

/// What a transition makes of a task: a change, or nothing where there is nothing to change.
type Outcome = Result<Option<Change>, TaskError>;

/// Which task a request is about, and how sure it wants to be.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The task.
    pub(crate) id: TaskId,
    /// The state that the client has seen, if it says.
    pub(crate) etag: Option<Etag>,
}

impl Tasks {
    /// Locks the task, lets `transition` decide what becomes of it, and stores that with its events.
    pub(super) async fn change(
        &self,
        context: &Context,
        target: &Target,
        repeatable: Option<&Repeatable>,
        transition: impl Fn(Task, &mut UnitOfWork) -> Outcome + Sync,
    ) -> Result<Task, ApiError> {
        self.kit
            .change_once(context, repeatable, async |mut work| {
                let task = lock(&work, target).await?;
                let unchanged = task.clone();
                let task = match transition(task, &mut work)? {
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

/// The task as it is now, which stays so until the transaction ends.
pub(super) async fn lock(work: &UnitOfWork, target: &Target) -> Result<Task, ApiError> {
    let task = work
        .tx()
        .task_get_for_update(work.user(), target.id)
        .await?;
    let task = task.ok_or_else(|| ApiError::not_found("task"))?;
    task.check_etag(target.etag.as_ref())?;
    Ok(task)
}
