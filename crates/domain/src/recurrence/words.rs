//! The dates of the four words: steps from the anchor.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::rule::Frequency;

/// The dates anchor, anchor + 1 unit, anchor + 2 units, …, each clamped to its month's end.
///
/// Always counted from the anchor and never from the date before, so that a clamped date does not
/// drag the later ones with it.
#[derive(Clone, Debug)]
pub(super) struct WordDates {
    anchor: Date,
    unit: Frequency,
    /// The step that comes next.
    step: i64,
    examined: u64,
}

impl WordDates {
    pub(super) fn new(unit: Frequency, anchor: Date) -> Self {
        Self {
            anchor,
            unit,
            step: 0,
            examined: 0,
        }
    }

    /// The date that `next` will give.
    pub(super) fn peek(&mut self) -> Option<Date> {
        self.at(self.step)
    }

    pub(super) fn next(&mut self) -> Option<Date> {
        let date = self.at(self.step)?;
        self.step += 1;
        Some(date)
    }

    /// The date that comes `index` dates after the next one.
    pub(super) fn nth(&mut self, index: u32) -> Option<Date> {
        self.step += i64::from(index);
        self.next()
    }

    /// Leaves out what lies before `date` and says how many dates that were.
    pub(super) fn seek(&mut self, date: Date) -> u32 {
        let before = self.step;
        // Every step before lies in an earlier day, week, month or year than `date`.
        self.step = before.max(self.whole_units_until(date));
        while self.at(self.step).is_some_and(|at| at < date) {
            self.step += 1;
        }
        u32::try_from(self.step - before).unwrap_or(u32::MAX)
    }

    /// How many dates were computed: what the work costs.
    pub(super) fn examined(&self) -> u64 {
        self.examined
    }

    fn at(&mut self, step: i64) -> Option<Date> {
        self.examined += 1;
        let span = match self.unit {
            Frequency::Daily => Span::new().try_days(step),
            Frequency::Weekly => Span::new().try_weeks(step),
            Frequency::Monthly => Span::new().try_months(step),
            Frequency::Yearly => Span::new().try_years(step),
        };
        self.anchor.checked_add(span.ok()?).ok()
    }

    fn whole_units_until(&self, date: Date) -> i64 {
        let days = days_between(self.anchor, date);
        match self.unit {
            Frequency::Daily => days,
            Frequency::Weekly => days.div_euclid(7),
            Frequency::Monthly => months_between(self.anchor, date),
            Frequency::Yearly => i64::from(date.year()) - i64::from(self.anchor.year()),
        }
    }
}

/// The days from one date to another, negative where the second is earlier.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// The months from the month of one date to the month of another.
pub(super) fn months_between(from: Date, to: Date) -> i64 {
    let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    months(to) - months(from)
}

/// `date` moved by `days`; `None` outside the calendar.
pub(super) fn plus_days(date: Date, days: i64) -> Option<Date> {
    date.checked_add(0.days().try_days(days).ok()?).ok()
}
