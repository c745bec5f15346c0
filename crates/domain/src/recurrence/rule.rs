use std::str::FromStr;

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use super::{RuleError, Until, parse};

/// The longest rule that is accepted, in bytes.
pub const MAX_RULE_LENGTH: usize = 500;

/// The greatest `INTERVAL`.
pub const MAX_INTERVAL: u16 = 9_999;

/// The greatest `COUNT`.
pub const MAX_COUNT: u32 = 99_999;

/// A recurrence rule as a person or a program wrote it, parsed.
///
/// `Display` gives the canonical text back, which parses to an equal rule: a word in lower case, or
/// the parts of an RRULE in a fixed order without its `RRULE:` prefix.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RecurrenceRule {
    /// `daily`, `weekly`, `monthly` or `yearly`: steps from the anchor, clamped to the month's end.
    Word(Frequency),
    /// An RRULE of RFC 5545.
    Calendar(CalendarRule),
}

/// The unit in which a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frequency {
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Months.
    Monthly,
    /// Years.
    Yearly,
}

/// An RRULE of RFC 5545 §3.3.10 with a `FREQ` of `DAILY` or coarser; made by parsing only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CalendarRule {
    pub(super) frequency: Frequency,
    /// 1 to [`MAX_INTERVAL`].
    pub(super) interval: u16,
    /// 1 to 12, ascending.
    pub(super) months: Vec<i8>,
    /// 1 to 31 and -31 to -1.
    pub(super) month_days: Vec<i8>,
    pub(super) weekdays: Vec<WeekdayRule>,
    /// 1 to 366 and -366 to -1.
    pub(super) set_positions: Vec<i16>,
    pub(super) limit: Option<RuleLimit>,
    pub(super) week_start: Weekday,
}

/// One entry of `BYDAY`: a weekday, or the nth of its kind in the month or year (`2TU`, `-1FR`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeekdayRule {
    /// 1 to 53 from the start, -1 to -53 from the end; `None` is every such weekday.
    pub ordinal: Option<i8>,
    /// The weekday.
    pub weekday: Weekday,
}

/// How a rule ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleLimit {
    /// `COUNT`: this many occurrences, the anchor included.
    Count(u32),
    /// `UNTIL`: no occurrence after this moment.
    Until(Until),
}

impl RecurrenceRule {
    /// The rule's `COUNT` or `UNTIL`.
    pub fn limit(&self) -> Option<RuleLimit> {
        match self {
            Self::Word(_) => None,
            Self::Calendar(rule) => rule.limit,
        }
    }
}

impl CalendarRule {
    /// `FREQ`.
    pub fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// `INTERVAL`, 1 when absent.
    pub fn interval(&self) -> u16 {
        self.interval
    }

    /// `BYMONTH`, 1 to 12; empty when absent.
    pub fn months(&self) -> &[i8] {
        &self.months
    }

    /// `BYMONTHDAY`, counted from the month's end where negative; empty when absent.
    pub fn month_days(&self) -> &[i8] {
        &self.month_days
    }

    /// `BYDAY`; empty when absent.
    pub fn weekdays(&self) -> &[WeekdayRule] {
        &self.weekdays
    }

    /// `BYSETPOS`, counted from the end of each period's set where negative; empty when absent.
    pub fn set_positions(&self) -> &[i16] {
        &self.set_positions
    }

    /// `WKST`, Monday when absent.
    pub fn week_start(&self) -> Weekday {
        self.week_start
    }
}

impl FromStr for RecurrenceRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse::rule(text)
    }
}

impl TryFrom<String> for RecurrenceRule {
    type Error = RuleError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RecurrenceRule> for String {
    fn from(rule: RecurrenceRule) -> Self {
        rule.to_string()
    }
}
