use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use crate::recurrence::TimeZoneName;
use crate::{ValueError, accept_date, accept_time};

/// When a task has to be done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    /// All day: on this calendar date, wherever the reader is.
    AllDay {
        /// The date.
        date: Date,
        /// The zone in which the task recurs and its reminders are counted.
        zone: TimeZoneName,
    },
    /// At this moment.
    At {
        /// The moment, to the microsecond.
        time: Timestamp,
        /// The zone in which the task recurs and its reminders are counted.
        zone: TimeZoneName,
    },
}

/// A due as a user gives it. Without a zone it is in that of the user's profile.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DueInput {
    /// All day.
    AllDay {
        /// The date.
        date: Date,
        /// The zone, if one was given.
        zone: Option<TimeZoneName>,
    },
    /// At a moment.
    At {
        /// The moment.
        time: Timestamp,
        /// The zone, if one was given.
        zone: Option<TimeZoneName>,
    },
}

impl Due {
    /// The zone in which the task recurs and its reminders are counted.
    pub fn zone(&self) -> &TimeZoneName {
        match self {
            Self::AllDay { zone, .. } | Self::At { zone, .. } => zone,
        }
    }

    /// The moment itself, or the beginning of the all-day date in the due's zone: what reminders
    /// count from and what lists sort by.
    pub fn starts_at(&self) -> Timestamp {
        match self {
            // A date that a due can have is centuries away from the end of the calendar.
            Self::AllDay { date, zone } => zone
                .instant(date.to_datetime(Time::midnight()))
                .unwrap_or(Timestamp::MAX),
            Self::At { time, .. } => *time,
        }
    }

    /// The wall time in the due's zone; midnight of an all-day date.
    pub fn local(&self) -> DateTime {
        match self {
            Self::AllDay { date, .. } => date.to_datetime(Time::midnight()),
            Self::At { time, zone } => zone.local_time(*time),
        }
    }

    /// Whether it is a date, not a moment.
    pub fn is_all_day(&self) -> bool {
        matches!(self, Self::AllDay { .. })
    }

    /// The day on which a reader in `viewer_zone` sees it.
    pub fn day(&self, viewer_zone: &TimeZoneName) -> Date {
        match self {
            Self::AllDay { date, .. } => *date,
            Self::At { time, .. } => viewer_zone.local_date(*time),
        }
    }

    /// Whether a pending task with this due is overdue to a reader in `viewer_zone`: the moment
    /// lies before `now`, or the all-day date before the reader's today.
    pub fn has_passed(&self, now: Timestamp, viewer_zone: &TimeZoneName) -> bool {
        match self {
            Self::AllDay { date, .. } => *date < viewer_zone.local_date(now),
            Self::At { time, .. } => *time < now,
        }
    }

    /// This due, truncated to microseconds, or why a user may not give it.
    pub(crate) fn accept(self) -> Result<Self, (&'static str, ValueError)> {
        match self {
            Self::AllDay { date, zone } => match accept_date(date) {
                Ok(date) => Ok(Self::AllDay { date, zone }),
                Err(error) => Err(("due.date", error)),
            },
            Self::At { time, zone } => match accept_time(time) {
                Ok(time) => Ok(Self::At { time, zone }),
                Err(error) => Err(("due.time", error)),
            },
        }
    }
}

impl DueInput {
    /// The zone, if one was given.
    pub fn zone(&self) -> Option<&TimeZoneName> {
        match self {
            Self::AllDay { zone, .. } | Self::At { zone, .. } => zone.as_ref(),
        }
    }

    /// The due, in `profile_zone` if no zone was given. Its date or time may still be out of range.
    pub fn in_zone(self, profile_zone: &TimeZoneName) -> Due {
        let or_profile = |zone: Option<TimeZoneName>| zone.unwrap_or_else(|| profile_zone.clone());
        match self {
            Self::AllDay { date, zone } => Due::AllDay {
                date,
                zone: or_profile(zone),
            },
            Self::At { time, zone } => Due::At {
                time,
                zone: or_profile(zone),
            },
        }
    }
}

impl From<Due> for DueInput {
    fn from(due: Due) -> Self {
        match due {
            Due::AllDay { date, zone } => Self::AllDay {
                date,
                zone: Some(zone),
            },
            Due::At { time, zone } => Self::At {
                time,
                zone: Some(zone),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn zone(name: &str) -> TimeZoneName {
        name.parse().unwrap()
    }

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_all_day_due_starts_at_midnight_in_its_own_zone() {
        let due = |name| Due::AllDay {
            date: date(2026, 7, 1),
            zone: zone(name),
        };
        assert_eq!(
            due("Europe/Berlin").starts_at(),
            time("2026-06-30T22:00:00Z")
        );
        assert_eq!(
            due("America/New_York").starts_at(),
            time("2026-07-01T04:00:00Z")
        );
    }

    #[test]
    fn a_day_without_midnight_starts_after_the_gap() {
        let due = Due::AllDay {
            date: date(2026, 9, 6),
            zone: zone("America/Santiago"),
        };
        assert_eq!(due.starts_at(), time("2026-09-06T04:00:00Z"));
    }

    #[test]
    fn an_all_day_due_has_passed_when_the_readers_day_is_over() {
        let due = Due::AllDay {
            date: date(2026, 7, 1),
            zone: zone("Europe/Berlin"),
        };
        let now = time("2026-07-02T03:00:00Z");
        assert!(due.has_passed(now, &zone("Europe/Berlin")));
        assert!(!due.has_passed(now, &zone("America/New_York")));
        assert_eq!(due.day(&zone("America/New_York")), date(2026, 7, 1));
    }

    #[test]
    fn a_moment_has_passed_after_it_whatever_the_zone() {
        let due = Due::At {
            time: time("2026-07-01T23:00:00Z"),
            zone: zone("UTC"),
        };
        assert!(!due.has_passed(time("2026-07-01T23:00:00Z"), &zone("Asia/Tokyo")));
        assert!(due.has_passed(time("2026-07-01T23:00:00.000001Z"), &zone("Asia/Tokyo")));
        assert_eq!(due.day(&zone("Asia/Tokyo")), date(2026, 7, 2));
    }

    #[test]
    fn a_due_without_a_zone_is_in_the_profiles() {
        let given = DueInput::At {
            time: time("2026-07-01T23:00:00Z"),
            zone: None,
        };
        assert_eq!(
            given.in_zone(&zone("Asia/Tokyo")).zone(),
            &zone("Asia/Tokyo")
        );
        let own = DueInput::AllDay {
            date: date(2026, 1, 1),
            zone: Some(zone("Asia/Gaza")),
        };
        assert_eq!(own.in_zone(&zone("Asia/Tokyo")).zone(), &zone("Asia/Gaza"));
    }
}
