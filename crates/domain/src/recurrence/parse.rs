//! From the text of a rule to a rule, or to the part that is at fault.

use jiff::civil::Weekday;

use super::error::{RuleError, RuleProblem};
use super::rule::{
    CalendarRule, Frequency, MAX_COUNT, MAX_INTERVAL, MAX_RULE_LENGTH, RecurrenceRule, RuleLimit,
    WeekdayRule,
};
use super::text::WEEKDAYS;
use super::until::Until;

/// The name under which the whole rule is at fault.
const WHOLE: &str = "RRULE";

/// Parts of RFC 5545 that would need expansions of their own.
const UNSUPPORTED: [&str; 5] = ["BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO"];

/// The parts of an RRULE as they are found, before they are checked against each other.
#[derive(Default)]
struct Parts {
    frequency: Option<Frequency>,
    interval: Option<u16>,
    months: Option<Vec<i8>>,
    month_days: Option<Vec<i8>>,
    weekdays: Option<Vec<WeekdayRule>>,
    set_positions: Option<Vec<i16>>,
    count: Option<u32>,
    until: Option<Until>,
    week_start: Option<Weekday>,
}

/// One `NAME=value` part: what an error has to name.
#[derive(Clone, Copy)]
struct Part<'a> {
    name: &'a str,
    value: &'a str,
}

/// Parses one of the four words or an RRULE, in any case.
pub(super) fn rule(text: &str) -> Result<RecurrenceRule, RuleError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(RuleError::new(WHOLE, text, RuleProblem::Empty));
    }
    if text.len() > MAX_RULE_LENGTH {
        // The value is left out: it would make the error as long as the rule.
        let problem = RuleProblem::TooLong {
            limit: MAX_RULE_LENGTH,
        };
        return Err(RuleError::new(WHOLE, "", problem));
    }
    if let Some(frequency) = Frequency::from_word(text) {
        return Ok(RecurrenceRule::Word(frequency));
    }
    let upper = text.to_ascii_uppercase();
    let parts = upper.strip_prefix("RRULE:").unwrap_or(&upper);
    if !parts.contains('=') {
        return Err(RuleError::new(WHOLE, text, RuleProblem::NotARule));
    }
    let mut found = Parts::default();
    for part in parts.split(';') {
        let Some((name, value)) = part.split_once('=') else {
            let problem = if part.is_empty() {
                RuleProblem::Empty
            } else {
                RuleProblem::UnknownPart
            };
            let name = if part.is_empty() { WHOLE } else { part };
            return Err(RuleError::new(name, "", problem));
        };
        found.read(Part { name, value })?;
    }
    found.check().map(RecurrenceRule::Calendar)
}

impl Parts {
    fn read(&mut self, part: Part<'_>) -> Result<(), RuleError> {
        if part.value.is_empty() {
            return Err(part.wrong(RuleProblem::Empty));
        }
        match part.name {
            "FREQ" => part.set(&mut self.frequency, part.frequency()?),
            "INTERVAL" => part.set(&mut self.interval, part.unsigned(u32::from(MAX_INTERVAL))?),
            "COUNT" => part.set(&mut self.count, part.unsigned(MAX_COUNT)?),
            "UNTIL" => part.set(&mut self.until, part.until()?),
            "WKST" => part.set(&mut self.week_start, part.weekday(part.value)?),
            "BYMONTH" => {
                let months =
                    part.list(|entry| part.month(entry), |month| (i16::from(*month), 0))?;
                part.set(&mut self.months, months)
            }
            "BYMONTHDAY" => {
                let days = part.list(|entry| part.signed(entry, 31), |day| (i16::from(*day), 0))?;
                part.set(&mut self.month_days, days)
            }
            "BYSETPOS" => {
                let positions =
                    part.list(|entry| part.signed(entry, 366), |position| (*position, 0))?;
                part.set(&mut self.set_positions, positions)
            }
            "BYDAY" => {
                let weekdays = part.list(
                    |entry| part.weekday_rule(entry),
                    |rule| {
                        let weekday = rule.weekday.to_monday_zero_offset();
                        (rule.ordinal.map_or(0, i16::from), weekday)
                    },
                )?;
                part.set(&mut self.weekdays, weekdays)
            }
            name if UNSUPPORTED.contains(&name) => Err(part.wrong(RuleProblem::Unsupported {
                supported: "use BYDAY, BYMONTHDAY, BYMONTH and BYSETPOS",
            })),
            _ => Err(part.wrong(RuleProblem::UnknownPart)),
        }
    }

