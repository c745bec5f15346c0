//! The civil dates of a series, whatever kind of rule it has.

use jiff::civil::Date;

use super::period::Periods;
use super::rule::{CalendarRule, RecurrenceRule};
use super::words::WordDates;

/// The dates of a rule from its anchor onwards, ascending, the anchor first; without time of day,
/// zone or end.
#[derive(Clone, Debug)]
pub(super) enum Dates<'a> {
    Word(WordDates),
    Calendar(CalendarDates<'a>),
}

/// The anchor, and the dates after it that an RRULE names.
#[derive(Clone, Debug)]
pub(super) struct CalendarDates<'a> {
    periods: Periods<'a>,
    anchor: Date,
    /// What is known and not yet given, ascending from `place`.
    known: Vec<Date>,
    place: usize,
    /// The period that is expanded next; `None` where the rule will not fire again.
    period: Option<i64>,
    examined: u64,
}

impl<'a> Dates<'a> {
    /// The dates of `rule` on or after `from`, which may be before the anchor.
    pub(super) fn new(rule: &'a RecurrenceRule, anchor: Date, from: Date) -> Self {
        match rule {
            RecurrenceRule::Word(unit) => {
                let mut dates = WordDates::new(*unit, anchor);
                dates.seek(from);
                Self::Word(dates)
            }
            RecurrenceRule::Calendar(rule) => {
                Self::Calendar(CalendarDates::new(rule, anchor, from))
            }
        }
    }

    /// The date that `next` will give.
    pub(super) fn peek(&mut self) -> Option<Date> {
        match self {
            Self::Word(dates) => dates.peek(),
            Self::Calendar(dates) => dates.peek(),
        }
    }

    pub(super) fn next(&mut self) -> Option<Date> {
        match self {
            Self::Word(dates) => dates.next(),
            Self::Calendar(dates) => dates.next(),
        }
    }

    /// Leaves out what lies before `date` and says how many dates that were.
    pub(super) fn seek(&mut self, date: Date) -> u32 {
        match self {
            Self::Word(dates) => dates.seek(date),
            Self::Calendar(dates) => dates.seek(date),
        }
    }

    /// The date that comes `index` dates after the next one.
    pub(super) fn nth(&mut self, index: u32) -> Option<Date> {
        match self {
            Self::Word(dates) => dates.nth(index),
            Self::Calendar(dates) => {
                for _ in 0..index {
                    dates.next()?;
                }
                dates.next()
            }
        }
    }

    /// How many dates and periods were looked at so far: what the work costs.
    pub(super) fn examined(&self) -> u64 {
        match self {
            Self::Word(dates) => dates.examined(),
            Self::Calendar(dates) => dates.examined,
        }
    }
}

impl<'a> CalendarDates<'a> {
    fn new(rule: &'a CalendarRule, anchor: Date, from: Date) -> Self {
        let periods = Periods::new(rule, anchor);
        let mut dates = Self {
            periods,
            anchor,
            known: vec![anchor],
            place: 0,
            period: Some(0),
            examined: 0,
        };
        if from > anchor {
            dates.known.clear();
            dates.period = Some(periods.number_of(from));
            dates.seek(from);
        }
        dates
    }

    fn peek(&mut self) -> Option<Date> {
        if self.place == self.known.len() {
            self.expand();
        }
        self.known.get(self.place).copied()
    }

    fn next(&mut self) -> Option<Date> {
        let date = self.peek()?;
        self.place += 1;
        Some(date)
    }

    fn seek(&mut self, date: Date) -> u32 {
        let mut left_out = 0_u32;
        while self.peek().is_some_and(|next| next < date) {
            self.place += 1;
            left_out = left_out.saturating_add(1);
        }
        left_out
    }

    /// Finds the next period with a date after the anchor.
    fn expand(&mut self) {
        self.known.clear();
        self.place = 0;
        let Some(first) = self.period else { return };
        // The period of the anchor may have its dates before the anchor, and proves nothing.
        let last = first.saturating_add(i64::from(self.periods.cycle()));
        for period in first..=last {
            self.examined += 1;
            if self.periods.expand(period, &mut self.known).is_none() {
                break;
            }
            self.known.retain(|date| *date > self.anchor);
            self.examined += self.known.len() as u64;
            if !self.known.is_empty() {
                self.period = Some(period + 1);
                return;
            }
        }
        self.known.clear();
        self.period = None;
    }
}
