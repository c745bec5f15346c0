use async_trait::async_trait;
use domain::Task;
use service_kit::{Handle, HandleError, Received, TaskCompleted, UnitOfWork};

/// Makes the task that follows a completed one in its series.
///
/// What counts is the task as it is now, not as the event has it: while the event was on its way the
/// task may have been reopened, completed again, or purged. Its row is locked, so that whoever
/// reopens it either comes first, and nothing follows, or finds the successor and takes it back. A
/// task in the trash still has a successor: it was done before it was put there.
///
/// Handled twice, the second time finds the link to the successor; the unique key on the
/// predecessor holds that in the database, too.
#[derive(Debug, Clone, Copy)]
pub struct MakeNextOccurrence;

#[async_trait]
impl Handle<TaskCompleted> for MakeNextOccurrence {
    async fn handle(
        &self,
        completed: &Task,
        _received: &Received<'_>,
        work: &mut UnitOfWork,
    ) -> Result<(), HandleError> {
        let user = work.user().clone();
        let Some(task) = work.tx().task_get_for_update(&user, completed.id).await? else {
            return Ok(());
        };
        let now = work.now();
        let Some((predecessor, created)) = task.successor(now, work.ids()) else {
            return Ok(());
        };
        work.tx().task_insert(&created.after).await?;
        work.tx().task_successor_link(&predecessor).await?;
        work.record(&created);
        tracing::info!(task = %created.after.id, predecessor = %predecessor.id, "made the next occurrence");
        Ok(())
    }
}
