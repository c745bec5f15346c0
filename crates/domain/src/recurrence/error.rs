/// Why a text is not a recurrence rule, naming the part that is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part} {problem}")]
pub struct RuleError {
    part: String,
    value: String,
    problem: RuleProblem,
}

/// What is wrong with one part of a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleProblem {
    /// The rule, a part or an entry of a list is empty.
    #[error("must not be empty")]
    Empty,
    /// The rule's text is too long.
    #[error("must not be longer than {limit} bytes")]
    TooLong {
        /// The most that is accepted.
        limit: usize,
    },
    /// The text is none of the four words, and no list of `NAME=value` parts.
    #[error("must be daily, weekly, monthly, yearly or parts such as FREQ=WEEKLY;BYDAY=MO")]
    NotARule,
    /// RFC 5545 knows no such part.
    #[error("is not a part of a rule")]
    UnknownPart,
    /// RFC 5545 knows the part or value, and Errand does not expand it.
    #[error("is not supported: {supported}")]
    Unsupported {
        /// What can be written instead.
        supported: &'static str,
    },
    /// The part occurs more than once.
    #[error("must occur only once")]
    DuplicatePart,
    /// A list names a value more than once.
    #[error("must not name a value twice")]
    DuplicateValue,
    /// A part that every rule needs is missing.
    #[error("is missing")]
    Missing,
    /// The value is not a whole number.
    #[error("must be a whole number")]
    NotANumber,
    /// The number is outside what the part accepts.
    #[error("must be between {least} and {most}{but_zero}", but_zero = if *least < 0 { " and not zero" } else { "" })]
    OutOfRange {
        /// The least value.
        least: i64,
        /// The greatest value.
        most: i64,
    },
    /// The value is not a weekday of RFC 5545.
    #[error("must name weekdays as MO, TU, WE, TH, FR, SA or SU")]
    NotAWeekday,
    /// A weekday carries a number where RFC 5545 gives it no meaning.
    #[error("may number its weekdays only with FREQ=MONTHLY or FREQ=YEARLY")]
    OrdinalNotAllowed,
    /// The value is neither a date nor a date with a time.
    #[error("must be a date such as 20301231, or 20301231T235959Z")]
    NotADate,
    /// Two parts exclude each other.
    #[error("must not stand beside {other}")]
    Conflict {
        /// The other part.
        other: &'static str,
    },
    /// The part selects from a set that no other part makes.
    #[error("needs a BYDAY, BYMONTHDAY or BYMONTH to choose from")]
    NeedsAnotherPart,
}

impl RuleError {
    /// What is at fault: the name of a part in capitals, such as `BYDAY`, or `RRULE` for the whole.
    pub fn part(&self) -> &str {
        &self.part
    }

    /// The value that was found there.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// What is wrong with it.
    pub fn problem(&self) -> &RuleProblem {
        &self.problem
    }

    pub(super) fn new(part: &str, value: &str, problem: RuleProblem) -> Self {
        Self {
            part: String::from(part),
            value: String::from(value),
            problem,
        }
    }
}
