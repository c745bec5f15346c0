use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::TimeZoneName;

/// Where a series hangs: its first occurrence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// A wall time in a zone. Every occurrence is at this time of day there.
    Timed {
        /// The local wall time, without regard to clock changes.
        at: DateTime,
        /// The zone whose clocks it is read from.
        zone: TimeZoneName,
    },
    /// A whole day, the same date wherever it is read.
    AllDay {
        /// The date.
        date: Date,
    },
}

/// When an occurrence is due.
///
/// Values of the two kinds have no order between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OccurrenceDue {
    /// At an instant: the anchor is timed.
    At(Timestamp),
    /// On a date: the anchor is all-day.
    On(Date),
}

/// One occurrence of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Occurrence {
    /// Its number in the series' expansion; the anchor is 0.
    pub index: u32,
    /// The wall time that the rule names, before a gap in the zone moves it; for an all-day
    /// occurrence its date at 00:00.
    pub local: DateTime,
    /// When it is due. Inside a gap this is later than `local` by the length of the gap.
    pub due: OccurrenceDue,
}

impl Anchor {
    /// The local date of the first occurrence.
    pub fn date(&self) -> Date {
        match self {
            Self::Timed { at, .. } => at.date(),
            Self::AllDay { date } => *date,
        }
    }

    /// The occurrence on `date`; `None` where the calendar ends before it.
    pub(super) fn occurrence(&self, index: u32, date: Date) -> Option<Occurrence> {
        let (local, due) = match self {
            Self::Timed { at, zone } => {
                let local = date.to_datetime(at.time());
                (local, OccurrenceDue::At(zone.instant(local)?))
            }
            Self::AllDay { .. } => (date.to_datetime(Time::midnight()), OccurrenceDue::On(date)),
        };
        Some(Occurrence { index, local, due })
    }

    /// `due` as an occurrence of this anchor has it: a date is at the anchor's time of day, an
    /// instant on its date in UTC. Equal to `due` for every due that this series made.
    pub(super) fn same_kind(&self, due: OccurrenceDue) -> OccurrenceDue {
        match (self, due) {
            (Self::Timed { .. }, OccurrenceDue::On(date)) => self
                .occurrence(0, date)
                .map_or(due, |occurrence| occurrence.due),
            (Self::AllDay { .. }, OccurrenceDue::At(instant)) => {
                OccurrenceDue::On(TimeZone::UTC.to_datetime(instant).date())
            }
            _ => due,
        }
    }

    /// A date that no occurrence due at or after `due` is named before.
    ///
    /// A gap moves a wall time onto a later date where it spans midnight, by at most one day: no
    /// zone ever skipped more (Pacific/Apia, 2011-12-30).
    pub(super) fn earliest_date(&self, due: OccurrenceDue) -> Date {
        match (self, due) {
            (Self::Timed { zone, .. }, OccurrenceDue::At(instant)) => {
                let date = zone.local_date(instant);
                date.yesterday().unwrap_or(date)
            }
            (_, OccurrenceDue::At(instant)) => TimeZone::UTC.to_datetime(instant).date(),
            (_, OccurrenceDue::On(date)) => date,
        }
    }
}

impl PartialOrd for OccurrenceDue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::At(left), Self::At(right)) => Some(left.cmp(right)),
            (Self::On(left), Self::On(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }
}
