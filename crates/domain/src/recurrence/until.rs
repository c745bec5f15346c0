use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::{Anchor, Occurrence, OccurrenceDue};

/// The last moment of a series, inclusive: a rule's `UNTIL`, or a task's `recurring_end_date`.
///
/// RFC 5545 §3.3.10 wants `UNTIL` in UTC for a time with a zone and a date for an all-day one; the
/// other forms are widely written, and are read like this:
///
/// | form | a time in a zone | an all-day date |
/// |---|---|---|
/// | `Instant` | due at or before the instant | on or before its date in UTC |
/// | `Local` | due at or before that wall time in the zone | on or before its date |
/// | `Date` | due on or before that day in the zone | on or before the date |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// An instant: `20301231T225959Z`.
    Instant(Timestamp),
    /// A wall time in the zone of the task: `20301231T235959`.
    Local(DateTime),
    /// A whole day: `20301231`.
    Date(Date),
}

impl Until {
    /// Reads the value of an `UNTIL` part: `YYYYMMDD`, `YYYYMMDDTHHMMSS` or `YYYYMMDDTHHMMSSZ`.
    pub(super) fn from_rule_text(text: &str) -> Option<Self> {
        let Some((day, time)) = text.split_once('T') else {
            return Some(Self::Date(date(text)?));
        };
        let (time, utc) = time
            .strip_suffix('Z')
            .map_or((time, false), |time| (time, true));
        let local = date(day)?.to_datetime(time_of_day(time)?);
        if utc {
            instant(local).map(Self::Instant)
        } else {
            Some(Self::Local(local))
        }
    }

    /// Whether `occurrence` of a series hung on `anchor` is not yet past this moment.
    pub(super) fn admits(&self, occurrence: &Occurrence, anchor: &Anchor) -> bool {
        match (occurrence.due, anchor) {
            (OccurrenceDue::At(due), Anchor::Timed { zone, .. }) => match *self {
                Self::Instant(instant) => due <= instant,
                // A wall time without an instant lies past the end of the calendar.
                Self::Local(local) => zone.instant(local).is_none_or(|instant| due <= instant),
                Self::Date(date) => zone.local_date(due) <= date,
            },
            _ => occurrence.local.date() <= self.date(),
        }
    }

    fn date(&self) -> Date {
        match *self {
            Self::Instant(instant) => TimeZone::UTC.to_datetime(instant).date(),
            Self::Local(local) => local.date(),
            Self::Date(date) => date,
        }
    }
}

fn date(text: &str) -> Option<Date> {
    let [century, year, month, day] = pairs(text)?;
    Date::new(i16::from(century) * 100 + i16::from(year), month, day).ok()
}

fn time_of_day(text: &str) -> Option<Time> {
    let [hour, minute, second] = pairs(text)?;
    Time::new(hour, minute, second, 0).ok()
}

fn instant(utc: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(utc).ok()
}

/// The numbers that exactly `N` pairs of digits make.
fn pairs<const N: usize>(text: &str) -> Option<[i8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut pairs = text.bytes();
    let mut digit = || i8::try_from(pairs.next()? - b'0').ok();
    let mut numbers = [0; N];
    for number in &mut numbers {
        *number = digit()? * 10 + digit()?;
    }
    Some(numbers)
}
