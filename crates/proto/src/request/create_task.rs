use domain::{Description, NewTask, RequestId, Tags, Title, ValueError, Violations};

use super::{request_id, task_fields};
use crate::convert::{complete, given_reminders, take};
use crate::v1;

/// `CreateTask`: a task to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTask {
    /// The task to make.
    pub task: NewTask,
    /// Makes the call safe to repeat.
    pub request_id: Option<RequestId>,
}

impl TryFrom<v1::CreateTaskRequest> for CreateTask {
    type Error = Violations;

    fn try_from(request: v1::CreateTaskRequest) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let task = request
            .task
            .ok_or_else(|| Violations::one("task", ValueError::Missing));
        let task =
            task.and_then(|task| new_task(&task).map_err(|violations| violations.scoped("task")));
        let task = take(&mut violations, task);
        let request_id = request_id(&mut violations, &request.request_id);
        complete(violations, || {
            Some(Self {
                task: task?,
                request_id: request_id?,
            })
        })
    }
}

fn new_task(task: &v1::Task) -> Result<NewTask, Violations> {
    let mut violations = Violations::new();
    let title = violations.take("title", Title::parse(&task.title));
    let description = violations.take("description", Description::parse(&task.description));
    let priority = task_fields::priority(&mut violations, task);
    let category = task_fields::category(&mut violations, task);
    let tags = take(&mut violations, Tags::parse(&task.tags));
    let due = task_fields::due(&mut violations, task);
    let rule = task_fields::rule(&mut violations, task);
    let mode = task_fields::mode(&mut violations, task);
    let end_date = task_fields::end_date(&mut violations, task);
    let reminders = take(&mut violations, given_reminders(&task.reminders));
    complete(violations, || {
        Some(NewTask {
            title: title?,
            description: description?,
            priority: priority?,
            category: category?,
            tags: tags?,
            due: due?,
            rule: rule?,
            mode: mode?,
            end_date: end_date?,
            reminders: reminders?,
        })
    })
}
