use std::str::FromStr;

use domain::recurrence::{Anchor, RecurrenceRule, TimeZoneName};
use domain::{Recurrence, ValueError, Violations};
use jiff::civil::{Date, DateTime, Time};

use super::{complete, date_from_wire, required_choice, take};
use crate::v1;

impl From<&Recurrence> for v1::SeriesPosition {
    fn from(recurrence: &Recurrence) -> Self {
        match &recurrence.anchor {
            Anchor::Timed { at, zone } => Self {
                anchor: at.to_string(),
                scheduled: recurrence.scheduled.to_string(),
                time_zone: zone.as_str().into(),
            },
            Anchor::AllDay { date } => Self {
                anchor: date.to_string(),
                scheduled: recurrence.scheduled.date().to_string(),
                time_zone: String::new(),
            },
        }
    }
}

/// How a task that Errand wrote comes back; `None` if it does not. The violations name fields of
/// the task.
pub(super) fn recurrence_from_wire(task: &v1::Task) -> Result<Option<Recurrence>, Violations> {
    if task.recurring_rule.is_empty() {
        return Ok(None);
    }
    let mut violations = Violations::new();
    let rule = task.recurring_rule.parse::<RecurrenceRule>();
    let rule = violations.take("recurring_rule", rule);
    let mode = violations.take("recurrence_mode", required_choice(task.recurrence_mode));
    let end_date = match task.recurring_end_date {
        None => Some(None),
        Some(date) => violations
            .take("recurring_end_date", date_from_wire(date))
            .map(Some),
    };
    let index = u32::try_from(task.occurrence_index).map_err(|_| ValueError::Negative);
    let index = violations.take("occurrence_index", index);
    let position = match &task.series_position {
        None => violations.take("series_position", Err(ValueError::Missing)),
        Some(position) => {
            let position = position_from_wire(position);
            take(
                &mut violations,
                position.map_err(|others| others.scoped("series_position")),
            )
        }
    };
    complete(violations, || {
        let (anchor, scheduled) = position?;
        Some(Recurrence {
            rule: rule?,
            mode: mode?,
            end_date: end_date?,
            anchor,
            index: index?,
            scheduled,
        })
    })
    .map(Some)
}

/// The anchor of a series and where it put the occurrence.
fn position_from_wire(position: &v1::SeriesPosition) -> Result<(Anchor, DateTime), Violations> {
    let mut violations = Violations::new();
    if position.time_zone.is_empty() {
        let date: Option<Date> = violations.take("anchor", calendar_text(&position.anchor));
        let scheduled: Option<Date> =
            violations.take("scheduled", calendar_text(&position.scheduled));
        complete(violations, || {
            Some((
                Anchor::AllDay { date: date? },
                scheduled?.to_datetime(Time::midnight()),
            ))
        })
    } else {
        let zone: Option<TimeZoneName> = violations.take("time_zone", position.time_zone.parse());
        let at: Option<DateTime> = violations.take("anchor", calendar_text(&position.anchor));
        let scheduled: Option<DateTime> =
            violations.take("scheduled", calendar_text(&position.scheduled));
        complete(violations, || {
            Some((
                Anchor::Timed {
                    at: at?,
                    zone: zone?,
                },
                scheduled?,
            ))
        })
    }
}

/// Reads a date or a local time in the one form in which Errand writes it.
fn calendar_text<T: FromStr + ToString>(text: &str) -> Result<T, &'static str> {
    text.parse()
        .ok()
        .filter(|value: &T| value.to_string() == text)
        .ok_or("must be a local time such as 2030-12-31T09:00:00, or a date where there is no zone")
}
