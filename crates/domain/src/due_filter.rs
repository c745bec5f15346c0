use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::recurrence::TimeZoneName;
use crate::{Due, Violations, accept_date};

/// When the tasks of a list are due.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DueFilter {
    /// Only tasks without a due.
    Undated,
    /// Only tasks with a due, within bounds.
    Dated(DueRange),
}

/// Days on which tasks are due. A task due at a moment falls on the day it has in `zone`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DueRange {
    /// The first day.
    pub first_date: Option<Date>,
    /// The last day, itself included.
    pub last_date: Option<Date>,
    /// The zone in which days are counted.
    pub zone: TimeZoneName,
    /// Only pending tasks whose due has passed at this moment.
    pub overdue_at: Option<Timestamp>,
}

/// A due filter as a request has it. All empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DueFilterInput {
    /// The first day.
    pub first_date: Option<Date>,
    /// The last day, itself included.
    pub last_date: Option<Date>,
    /// The zone in which days are counted, if one was given.
    pub zone: Option<TimeZoneName>,
    /// Only pending tasks whose due has passed.
    pub overdue: bool,
    /// Only tasks without a due.
    pub undated: bool,
}

impl DueFilter {
    /// Checks a filter; `None` if it asks for nothing. Days are counted in `profile_zone` if no
    /// zone was given. The violations name `first_date`, `last_date` and `undated`.
    pub fn parse(
        input: DueFilterInput,
        profile_zone: &TimeZoneName,
        now: Timestamp,
    ) -> Result<Option<Self>, Violations> {
        let mut violations = Violations::new();
        for (field, date) in [
            ("first_date", input.first_date),
            ("last_date", input.last_date),
        ] {
            if let Some(date) = date {
                violations.take(field, accept_date(date));
            }
        }
        if let (Some(first), Some(last)) = (input.first_date, input.last_date)
            && last < first
        {
            violations.add("last_date", "must not be before first_date");
        }
        let dated = input.first_date.is_some() || input.last_date.is_some() || input.overdue;
        if input.undated && (dated || input.zone.is_some()) {
            violations.add("undated", "must not be set together with other fields");
        }
        violations.into_result(())?;
        Ok(if input.undated {
            Some(Self::Undated)
        } else if dated {
            Some(Self::Dated(DueRange {
                first_date: input.first_date,
                last_date: input.last_date,
                zone: input.zone.unwrap_or_else(|| profile_zone.clone()),
                overdue_at: input.overdue.then_some(now),
            }))
        } else {
            None
        })
    }

    /// Whether a task with this due, pending or not, is meant.
    pub fn matches(&self, due: Option<&Due>, is_pending: bool) -> bool {
        match (self, due) {
            (Self::Undated, due) => due.is_none(),
            (Self::Dated(_), None) => false,
            (Self::Dated(range), Some(due)) => range.matches(due, is_pending),
        }
    }
}

impl DueRange {
    /// The first instant of the first day: where moments begin that are meant.
    pub fn starts_at(&self) -> Option<Timestamp> {
        self.first_date.map(|date| self.midnight(date))
    }

    /// The first instant after the last day: where moments are no longer meant.
    pub fn ends_before(&self) -> Option<Timestamp> {
        self.last_date
            .map(|date| self.midnight(date.tomorrow().unwrap_or(Date::MAX)))
    }

    fn matches(&self, due: &Due, is_pending: bool) -> bool {
        let within = match due {
            Due::AllDay { date, .. } => {
                self.first_date.is_none_or(|first| first <= *date)
                    && self.last_date.is_none_or(|last| *date <= last)
            }
            Due::At { time, .. } => {
                self.starts_at().is_none_or(|start| start <= *time)
                    && self.ends_before().is_none_or(|end| *time < end)
            }
        };
        within
            && self
                .overdue_at
                .is_none_or(|now| is_pending && due.has_passed(now, &self.zone))
    }

    fn midnight(&self, date: Date) -> Timestamp {
        // The dates of a filter are centuries away from the end of the calendar.
        self.zone
            .instant(date.to_datetime(Time::midnight()))
            .unwrap_or(Timestamp::MAX)
    }
}
