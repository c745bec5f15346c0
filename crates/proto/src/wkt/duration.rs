use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::fraction;

/// The greatest number of seconds either way: 10 000 years.
const MOST_SECONDS: i64 = 315_576_000_000;

/// `google.protobuf.Duration`: a span of time, to the nanosecond. In JSON seconds with an `s`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, prost::Message)]
pub struct Duration {
    /// Whole seconds, at most 315 576 000 000 either way.
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    /// Nanoseconds, at most 999 999 999 either way, of the same sign as `seconds`.
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

/// Why something is not a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// The text is not a number of seconds with at most nine digits after the point, and an `s`.
    #[error("must be a duration such as 3.5s")]
    Syntax,
    /// A field is out of its bounds, or the two have different signs.
    #[error("must be a duration of at most 315576000000s")]
    Range,
}

impl Duration {
    /// Checks the bounds of both fields, as the proto file of Duration states them.
    fn check(self) -> Result<(), DurationError> {
        let one_sign = self.seconds == 0
            || self.nanos == 0
            || self.seconds.is_negative() == self.nanos.is_negative();
        if self.seconds.unsigned_abs() > MOST_SECONDS.unsigned_abs()
            || self.nanos.unsigned_abs() > 999_999_999
            || !one_sign
        {
            return Err(DurationError::Range);
        }
        Ok(())
    }
}

impl From<jiff::SignedDuration> for Duration {
    fn from(span: jiff::SignedDuration) -> Self {
        Self {
            seconds: span.as_secs(),
            nanos: span.subsec_nanos(),
        }
    }
}

impl TryFrom<Duration> for jiff::SignedDuration {
    type Error = DurationError;

    fn try_from(span: Duration) -> Result<Self, Self::Error> {
        span.check()?;
        Ok(Self::new(span.seconds, span.nanos))
    }
}

impl fmt::Display for Duration {
    /// Writes seconds with 0, 3, 6 or 9 digits after the point, and an `s`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.seconds < 0 || self.nanos < 0 {
            formatter.write_str("-")?;
        }
        write!(formatter, "{}", self.seconds.unsigned_abs())?;
        fraction::write(formatter, self.nanos.unsigned_abs())?;
        formatter.write_str("s")
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.strip_suffix('s').ok_or(DurationError::Syntax)?;
        let (negative, number) = match number.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, number),
        };
        let (whole, nanos) = match number.split_once('.') {
            Some((whole, digits)) => (whole, fraction::parse(digits).ok_or(DurationError::Syntax)?),
            None => (number, 0),
        };
        if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DurationError::Syntax);
        }
        let seconds: i64 = whole.parse().map_err(|_| DurationError::Range)?;
        let nanos = i32::try_from(nanos).map_err(|_| DurationError::Range)?;
        let sign = if negative { -1 } else { 1 };
        let duration = Self {
            seconds: seconds * i64::from(sign),
            nanos: nanos * sign,
        };
        duration.check()?;
        Ok(duration)
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.check().map_err(serde::ser::Error::custom)?;
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Duration;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number of seconds with an s")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Duration, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn writes_as_many_groups_of_digits_as_it_needs() {
        for (seconds, nanos, text) in [
            (0, 0, "0s"),
            (3, 500_000_000, "3.500s"),
            (0, 1_000, "0.000001s"),
            (0, 1, "0.000000001s"),
            (0, -500_000_000, "-0.500s"),
            (-3, -500_000_000, "-3.500s"),
            (-MOST_SECONDS, -999_999_999, "-315576000000.999999999s"),
        ] {
            let duration = Duration { seconds, nanos };
            assert_eq!(
                serde_json::to_string(&duration).unwrap(),
                format!("\"{text}\"")
            );
            assert_eq!(text.parse::<Duration>(), Ok(duration));
        }
        assert_eq!(
            "3.5s".parse(),
            Ok(Duration {
                seconds: 3,
                nanos: 500_000_000
            })
        );
    }

    #[test]
    fn refuses_what_is_no_duration() {
        for text in [
            "",
            "s",
            "3",
            "3m",
            "3.s",
            ".5s",
            "+3s",
            "--3s",
            "3.0000000001s",
            "3 s",
            "3e1s",
        ] {
            assert_eq!(
                text.parse::<Duration>(),
                Err(DurationError::Syntax),
                "{text}"
            );
        }
        for text in ["315576000001s", "-315576000001s", "99999999999999999999s"] {
            assert_eq!(
                text.parse::<Duration>(),
                Err(DurationError::Range),
                "{text}"
            );
        }
        for (seconds, nanos) in [(1, -1), (-1, 1), (0, 1_000_000_000), (i64::MIN, 0)] {
            let duration = Duration { seconds, nanos };
            assert_eq!(
                jiff::SignedDuration::try_from(duration),
                Err(DurationError::Range)
            );
            assert!(serde_json::to_string(&duration).is_err());
        }
    }

    proptest! {
        #[test]
        fn round_trips(
            seconds in 0..=MOST_SECONDS, nanos in 0..1_000_000_000_i32, negative: bool,
        ) {
            let sign = if negative { -1 } else { 1 };
            let duration = Duration { seconds: seconds * i64::from(sign), nanos: nanos * sign };
            prop_assert_eq!(duration.to_string().parse(), Ok(duration));
            let span = jiff::SignedDuration::try_from(duration).unwrap();
            prop_assert_eq!(Duration::from(span), duration);
        }
    }
}
