//! Dates, times and zones.

use domain::recurrence::{TimeZoneName, UnknownTimeZone};
use domain::{ValueError, accept_date, accept_time};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::google_type;
use crate::wkt::{self, TimestampError};

/// Why something is not a date or a time that is accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CalendarError {
    /// The year, the month or the day is missing, or there is no such date.
    #[error("must be a whole date of the calendar")]
    NotADate,
    /// The fields of the timestamp are out of their bounds.
    #[error(transparent)]
    NotATime(#[from] TimestampError),
    /// It is outside of what is accepted.
    #[error(transparent)]
    Refused(#[from] ValueError),
}

impl From<Date> for google_type::Date {
    fn from(date: Date) -> Self {
        Self {
            year: date.year().into(),
            month: date.month().into(),
            day: date.day().into(),
        }
    }
}

/// A whole date.
pub(crate) fn date_from_wire(date: google_type::Date) -> Result<Date, CalendarError> {
    let read = || {
        let year = i16::try_from(date.year).ok().filter(|year| *year >= 1)?;
        Date::new(year, date.month.try_into().ok()?, date.day.try_into().ok()?).ok()
    };
    read().ok_or(CalendarError::NotADate)
}

/// A date that a client gave: within the years that are accepted.
pub(crate) fn given_date(date: google_type::Date) -> Result<Date, CalendarError> {
    Ok(accept_date(date_from_wire(date)?)?)
}

/// A time that a client gave: within the years that are accepted, to the microsecond.
pub(crate) fn given_time(time: wkt::Timestamp) -> Result<Timestamp, CalendarError> {
    Ok(accept_time(Timestamp::try_from(time)?)?)
}

/// A zone that a client gave; `None` if it gave none.
pub(crate) fn given_zone(name: &str) -> Result<Option<TimeZoneName>, UnknownTimeZone> {
    if name.is_empty() {
        Ok(None)
    } else {
        name.parse().map(Some)
    }
}

/// A moment that has to be there.
pub(crate) fn moment(time: Option<wkt::Timestamp>) -> Result<Timestamp, CalendarError> {
    Ok(Timestamp::try_from(time.ok_or(ValueError::Missing)?)?)
}

/// A moment that may be absent.
pub(crate) fn optional_moment(
    time: Option<wkt::Timestamp>,
) -> Result<Option<Timestamp>, CalendarError> {
    time.map(|time| moment(Some(time))).transpose()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_date_is_whole_and_of_the_calendar() {
        for day in [date(1, 1, 1), date(2028, 2, 29), date(9999, 12, 31)] {
            assert_eq!(date_from_wire(day.into()), Ok(day));
        }
        for (year, month, day) in [
            (0, 1, 1),
            (-1, 1, 1),
            (2027, 2, 29),
            (2027, 0, 0),
            (2027, 1, 0),
            (2027, 13, 1),
            (10_000, 1, 1),
            (2027, 300, 1),
            (2027, 1, i32::MAX),
        ] {
            let date = google_type::Date { year, month, day };
            assert_eq!(
                date_from_wire(date),
                Err(CalendarError::NotADate),
                "{date:?}"
            );
        }
    }

    #[test]
    fn a_given_date_or_time_is_of_the_accepted_years() {
        let refused = given_date(date(1969, 12, 31).into()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "must be a date of the years 1970 to 2999"
        );
        let refused = given_time(wkt::Timestamp {
            seconds: -1,
            nanos: 0,
        })
        .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "must be a time of the years 1970 to 2999"
        );
        let refused = given_time(wkt::Timestamp {
            seconds: 0,
            nanos: -1,
        })
        .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "must be a time between the years 1 and 9999"
        );
        let kept = given_time(wkt::Timestamp {
            seconds: 0,
            nanos: 1_999,
        });
        assert_eq!(kept, Ok(Timestamp::from_microsecond(1).unwrap()));
    }
}
