use domain::{Task, recurrence::TimeZoneName};
use proto::request::ListTasks;
use service_kit::{ApiError, Context, fitting};

use super::Tasks;

/// One page of a list.
#[derive(Debug)]
pub(crate) struct TaskPage {
    /// The tasks, in order.
    pub(crate) tasks: Vec<Task>,
    /// Opens the next page; `None` if this was the last.
    pub(crate) next_page_token: Option<String>,
}

impl Tasks {
    /// Reads the tasks that match, a page at a time.
    pub(crate) async fn list(
        &self,
        context: &Context,
        request: &ListTasks,
    ) -> Result<TaskPage, ApiError> {
        let user = &context.user;
        let token = request.page_token.as_deref().unwrap_or_default();
        let after = self
            .kit
            .open_page_token(user, &request.token_scope, token)?;
        let read = self.kit.read().await?;
        let zone = if request.needs_profile_zone() {
            read.profile_get(user).await?.time_zone
        } else {
            TimeZoneName::utc()
        };
        let filter = request.filter(&zone, self.kit.now())?;
        let size = request.page_size.get();
        // One more than is shown tells whether there is a next page.
        let limit = u32::try_from(size).unwrap_or(u32::MAX).saturating_add(1);
        let mut tasks = read
            .task_list(user, &filter, request.order, after.as_ref(), limit)
            .await?;
        let fitting = fitting(tasks.iter().map(text_bytes)).min(size);
        let has_more = fitting < tasks.len();
        tasks.truncate(fitting);
        let next_page_token = match tasks.last() {
            Some(last) if has_more => {
                let position = request.order.position(last);
                Some(self.kit.page_token(user, &request.token_scope, &position)?)
            }
            _ => None,
        };
        Ok(TaskPage {
            tasks,
            next_page_token,
        })
    }
}

/// The texts of a task that may be long.
fn text_bytes(task: &Task) -> usize {
    let tags: usize = task.tags.iter().map(str::len).sum();
    task.title.as_str().len() + task.description.as_str().len() + tags
}
