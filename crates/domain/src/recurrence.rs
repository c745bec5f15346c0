//! When a task comes back: rules as people write them, and the occurrences that follow from them.
//!
//! A [`Series`] is a [`RecurrenceRule`] hung on an [`Anchor`]: the local wall time and zone, or the
//! all-day date, of the first occurrence. From the occurrence that is now, [`Series::next`] says
//! which one follows, under one of three [`RecurrenceMode`]s; [`Series::occurrences`] lists them.
//!
//! * The anchor is always occurrence number one (index 0) and counts for `COUNT`, also where the
//!   rule itself would not name that day. Every later occurrence is the rule's.
//! * The words `daily`, `weekly`, `monthly` and `yearly` step from the anchor: anchor + n units,
//!   clamped to the end of a shorter month, so that the 31st and the 29th of February come back.
//! * An RRULE is expanded as RFC 5545 §3.3.10 says, with the anchor as DTSTART.
//! * All stepping is in civil time. A wall time that a clock change skips moves later by the length
//!   of the gap (02:30 becomes 03:30), one that happens twice is the first of the two, and the
//!   occurrence after it is again at the anchor's wall time. Two occurrences that this puts on one
//!   instant (a zone that skips a whole day) are one; the second one's index stays unused.
//! * An index numbers the expansion: an occurrence that was jumped over has used its index, and so
//!   counts for `COUNT`.
//!
//! Every search is bounded: the Gregorian calendar repeats after 400 years, so a rule that is
//! silent for that long never fires again.
//!
//! This module knows nothing else of the domain, no clock and no zone of the machine: zones come
//! from the IANA database that is compiled in.

mod anchor;
mod dates;
mod error;
mod mode;
mod parse;
mod period;
mod rule;
mod series;
mod text;
mod until;
mod words;
mod zone;

pub use anchor::{Anchor, Occurrence, OccurrenceDue};
pub use error::{RuleError, RuleProblem};
pub use mode::{RecurrenceMode, UnknownMode};
pub use rule::{
    CalendarRule, Frequency, MAX_COUNT, MAX_INTERVAL, MAX_RULE_LENGTH, RecurrenceRule, RuleLimit,
    WeekdayRule,
};
pub use series::{
    Completion, CurrentOccurrence, EndReason, MAX_LISTED_OCCURRENCES, Next, Occurrences, Series,
};
pub use until::Until;
pub use zone::{TimeZoneName, UnknownTimeZone};
