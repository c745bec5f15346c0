use domain::recurrence::{RecurrenceMode, RecurrenceRule};
use domain::{DueInput, PageLimits, PageSize, TaskId, ValueError, Violations};
use jiff::civil::Date;

use super::{id, task_fields};
use crate::convert::{complete, take};
use crate::v1;
use crate::v1::preview_occurrences_request::Source;

/// `PreviewOccurrences`: whose occurrences, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewOccurrences {
    /// Whose occurrences.
    pub source: PreviewSource,
    /// How many, at most.
    pub count: PageSize,
}

/// Whose occurrences are computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviewSource {
    /// Those of a stored task.
    Task(TaskId),
    /// Those of a task that is still being written.
    Draft {
        /// Its due.
        due: Option<DueInput>,
        /// Its rule.
        rule: Option<RecurrenceRule>,
        /// Its mode.
        mode: Option<RecurrenceMode>,
        /// The last date on which an occurrence may fall.
        end_date: Option<Date>,
    },
}

impl TryFrom<v1::PreviewOccurrencesRequest> for PreviewOccurrences {
    type Error = Violations;

    fn try_from(request: v1::PreviewOccurrencesRequest) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let source = match &request.source {
            None => violations.take("source", Err("must be a task_id or a draft")),
            Some(Source::TaskId(task)) => {
                id(&mut violations, "task_id", task).map(PreviewSource::Task)
            }
            Some(Source::Draft(task)) => take(
                &mut violations,
                draft(task).map_err(|others| others.scoped("draft")),
            ),
        };
        let count = violations.take("count", PageLimits::OCCURRENCES.choose(request.count));
        complete(violations, || {
            Some(Self {
                source: source?,
                count: count?,
            })
        })
    }
}

/// The violations name fields of the task.
fn draft(task: &v1::Task) -> Result<PreviewSource, Violations> {
    let mut violations = Violations::new();
    let due = task_fields::due(&mut violations, task);
    let rule = task_fields::rule(&mut violations, task);
    if task.recurring_rule.is_empty() {
        violations.add("recurring_rule", ValueError::Missing);
    }
    let mode = task_fields::mode(&mut violations, task);
    let end_date = task_fields::end_date(&mut violations, task);
    complete(violations, || {
        Some(PreviewSource::Draft {
            due: due?,
            rule: rule?,
            mode: mode?,
            end_date: end_date?,
        })
    })
}
