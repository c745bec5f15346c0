use domain::{
    Category, Description, Due, Priority, Recurrence, Status, StatusKind, Tags, Task, TaskId,
    Title, UserId, ValueError, Violations,
};
use jiff::SignedDuration;

use super::reminder::reminder_from_wire;
use super::series::recurrence_from_wire;
use super::{complete, due_from_wire, moment, optional_moment, required_choice, take};
use crate::{v1, wkt};

/// What an answer tells beside the stored state, because it follows from the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireContext {
    /// How long a task stays in the trash before it is purged.
    pub trash_retention: SignedDuration,
}

/// A task as an answer has it: with the time at which it is purged.
pub fn task_to_wire(task: &Task, context: &WireContext) -> v1::Task {
    let purge_at = task
        .deleted_at
        .and_then(|time| time.checked_add(context.trash_retention).ok());
    v1::Task {
        purge_at: purge_at.map(wkt::Timestamp::from),
        ..v1::Task::from(task)
    }
}

impl From<&Task> for v1::Task {
    /// A task as an event has it: without `purge_at`.
    fn from(task: &Task) -> Self {
        let recurrence = task.recurrence.as_ref();
        Self {
            id: task.id.to_string(),
            title: task.title.as_str().into(),
            description: task.description.as_str().into(),
            priority: v1::Priority::from(task.priority).into(),
            category: task.category.as_str().into(),
            status: v1::TaskStatus::from(task.status.kind()).into(),
            tags: task.tags.iter().map(String::from).collect(),
            due: task.due.as_ref().map(v1::Due::from),
            recurring_rule: recurrence
                .map(|recurrence| recurrence.rule.to_string())
                .unwrap_or_default(),
            recurrence_mode: recurrence
                .map_or(v1::RecurrenceMode::Unspecified, |recurrence| {
                    recurrence.mode.into()
                })
                .into(),
            recurring_end_date: recurrence
                .and_then(|recurrence| recurrence.end_date)
                .map(Into::into),
            parent_task_id: text(task.parent_task_id),
            // An index counts days at most, and the calendar has four million.
            occurrence_index: recurrence.map_or(0, |recurrence| {
                i32::try_from(recurrence.index).unwrap_or(i32::MAX)
            }),
            successor_task_id: text(task.successor_task_id),
            reminders: task.reminders.iter().map(v1::Reminder::from).collect(),
            created_at: Some(task.created_at.into()),
            updated_at: Some(task.updated_at.into()),
            completed_at: task.completed_at().map(wkt::Timestamp::from),
            deleted_at: task.deleted_at.map(wkt::Timestamp::from),
            purge_at: None,
            version: task.version,
            etag: task.etag().as_str().into(),
            predecessor_task_id: text(task.predecessor_task_id),
            series_position: recurrence.map(v1::SeriesPosition::from),
        }
    }
}

/// A task of `owner` that Errand wrote, in an event. The violations name fields of the task.
///
/// `etag` follows from the version and `purge_at` from the configuration: neither is read.
pub fn task_from_wire(task: &v1::Task, owner: &UserId) -> Result<Task, Violations> {
    let mut violations = Violations::new();
    let id: Option<TaskId> = violations.take("id", task.id.parse());
    let title = violations.take("title", Title::parse(&task.title));
    let description = violations.take("description", Description::parse(&task.description));
    let priority: Option<Priority> = violations.take("priority", required_choice(task.priority));
    let category = violations.take("category", Category::parse(&task.category));
    let status = take(&mut violations, status_from_wire(task));
    let tags = take(&mut violations, Tags::parse(&task.tags));
    let due = task
        .due
        .as_ref()
        .map(|due| due_from_wire(due, "due"))
        .transpose();
    let due: Option<Option<Due>> = take(&mut violations, due);
    let recurrence: Option<Option<Recurrence>> = take(&mut violations, recurrence_from_wire(task));
    let mut reminders = Vec::with_capacity(task.reminders.len());
    for (position, reminder) in task.reminders.iter().enumerate() {
        let reminder = reminder_from_wire(reminder, &format!("reminders[{position}]"));
        reminders.extend(take(&mut violations, reminder));
    }
    let mut related = |field, id: &str| {
        if id.is_empty() {
            Some(None)
        } else {
            violations.take(field, id.parse()).map(Some)
        }
    };
    let parent_task_id = related("parent_task_id", &task.parent_task_id);
    let predecessor_task_id = related("predecessor_task_id", &task.predecessor_task_id);
    let successor_task_id = related("successor_task_id", &task.successor_task_id);
    let created_at = violations.take("created_at", moment(task.created_at));
    let updated_at = violations.take("updated_at", moment(task.updated_at));
    let deleted_at = violations.take("deleted_at", optional_moment(task.deleted_at));
    let version = (task.version >= 1)
        .then_some(task.version)
        .ok_or("must be 1 or more");
    let version = violations.take("version", version);
    complete(violations, || {
        Some(Task {
            id: id?,
            user_id: owner.clone(),
            title: title?,
            description: description?,
            priority: priority?,
            category: category?,
            status: status?,
            tags: tags?,
            due: due?,
            recurrence: recurrence?,
            reminders,
            parent_task_id: parent_task_id?,
            predecessor_task_id: predecessor_task_id?,
            successor_task_id: successor_task_id?,
            created_at: created_at?,
            updated_at: updated_at?,
            deleted_at: deleted_at?,
            version: version?,
        })
    })
}

/// The status, with the time of completion exactly where there is one.
fn status_from_wire(task: &v1::Task) -> Result<Status, Violations> {
    let status = required_choice(task.status).map_err(|error| Violations::one("status", error))?;
    match (status, task.completed_at) {
        (StatusKind::Pending, None) => Ok(Status::Pending),
        (StatusKind::Pending, Some(_)) => Err(Violations::one(
            "completed_at",
            "must not be there while the task is pending",
        )),
        (StatusKind::Completed, None) => Err(Violations::one("completed_at", ValueError::Missing)),
        (StatusKind::Completed, at) => moment(at)
            .map(|at| Status::Completed { at })
            .map_err(|error| Violations::one("completed_at", error)),
    }
}

/// The id of a task that may not be there, empty if it is not.
fn text(id: Option<TaskId>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}
