use jiff::Timestamp;
use jiff::civil::Date;

use super::create::accept_due;
use super::series::{SeriesFields, check_series};
use super::{Change, ChangeKind, Recurrence, Task, TaskError};
use crate::recurrence::{RecurrenceMode, RecurrenceRule, TimeZoneName};
use crate::reminder::ReminderPlan;
use crate::{
    Category, Description, Due, DueInput, MaskField, NewIds, Priority, ReminderInput, Tags, Title,
    Violations,
};

/// New values of a task's fields. `None` leaves a field as it is; where there are two `Option`s the
/// outer one says whether the field is named, and the inner one is its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskPatch {
    /// What has to be done.
    pub title: Option<Title>,
    /// Anything more there is to say.
    pub description: Option<Description>,
    /// How much it matters.
    pub priority: Option<Priority>,
    /// What area of life it belongs to.
    pub category: Option<Category>,
    /// Its labels.
    pub tags: Option<Tags>,
    /// When it has to be done.
    pub due: Option<Option<DueInput>>,
    /// How it comes back. Without a rule the task leaves its series: mode, end date, parent and
    /// place in the series go too.
    pub rule: Option<Option<RecurrenceRule>>,
    /// Which occurrence follows a completed one.
    pub mode: Option<RecurrenceMode>,
    /// The last local date on which an occurrence may fall.
    pub end_date: Option<Option<Date>>,
    /// When the user wants to be told of it: all of its reminders.
    pub reminders: Option<Vec<ReminderInput>>,
}

/// A field of a task that an edit can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskField {
    /// `title`
    Title,
    /// `description`
    Description,
    /// `priority`
    Priority,
    /// `category`
    Category,
    /// `tags`
    Tags,
    /// `due`
    Due,
    /// `recurring_rule`
    RecurringRule,
    /// `recurrence_mode`
    RecurrenceMode,
    /// `recurring_end_date`
    RecurringEndDate,
    /// `reminders`
    Reminders,
}

/// What a changed due of a recurring task means for its series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SeriesScope {
    /// The series goes on from the new due.
    #[default]
    ThisAndFollowing,
    /// Only this occurrence moves; those that follow stay where the series had them.
    ThisOccurrence,
}

impl Task {
    /// Changes the fields that the patch names, and what follows from them. `None` if nothing
    /// changes: version and `updated_at` then stay as they are.
    ///
    /// A new rule begins its series anew at the due, counting from 0; a due edited for this and
    /// what follows is where the series goes on, counting on. The violations are those of
    /// [`Task::create`], also `due` where it is needed and would go, and `reminders[i].id`.
    pub fn update(
        self,
        patch: TaskPatch,
        scope: SeriesScope,
        profile_zone: &TimeZoneName,
        now: Timestamp,
        ids: &mut dyn NewIds,
    ) -> Result<Option<Change>, TaskError> {
        self.refuse_deleted()?;
        let mut violations = Violations::new();
        let due = match patch.due {
            None => self.due.clone(),
            Some(given) => {
                given.map(|given| accept_due(given.in_zone(profile_zone), &mut violations))
            }
        };
        let fields = self.series_fields(patch.rule.clone(), patch.mode, patch.end_date);
        if due.is_none() && patch.rule.is_none() && fields.rule.is_some() {
            violations.add("due", "must stay while the task recurs");
        } else {
            check_series(&fields, due.as_ref(), &mut violations);
        }
        let plan = match &patch.reminders {
            Some(given) => {
                ReminderPlan::of_given(given, &self.reminders, due.as_ref(), &mut violations)
            }
            None => ReminderPlan::of_kept(&self.reminders, due.as_ref(), &mut violations),
        };
        violations.into_result(())?;

        let recurrence = fields.rule.zip(due.as_ref()).map(|(rule, due)| {
            let mode = fields.mode.unwrap_or_default();
            self.recurrence_after(rule, mode, fields.end_date, due, scope)
        });
        let before = self.clone();
        let mut after = Task {
            title: patch.title.unwrap_or(self.title),
            description: patch.description.unwrap_or(self.description),
            priority: patch.priority.unwrap_or(self.priority),
            category: patch.category.unwrap_or(self.category),
            tags: patch.tags.unwrap_or(self.tags),
            reminders: plan.arm(before.due.as_ref(), ids),
            // Without a rule it is in no series.
            parent_task_id: self.parent_task_id.filter(|_| recurrence.is_some()),
            due,
            recurrence,
            ..before.clone()
        };
        if after == before {
            return Ok(None);
        }
        after = after.next_version(now);
        Ok(Some(Change {
            before: Some(before),
            after,
            kind: ChangeKind::Updated,
        }))
    }

    #[expect(clippy::option_option, reason = "the fields of a patch, see there")]
    fn series_fields(
        &self,
        rule: Option<Option<RecurrenceRule>>,
        mode: Option<RecurrenceMode>,
        end_date: Option<Option<Date>>,
    ) -> SeriesFields {
        let present = self.recurrence.as_ref();
        let rule = rule.unwrap_or_else(|| present.map(|series| series.rule.clone()));
        // A rule that goes takes with it what only qualified it.
        let present = present.filter(|_| rule.is_some());
        SeriesFields {
            mode: mode.or_else(|| present.map(|series| series.mode)),
            end_date: end_date.unwrap_or_else(|| present.and_then(|series| series.end_date)),
            rule,
        }
    }

    fn recurrence_after(
        &self,
        rule: RecurrenceRule,
        mode: RecurrenceMode,
        end_date: Option<Date>,
        due: &Due,
        scope: SeriesScope,
    ) -> Recurrence {
        match &self.recurrence {
            Some(present) if present.rule == rule => {
                let same = Recurrence {
                    mode,
                    end_date,
                    ..present.clone()
                };
                let moves_series =
                    self.due.as_ref() != Some(due) && scope == SeriesScope::ThisAndFollowing;
                if moves_series {
                    same.anchored_at(due)
                } else {
                    same
                }
            }
            _ => Recurrence::begin(rule, mode, end_date, due),
        }
    }
}

impl MaskField for TaskField {
    const ALL: &'static [Self] = &[
        Self::Title,
        Self::Description,
        Self::Priority,
        Self::Category,
        Self::Tags,
        Self::Due,
        Self::RecurringRule,
        Self::RecurrenceMode,
        Self::RecurringEndDate,
        Self::Reminders,
    ];

    const IGNORED: &'static [&'static str] = &[
        "id",
        "status",
        "parent_task_id",
        "occurrence_index",
        "predecessor_task_id",
        "successor_task_id",
        "series_position",
        "created_at",
        "updated_at",
        "completed_at",
        "deleted_at",
        "purge_at",
        "version",
        "etag",
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Priority => "priority",
            Self::Category => "category",
            Self::Tags => "tags",
            Self::Due => "due",
            Self::RecurringRule => "recurring_rule",
            Self::RecurrenceMode => "recurrence_mode",
            Self::RecurringEndDate => "recurring_end_date",
            Self::Reminders => "reminders",
        }
    }
}
