use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::ValueError;

const FIRST_DATE: Date = date(1970, 1, 1);
const LAST_DATE: Date = date(2999, 12, 31);
/// 3000-01-01T00:00:00Z, the first instant that is refused.
const END_SECOND: i64 = 32_503_680_000;

/// A date that a user gave: refused outside the years 1970 to 2999.
pub fn accept_date(date: Date) -> Result<Date, ValueError> {
    if (FIRST_DATE..=LAST_DATE).contains(&date) {
        Ok(date)
    } else {
        Err(ValueError::DateOutOfRange)
    }
}

/// A time that a user gave, truncated to microseconds: refused outside the years 1970 to 2999 UTC.
pub fn accept_time(time: Timestamp) -> Result<Timestamp, ValueError> {
    if time < Timestamp::UNIX_EPOCH || time.as_second() >= END_SECOND {
        return Err(ValueError::TimeOutOfRange);
    }
    Timestamp::from_microsecond(time.as_microsecond()).map_err(|_| ValueError::TimeOutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_of_1970_to_2999_are_accepted() {
        for accepted in [FIRST_DATE, date(2000, 2, 29), LAST_DATE] {
            assert_eq!(accept_date(accepted), Ok(accepted));
        }
        for refused in [Date::MIN, date(1969, 12, 31), date(3000, 1, 1), Date::MAX] {
            assert_eq!(accept_date(refused), Err(ValueError::DateOutOfRange));
        }
        let last: Timestamp = "2999-12-31T23:59:59.999999Z".parse().unwrap();
        assert_eq!(accept_time(last), Ok(last));
        let after: Timestamp = "3000-01-01T00:00:00Z".parse().unwrap();
        let before: Timestamp = "1969-12-31T23:59:59.999999999Z".parse().unwrap();
        for refused in [Timestamp::MIN, before, after, Timestamp::MAX] {
            assert_eq!(accept_time(refused), Err(ValueError::TimeOutOfRange));
        }
    }

    #[test]
    fn times_are_truncated_to_microseconds() {
        let given: Timestamp = "2026-01-01T00:00:00.123456999Z".parse().unwrap();
        let kept: Timestamp = "2026-01-01T00:00:00.123456Z".parse().unwrap();
        assert_eq!(accept_time(given), Ok(kept));
    }
}
