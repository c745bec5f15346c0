use jiff::{SignedDuration, Timestamp};

use crate::{ValueError, accept_time};

const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
const SHORTEST_DELAY: SignedDuration = SignedDuration::from_secs(1);

/// For how long a user puts off a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Snooze {
    /// Until this moment.
    Until(Timestamp),
    /// For this long from now.
    For(SignedDuration),
}

impl Snooze {
    /// The moment at which the reminder goes off again, truncated to microseconds: in the future
    /// and at most 366 days away; a delay is 1 second at least.
    pub fn until(self, now: Timestamp) -> Result<Timestamp, ValueError> {
        match self {
            Self::Until(time) => {
                let time = accept_time(time)?;
                if time <= now || time.duration_since(now) > LONGEST {
                    return Err(ValueError::SnoozeOutOfRange);
                }
                Ok(time)
            }
            Self::For(delay) => {
                if !(SHORTEST_DELAY..=LONGEST).contains(&delay) {
                    return Err(ValueError::DelayOutOfRange);
                }
                let time = now
                    .checked_add(delay)
                    .map_err(|_| ValueError::DelayOutOfRange)?;
                accept_time(time)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snooze_ends_in_the_future_and_within_a_year() {
        let now: Timestamp = "2026-07-01T12:00:00Z".parse().unwrap();
        let microsecond = SignedDuration::from_micros(1);
        let until = |time| Snooze::Until(time).until(now);
        assert_eq!(until(now), Err(ValueError::SnoozeOutOfRange));
        assert_eq!(until(now - microsecond), Err(ValueError::SnoozeOutOfRange));
        assert_eq!(until(now + microsecond), Ok(now + microsecond));
        assert_eq!(until(now + LONGEST), Ok(now + LONGEST));
        assert_eq!(
            until(now + LONGEST + microsecond),
            Err(ValueError::SnoozeOutOfRange)
        );
        assert_eq!(until(Timestamp::MAX), Err(ValueError::TimeOutOfRange));
    }

    #[test]
    fn a_delay_is_a_second_to_a_year() {
        let now: Timestamp = "2026-07-01T12:00:00Z".parse().unwrap();
        let delay = |delay| Snooze::For(delay).until(now);
        assert_eq!(delay(SHORTEST_DELAY), Ok(now + SHORTEST_DELAY));
        assert_eq!(delay(LONGEST), Ok(now + LONGEST));
        for refused in [
            SignedDuration::ZERO,
            SignedDuration::MIN,
            SignedDuration::MAX,
        ] {
            assert_eq!(delay(refused), Err(ValueError::DelayOutOfRange));
        }
    }
}
