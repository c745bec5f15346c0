//! The canonical text of a rule.

use std::fmt::{self, Display, Formatter};

use jiff::civil::Weekday;

use super::rule::{CalendarRule, Frequency, RecurrenceRule, RuleLimit, WeekdayRule};
use super::until::Until;

/// The weekdays of RFC 5545, Monday first.
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

impl Frequency {
    /// The word that means one step of this unit: `daily`, `weekly`, `monthly` or `yearly`.
    pub fn as_word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Yearly => "yearly",
        }
    }

    /// The word, read in any case.
    pub(super) fn from_word(text: &str) -> Option<Self> {
        [Self::Daily, Self::Weekly, Self::Monthly, Self::Yearly]
            .into_iter()
            .find(|frequency| frequency.as_word().eq_ignore_ascii_case(text))
    }
}

impl Display for RecurrenceRule {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(frequency) => formatter.write_str(frequency.as_word()),
            Self::Calendar(rule) => rule.fmt(formatter),
        }
    }
}

impl Display for CalendarRule {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "FREQ={}",
            self.frequency.as_word().to_ascii_uppercase()
        )?;
        if self.interval != 1 {
            write!(formatter, ";INTERVAL={}", self.interval)?;
        }
        write_list(formatter, "BYMONTH", &self.months)?;
        write_list(formatter, "BYMONTHDAY", &self.month_days)?;
        write_list(formatter, "BYDAY", &self.weekdays)?;
        write_list(formatter, "BYSETPOS", &self.set_positions)?;
        match self.limit {
            None => {}
            Some(RuleLimit::Count(count)) => write!(formatter, ";COUNT={count}")?,
            Some(RuleLimit::Until(until)) => write!(formatter, ";UNTIL={until}")?,
        }
        if self.week_start != Weekday::Monday {
            write!(formatter, ";WKST={}", weekday_code(self.week_start))?;
        }
        Ok(())
    }
}

impl Display for WeekdayRule {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if let Some(ordinal) = self.ordinal {
            write!(formatter, "{ordinal}")?;
        }
        formatter.write_str(weekday_code(self.weekday))
    }
}

/// The value of an `UNTIL` part. Anything finer than a second is left out: RFC 5545 has none.
impl Display for Until {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(instant) => write!(formatter, "{}", instant.strftime("%Y%m%dT%H%M%SZ")),
            Self::Local(local) => write!(formatter, "{}", local.strftime("%Y%m%dT%H%M%S")),
            Self::Date(date) => write!(formatter, "{}", date.strftime("%Y%m%d")),
        }
    }
}

fn write_list(formatter: &mut Formatter<'_>, part: &str, values: &[impl Display]) -> fmt::Result {
    let mut separator = "=";
    if !values.is_empty() {
        write!(formatter, ";{part}")?;
    }
    for value in values {
        write!(formatter, "{separator}{value}")?;
        separator = ",";
    }
    Ok(())
}

fn weekday_code(weekday: Weekday) -> &'static str {
    WEEKDAYS[usize::from(weekday.to_monday_zero_offset().unsigned_abs())].0
}
