use domain::{
    Description, Etag, RequestId, SeriesScope, Tags, TaskField, TaskId, TaskPatch, Title,
    UpdateMask, ValueError, Violations,
};

use super::{etag, id, request_id, task_fields};
use crate::convert::{choice, complete, given_reminders, take};
use crate::v1;

/// `UpdateTask`: what changes in which task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateTask {
    /// The task to change.
    pub id: TaskId,
    /// The state that the client has seen, if it says.
    pub etag: Option<Etag>,
    /// The new values of the fields in the mask, and only of those.
    pub patch: TaskPatch,
    /// What a changed due means for the series.
    pub scope: SeriesScope,
    /// Makes the call safe to repeat.
    pub request_id: Option<RequestId>,
}

impl TryFrom<v1::UpdateTaskRequest> for UpdateTask {
    type Error = Violations;

    fn try_from(request: v1::UpdateTaskRequest) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let task = violations.take("task", request.task.ok_or(ValueError::Missing));
        // A mask without paths is what some clients send for none.
        let paths = request
            .update_mask
            .map(|mask| mask.paths)
            .unwrap_or_default();
        let mask = match &task {
            Some(task) if paths.is_empty() => Ok(UpdateMask::of(populated(task))),
            _ => UpdateMask::parse(paths),
        };
        // What else is wrong is told also where the mask is.
        let mask = take(&mut violations, mask).unwrap_or_else(|| UpdateMask::of([]));
        let fields = task.and_then(|task| {
            let fields = fields(&task, &mask).map_err(|violations| violations.scoped("task"));
            take(&mut violations, fields)
        });
        let scope = violations.take("series_scope", choice(request.series_scope));
        let request_id = request_id(&mut violations, &request.request_id);
        complete(violations, || {
            let (id, etag, patch) = fields?;
            Some(Self {
                id,
                etag,
                patch,
                scope: scope?.unwrap_or_default(),
                request_id: request_id?,
            })
        })
    }
}

/// Which task changes from which state to what. The violations name fields of the task.
fn fields(
    task: &v1::Task,
    mask: &UpdateMask<TaskField>,
) -> Result<(TaskId, Option<Etag>, TaskPatch), Violations> {
    let mut violations = Violations::new();
    let id = id(&mut violations, "id", &task.id);
    let etag = etag(&mut violations, "etag", &task.etag);
    let patch = take(&mut violations, patch(task, mask));
    complete(violations, || Some((id?, etag?, patch?)))
}

/// The fields that have another value than the one they have when they are not sent.
fn populated(task: &v1::Task) -> Vec<TaskField> {
    [
        (TaskField::Title, !task.title.is_empty()),
        (TaskField::Description, !task.description.is_empty()),
        (TaskField::Priority, task.priority != 0),
        (TaskField::Category, !task.category.is_empty()),
        (TaskField::Tags, !task.tags.is_empty()),
        (TaskField::Due, task.due.is_some()),
        (TaskField::RecurringRule, !task.recurring_rule.is_empty()),
        (TaskField::RecurrenceMode, task.recurrence_mode != 0),
        (
            TaskField::RecurringEndDate,
            task.recurring_end_date.is_some(),
        ),
        (TaskField::Reminders, !task.reminders.is_empty()),
    ]
    .into_iter()
    .filter_map(|(field, is_populated)| is_populated.then_some(field))
    .collect()
}

/// The new values of the masked fields. One that is masked and not sent gets the value that a new
/// task has where nothing is said.
fn patch(task: &v1::Task, mask: &UpdateMask<TaskField>) -> Result<TaskPatch, Violations> {
    let mut violations = Violations::new();
    let title = mask.masked(TaskField::Title, || {
        violations.take("title", Title::parse(&task.title))
    });
    let description = mask.masked(TaskField::Description, || {
        violations.take("description", Description::parse(&task.description))
    });
    let priority = mask.masked(TaskField::Priority, || {
        task_fields::priority(&mut violations, task)
    });
    let category = mask.masked(TaskField::Category, || {
        task_fields::category(&mut violations, task)
    });
    let tags = mask.masked(TaskField::Tags, || {
        take(&mut violations, Tags::parse(&task.tags))
    });
    let due = mask.masked(TaskField::Due, || task_fields::due(&mut violations, task));
    let rule = mask.masked(TaskField::RecurringRule, || {
        task_fields::rule(&mut violations, task)
    });
    let mode = mask.masked(TaskField::RecurrenceMode, || {
        task_fields::mode(&mut violations, task)
    });
    let end_date = mask.masked(TaskField::RecurringEndDate, || {
        task_fields::end_date(&mut violations, task)
    });
    let reminders = mask.masked(TaskField::Reminders, || {
        take(&mut violations, given_reminders(&task.reminders))
    });
    violations.into_result(TaskPatch {
        title: title.flatten(),
        description: description.flatten(),
        priority: priority.flatten().map(Option::unwrap_or_default),
        category: category.flatten().map(Option::unwrap_or_default),
        tags: tags.flatten(),
        due: due.flatten(),
        rule: rule.flatten(),
        mode: mode.flatten().map(Option::unwrap_or_default),
        end_date: end_date.flatten(),
        reminders: reminders.flatten(),
    })
}
