use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::fraction;

/// The first second a timestamp can hold, 0001-01-01T00:00:00Z.
const FIRST_SECOND: i64 = -62_135_596_800;

/// The last second a timestamp can hold, 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;

const SECONDS_A_DAY: i64 = 86_400;

const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

/// `google.protobuf.Timestamp`: a moment, to the nanosecond. In JSON an RFC 3339 string in UTC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, prost::Message)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z.
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    /// Nanoseconds after `seconds`, 0 to 999 999 999, also before 1970.
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

/// Why something is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// The text is not RFC 3339 with at most nine digits after the point.
    #[error("must be a time such as 2030-12-31T09:00:00Z")]
    Syntax,
    /// The moment is not between the years 0001 and 9999, or its nanoseconds are not 0 to
    /// 999 999 999.
    #[error("must be a time between the years 1 and 9999")]
    Range,
    /// The moment is in the last hours of the year 9999, which the calendar does not reach.
    #[error("must be before 9999-12-30T22:00:01Z")]
    PastCalendar,
}

impl Timestamp {
    /// Checks the bounds of both fields, as the proto file of Timestamp states them.
    fn check(self) -> Result<u32, TimestampError> {
        let nanos = u32::try_from(self.nanos).map_err(|_| TimestampError::Range)?;
        if nanos > 999_999_999 || !(FIRST_SECOND..=LAST_SECOND).contains(&self.seconds) {
            return Err(TimestampError::Range);
        }
        Ok(nanos)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(moment: jiff::Timestamp) -> Self {
        let (mut seconds, mut nanos) = (moment.as_second(), moment.subsec_nanosecond());
        // jiff counts the fraction towards 1970, Protocol Buffers always forwards.
        if nanos < 0 {
            seconds -= 1;
            nanos += 1_000_000_000;
        }
        Self { seconds, nanos }
    }
}

impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = TimestampError;

    fn try_from(moment: Timestamp) -> Result<Self, Self::Error> {
        moment.check()?;
        Self::new(moment.seconds, moment.nanos).map_err(|_| TimestampError::PastCalendar)
    }
}

impl fmt::Display for Timestamp {
    /// Writes RFC 3339 in UTC; an error if a field is out of its bounds.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.check().map_err(|_| fmt::Error)?;
        let days = i32::try_from(self.seconds.div_euclid(SECONDS_A_DAY)).map_err(|_| fmt::Error)?;
        let date = EPOCH
            .checked_add(jiff::Span::new().days(days))
            .map_err(|_| fmt::Error)?;
        let second = self.seconds.rem_euclid(SECONDS_A_DAY);
        let (year, month, day) = (date.year(), date.month(), date.day());
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        fraction::write(formatter, nanos)?;
        formatter.write_str("Z")
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = Parts::parse(text).ok_or(TimestampError::Syntax)?;
        let date = jiff::civil::Date::new(parts.year, parts.month, parts.day)
            .map_err(|_| TimestampError::Syntax)?;
        let days = i64::from((date - EPOCH).get_days());
        let timestamp = Self {
            seconds: days * SECONDS_A_DAY + parts.second_of_day - parts.offset,
            nanos: i32::try_from(parts.nanos).map_err(|_| TimestampError::Range)?,
        };
        timestamp.check()?;
        Ok(timestamp)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.check().map_err(serde::ser::Error::custom)?;
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an RFC 3339 time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

/// The numbers of an RFC 3339 text, each within the bounds that its two digits have by themselves.
struct Parts {
    year: i16,
    month: i8,
    day: i8,
    second_of_day: i64,
    nanos: u32,
    /// How far local time is ahead of UTC, in seconds.
    offset: i64,
}

impl Parts {
    /// Reads `YYYY-MM-DDTHH:MM:SS`, optionally a fraction, and `Z` or an offset.
    fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once('T')?;
        let (year, month_day) = date.split_once('-')?;
        let (month, day) = month_day.split_once('-')?;
        let (time, zone) = rest.split_at(rest.find(['Z', '+', '-'])?);
        let (time, nanos) = match time.split_once('.') {
            Some((time, digits)) => (time, fraction::parse(digits)?),
            None => (time, 0),
        };
        let (hour, minute_second) = time.split_once(':')?;
        let (minute, second) = minute_second.split_once(':')?;
        let hours_and_minutes =
            |hour, minute| Some(number(hour, 2, 23)? * 3_600 + number(minute, 2, 59)? * 60);
        let offset = match zone.split_at(1) {
            ("Z", "") => 0,
            (sign, offset) => {
                let (hour, minute) = offset.split_once(':')?;
                let offset = hours_and_minutes(hour, minute)?;
                if sign == "-" { -offset } else { offset }
            }
        };
        Some(Self {
            year: i16::try_from(number(year, 4, 9_999)?).ok()?,
            month: i8::try_from(number(month, 2, 12)?).ok()?,
            day: i8::try_from(number(day, 2, 31)?).ok()?,
            second_of_day: hours_and_minutes(hour, minute)? + number(second, 2, 59)?,
            nanos,
            offset,
        })
    }
}

