//! Between the domain's instants and dates and those that SeaORM knows.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use jiff::Timestamp;
use jiff::civil;

/// An instant to the microsecond, which is all that PostgreSQL keeps.
pub(crate) fn instant(time: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time.as_microsecond())
        .expect("every jiff timestamp is in chrono's range, which is wider")
}

pub(crate) fn timestamp(instant: DateTime<Utc>) -> Option<Timestamp> {
    Timestamp::from_microsecond(instant.timestamp_micros()).ok()
}

pub(crate) fn date(date: civil::Date) -> NaiveDate {
    NaiveDate::from_ymd_opt(
        i32::from(date.year()),
        u32::from(date.month().unsigned_abs()),
        u32::from(date.day().unsigned_abs()),
    )
    .expect("every jiff date is a date to chrono")
}

pub(crate) fn civil_date(date: NaiveDate) -> Option<civil::Date> {
    use chrono::Datelike;

    civil::Date::new(
        i16::try_from(date.year()).ok()?,
        i8::try_from(date.month()).ok()?,
        i8::try_from(date.day()).ok()?,
    )
    .ok()
}

pub(crate) fn local(time: civil::DateTime) -> NaiveDateTime {
    let microsecond = u32::try_from(time.subsec_nanosecond() / 1_000).unwrap_or(0);
    date(time.date())
        .and_hms_micro_opt(
            u32::from(time.hour().unsigned_abs()),
            u32::from(time.minute().unsigned_abs()),
            u32::from(time.second().unsigned_abs()),
            microsecond,
        )
        .expect("every jiff time of day is one to chrono")
}

pub(crate) fn civil_time(time: NaiveDateTime) -> Option<civil::DateTime> {
    use chrono::Timelike;

    let of_day = civil::Time::new(
        i8::try_from(time.hour()).ok()?,
        i8::try_from(time.minute()).ok()?,
        i8::try_from(time.second()).ok()?,
        i32::try_from(time.nanosecond()).ok()?,
    )
    .ok()?;
    Some(civil_date(time.date())?.to_datetime(of_day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_domain_keeps_comes_back() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2026-11-21T14:32:01.000001Z",
            "2999-12-31T23:59:59.999999Z",
        ] {
            let time: Timestamp = text.parse().unwrap();
            assert_eq!(timestamp(instant(time)), Some(time));
        }
        for text in ["1970-01-01T00:00:00", "2024-02-29T23:59:59.999999"] {
            let time: civil::DateTime = text.parse().unwrap();
            assert_eq!(civil_time(local(time)), Some(time));
            assert_eq!(civil_date(date(time.date())), Some(time.date()));
        }
    }
}
