use jiff::Timestamp;
use jiff::civil::Date;

use super::create::accept_due;
use super::series::{SeriesFields, check_series};
use super::{Recurrence, Task, TaskError};
use crate::recurrence::{EndReason, RecurrenceMode, RecurrenceRule, TimeZoneName};
use crate::{Due, DueInput, PageSize, Violations};

/// When a recurring task falls due next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Each with its place in the series, in order of time.
    pub occurrences: Vec<(u32, Due)>,
    /// Whether the series ends with the last of them.
    pub ends: bool,
}

impl Preview {
    /// What comes after a stored task, were it completed at `now`, or after its completion; each
    /// further one as if its predecessor was completed when it was due.
    pub fn of_task(task: &Task, now: Timestamp, count: PageSize) -> Result<Self, TaskError> {
        let (Some(recurrence), Some(due)) = (&task.recurrence, &task.due) else {
            return Err(TaskError::NotRecurring);
        };
        let completed_at = task.completed_at().unwrap_or(now);
        Ok(Self::after(
            Vec::new(),
            recurrence.clone(),
            due,
            completed_at,
            count,
        ))
    }

    /// What a task would do that is still being written, from its first occurrence on. The
    /// violations are those of [`Task::create`]; a rule is required.
    pub fn of_draft(
        due: Option<DueInput>,
        rule: Option<RecurrenceRule>,
        mode: Option<RecurrenceMode>,
        end_date: Option<Date>,
        profile_zone: &TimeZoneName,
        count: PageSize,
    ) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let due = due.map(|due| accept_due(due.in_zone(profile_zone), &mut violations));
        let fields = SeriesFields {
            rule,
            mode,
            end_date,
        };
        check_series(&fields, due.as_ref(), &mut violations);
        violations.into_result(())?;
        let Some((rule, due)) = fields.rule.zip(due) else {
            return Err(Violations::one("recurring_rule", "is required"));
        };
        let mode = fields.mode.unwrap_or_default();
        let recurrence = Recurrence::begin(rule, mode, fields.end_date, &due);
        let completed_at = due.starts_at();
        let first = vec![(recurrence.index, due.clone())];
        Ok(Self::after(first, recurrence, &due, completed_at, count))
    }

    fn after(
        mut occurrences: Vec<(u32, Due)>,
        mut recurrence: Recurrence,
        due: &Due,
        mut completed_at: Timestamp,
        count: PageSize,
    ) -> Self {
        let mut due = due.clone();
        loop {
            let next: Result<_, EndReason> = recurrence.next(completed_at, due.zone());
            let Ok((occurrence, next_due)) = next else {
                return Self {
                    occurrences,
                    ends: true,
                };
            };
            if occurrences.len() >= count.get() {
                return Self {
                    occurrences,
                    ends: false,
                };
            }
            recurrence = recurrence.at(&occurrence);
            completed_at = next_due.starts_at();
            occurrences.push((occurrence.index, next_due.clone()));
            due = next_due;
        }
    }
}