/// Reads exactly `digits` digits as a number that is at most `most`.
fn number(text: &str, digits: usize, most: i64) -> Option<i64> {
    if text.len() != digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number| *number <= most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn round_trip(text: &str) -> String {
        let timestamp: Timestamp = serde_json::from_str(&format!("\"{text}\"")).unwrap();
        serde_json::to_string(&timestamp)
            .unwrap()
            .trim_matches('"')
            .into()
    }

    #[test]
    fn writes_as_many_groups_of_digits_as_it_needs() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2030-12-31T09:00:00.500Z",
            "2030-12-31T09:00:00.000001Z",
            "2030-12-31T09:00:00.000000001Z",
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "9999-12-31T23:59:59.999999999Z",
        ] {
            assert_eq!(round_trip(text), text);
        }
        assert_eq!(
            round_trip("2030-12-31T09:00:00.5Z"),
            "2030-12-31T09:00:00.500Z"
        );
    }

    #[test]
    fn reads_offsets_and_writes_utc() {
        assert_eq!(
            round_trip("2030-01-01T00:30:00+02:00"),
            "2029-12-31T22:30:00Z"
        );
        assert_eq!(
            round_trip("2030-01-01T00:30:00.25-00:30"),
            "2030-01-01T01:00:00.250Z"
        );
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "2030-12-31",
            "2030-12-31T09:00:00",
            "2030-12-31 09:00:00Z",
            "2030-12-31t09:00:00z",
            "2030-02-30T09:00:00Z",
            "2030-12-31T24:00:00Z",
            "2030-12-31T23:59:60Z",
            "2030-12-31T09:00:00.Z",
            "2030-12-31T09:00:00.0000000001Z",
            "2030-12-31T09:00:00+0200",
            "2030-12-31T09:00:00Z[UTC]",
            "+2030-12-31T09:00:00Z",
            "2030-12-3\u{661}T09:00:00Z",
        ] {
            assert_eq!(
                text.parse::<Timestamp>(),
                Err(TimestampError::Syntax),
                "{text}"
            );
        }
        for text in ["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
            assert_eq!(
                text.parse::<Timestamp>(),
                Err(TimestampError::Range),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_fields_out_of_bounds() {
        for (seconds, nanos) in [
            (0, -1),
            (0, 1_000_000_000),
            (FIRST_SECOND - 1, 0),
            (i64::MAX, 0),
        ] {
            let timestamp = Timestamp { seconds, nanos };
            assert_eq!(
                jiff::Timestamp::try_from(timestamp),
                Err(TimestampError::Range)
            );
            assert!(serde_json::to_string(&timestamp).is_err());
        }
        let last = Timestamp {
            seconds: LAST_SECOND,
            nanos: 0,
        };
        assert_eq!(
            jiff::Timestamp::try_from(last),
            Err(TimestampError::PastCalendar)
        );
    }

    proptest! {
        #[test]
        fn agrees_with_the_calendar_library(
            seconds in FIRST_SECOND..=253_402_207_200, nanos in 0..1_000_000_000_i32,
        ) {
            let timestamp = Timestamp { seconds, nanos };
            let moment = jiff::Timestamp::try_from(timestamp).unwrap();
            prop_assert_eq!(Timestamp::from(moment), timestamp);
            prop_assert_eq!(timestamp.to_string().parse::<jiff::Timestamp>().unwrap(), moment);
            prop_assert_eq!(moment.to_string().parse::<Timestamp>().unwrap(), timestamp);
        }
    }
}
