use jiff::Timestamp;
use jiff::civil::Date;

use super::series::{SeriesFields, check_series};
use super::{Change, ChangeKind, Recurrence, Status, Task};
use crate::recurrence::{RecurrenceMode, RecurrenceRule, TimeZoneName};
use crate::reminder::ReminderPlan;
use crate::{
    Category, Description, Due, DueInput, NewIds, Priority, ReminderInput, Tags, Title, UserId,
    Violations,
};

/// A task as its owner first writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// What has to be done.
    pub title: Title,
    /// Anything more there is to say.
    pub description: Description,
    /// How much it matters; medium if it was not said.
    pub priority: Option<Priority>,
    /// What area of life it belongs to; `other` if it was not said.
    pub category: Option<Category>,
    /// Its labels.
    pub tags: Tags,
    /// When it has to be done.
    pub due: Option<DueInput>,
    /// How it comes back. Needs a due.
    pub rule: Option<RecurrenceRule>,
    /// Which occurrence follows a completed one; the first after this one and the completion if
    /// it was not said. Anything else needs a rule.
    pub mode: Option<RecurrenceMode>,
    /// The last local date on which an occurrence may fall. Needs a rule.
    pub end_date: Option<Date>,
    /// When the user wants to be told of it.
    pub reminders: Vec<ReminderInput>,
}

impl NewTask {
    /// A task of which only the title is said.
    pub fn titled(title: Title) -> Self {
        Self {
            title,
            description: Description::default(),
            priority: None,
            category: None,
            tags: Tags::default(),
            due: None,
            rule: None,
            mode: None,
            end_date: None,
            reminders: Vec::new(),
        }
    }
}

impl Task {
    /// Makes a task of `owner`, whose zone is that of a due without one.
    ///
    /// The violations name `due.date`, `due.time`, `recurring_rule`, `recurrence_mode`,
    /// `recurring_end_date`, `reminders` and `reminders[i]` with `.time` or `.before_due`.
    pub fn create(
        new: NewTask,
        owner: UserId,
        profile_zone: &TimeZoneName,
        now: Timestamp,
        ids: &mut dyn NewIds,
    ) -> Result<Change, Violations> {
        let mut violations = Violations::new();
        let due = new
            .due
            .map(|due| accept_due(due.in_zone(profile_zone), &mut violations));
        let fields = SeriesFields {
            rule: new.rule,
            mode: new.mode,
            end_date: new.end_date,
        };
        check_series(&fields, due.as_ref(), &mut violations);
        let plan = ReminderPlan::of_new(&new.reminders, due.as_ref(), &mut violations);
        violations.into_result(())?;

        let after = Task {
            id: ids.task_id(),
            user_id: owner,
            title: new.title,
            description: new.description,
            priority: new.priority.unwrap_or_default(),
            category: new.category.unwrap_or_default(),
            status: Status::Pending,
            tags: new.tags,
            recurrence: fields.rule.zip(due.as_ref()).map(|(rule, due)| {
                Recurrence::begin(rule, fields.mode.unwrap_or_default(), fields.end_date, due)
            }),
            reminders: plan.arm(None, ids),
            due,
            parent_task_id: None,
            predecessor_task_id: None,
            successor_task_id: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        };
        Ok(Change {
            before: None,
            after,
            kind: ChangeKind::Created,
        })
    }
}

/// The due as it may be stored. One that may not be is noted, and still stands for a due in the
/// checks of what needs one.
pub(super) fn accept_due(due: Due, violations: &mut Violations) -> Due {
    match due.clone().accept() {
        Ok(accepted) => accepted,
        Err((field, error)) => {
            violations.add(field, error);
            due
        }
    }
}