    fn check(self) -> Result<CalendarRule, RuleError> {
        let absent = |name, problem| Err(RuleError::new(name, "", problem));
        let Some(frequency) = self.frequency else {
            return absent("FREQ", RuleProblem::Missing);
        };
        let limit = match (self.count, self.until) {
            (Some(_), Some(_)) => {
                return absent("UNTIL", RuleProblem::Conflict { other: "COUNT" });
            }
            (count, until) => count.map(RuleLimit::Count).or(until.map(RuleLimit::Until)),
        };
        let coarse = matches!(frequency, Frequency::Monthly | Frequency::Yearly);
        let weekdays = self.weekdays.unwrap_or_default();
        if let Some(numbered) = weekdays
            .iter()
            .find(|rule| rule.ordinal.is_some() && !coarse)
        {
            let problem = RuleProblem::OrdinalNotAllowed;
            return Err(RuleError::new("BYDAY", &numbered.to_string(), problem));
        }
        if self.month_days.is_some() && frequency == Frequency::Weekly {
            return absent(
                "BYMONTHDAY",
                RuleProblem::Conflict {
                    other: "FREQ=WEEKLY",
                },
            );
        }
        let makes_a_set =
            !weekdays.is_empty() || self.month_days.is_some() || self.months.is_some();
        if self.set_positions.is_some() && !makes_a_set {
            return absent("BYSETPOS", RuleProblem::NeedsAnotherPart);
        }
        Ok(CalendarRule {
            frequency,
            interval: self.interval.unwrap_or(1),
            months: self.months.unwrap_or_default(),
            month_days: self.month_days.unwrap_or_default(),
            weekdays,
            set_positions: self.set_positions.unwrap_or_default(),
            limit,
            week_start: self.week_start.unwrap_or(Weekday::Monday),
        })
    }
}

impl Part<'_> {
    fn wrong(self, problem: RuleProblem) -> RuleError {
        RuleError::new(self.name, self.value, problem)
    }

    fn set<T>(self, slot: &mut Option<T>, value: T) -> Result<(), RuleError> {
        match slot.replace(value) {
            None => Ok(()),
            Some(_) => Err(self.wrong(RuleProblem::DuplicatePart)),
        }
    }

    fn frequency(self) -> Result<Frequency, RuleError> {
        let known = Frequency::from_word(self.value);
        known.ok_or_else(|| {
            self.wrong(RuleProblem::Unsupported {
                supported: "use DAILY, WEEKLY, MONTHLY or YEARLY",
            })
        })
    }

    /// A number without a sign from 1 to `most`.
    fn unsigned<T: TryFrom<u32>>(self, most: u32) -> Result<T, RuleError> {
        let number = self.digits(self.value)?;
        let out_of_range = RuleProblem::OutOfRange {
            least: 1,
            most: i64::from(most),
        };
        u32::try_from(number)
            .ok()
            .filter(|number| (1..=most).contains(number))
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.wrong(out_of_range))
    }

    fn month(self, entry: &str) -> Result<i8, RuleError> {
        let month = i8::try_from(self.digits(entry)?).ok();
        month
            .filter(|month| (1..=12).contains(month))
            .ok_or_else(|| self.wrong(RuleProblem::OutOfRange { least: 1, most: 12 }))
    }

    /// A number from 1 to `most` or -`most` to -1.
    fn signed<T: TryFrom<i64>>(self, entry: &str, most: i64) -> Result<T, RuleError> {
        let (sign, digits) = match entry.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, entry.strip_prefix('+').unwrap_or(entry)),
        };
        let number = self.digits(digits)?;
        let in_range = (1..=most).contains(&number).then_some(sign * number);
        in_range
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.wrong(RuleProblem::OutOfRange { least: -most, most }))
    }

    /// Digits and nothing else; what is too long for a number saturates, to be out of range.
    fn digits(self, text: &str) -> Result<i64, RuleError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong(RuleProblem::NotANumber));
        }
        Ok(text.parse().unwrap_or(i64::MAX))
    }

    fn weekday_rule(self, entry: &str) -> Result<WeekdayRule, RuleError> {
        let split = entry.len().saturating_sub(2);
        let (ordinal, code) = entry
            .split_at_checked(split)
            .ok_or_else(|| self.wrong(RuleProblem::NotAWeekday))?;
        let weekday = self.weekday(code)?;
        let ordinal = if ordinal.is_empty() {
            None
        } else {
            Some(self.signed(ordinal, 53)?)
        };
        Ok(WeekdayRule { ordinal, weekday })
    }

    fn weekday(self, code: &str) -> Result<Weekday, RuleError> {
        WEEKDAYS
            .into_iter()
            .find(|(known, _)| *known == code)
            .map(|(_, weekday)| weekday)
            .ok_or_else(|| self.wrong(RuleProblem::NotAWeekday))
    }

    /// The entries of a list without repetition, in canonical order: from the start of the period
    /// onwards, then those counted from its end. `order` is an entry's number and what comes next.
    fn list<T: Eq>(
        self,
        entry: impl Fn(&str) -> Result<T, RuleError>,
        order: impl Fn(&T) -> (i16, i8),
    ) -> Result<Vec<T>, RuleError> {
        let mut values = Vec::new();
        for text in self.value.split(',') {
            if text.is_empty() {
                return Err(self.wrong(RuleProblem::Empty));
            }
            let value = entry(text)?;
            if values.contains(&value) {
                return Err(self.wrong(RuleProblem::DuplicateValue));
            }
            values.push(value);
        }
        values.sort_by_key(|value| {
            let (number, weekday) = order(value);
            (number < 0, number.unsigned_abs(), weekday)
        });
        Ok(values)
    }

    fn until(self) -> Result<Until, RuleError> {
        Until::from_rule_text(self.value).ok_or_else(|| self.wrong(RuleProblem::NotADate))
    }
}
