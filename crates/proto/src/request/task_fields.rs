//! The fields of a task that a client may write. Each violation names its field of the task.

use domain::recurrence::{RecurrenceMode, RecurrenceRule, RuleError};
use domain::{Category, DueInput, Priority, ValueError, Violations};
use jiff::civil::Date;

use crate::convert::{choice, given_date, given_due, take};
use crate::v1;

/// A field that may be absent: the outer `Option` says whether it could be read.
pub(super) type Given<T> = Option<Option<T>>;

pub(super) fn priority(violations: &mut Violations, task: &v1::Task) -> Given<Priority> {
    violations.take("priority", choice(task.priority))
}

pub(super) fn category(violations: &mut Violations, task: &v1::Task) -> Given<Category> {
    let category = if task.category.is_empty() {
        Ok::<_, ValueError>(None)
    } else {
        Category::parse(&task.category).map(Some)
    };
    violations.take("category", category)
}

pub(super) fn due(violations: &mut Violations, task: &v1::Task) -> Given<DueInput> {
    take(
        violations,
        task.due
            .as_ref()
            .map(|due| given_due(due, "due"))
            .transpose(),
    )
}

pub(super) fn rule(violations: &mut Violations, task: &v1::Task) -> Given<RecurrenceRule> {
    let rule = if task.recurring_rule.is_empty() {
        Ok::<_, RuleError>(None)
    } else {
        task.recurring_rule.parse().map(Some)
    };
    violations.take("recurring_rule", rule)
}

pub(super) fn mode(violations: &mut Violations, task: &v1::Task) -> Given<RecurrenceMode> {
    violations.take("recurrence_mode", choice(task.recurrence_mode))
}

pub(super) fn end_date(violations: &mut Violations, task: &v1::Task) -> Given<Date> {
    let end_date = task.recurring_end_date.map(given_date).transpose();
    violations.take("recurring_end_date", end_date)
}
