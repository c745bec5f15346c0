//! The schedules of cron bindings (components-contrib `bindings/cron`).

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use croner::{
    Cron,
    parser::{CronParser, Seconds},
};

/// When a cron binding fires.
#[derive(Clone, Debug)]
pub(crate) enum Schedule {
    Every(Duration),
    Expression(Box<Cron>),
}

/// A schedule that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read the schedule {schedule:?}: {reason}")]
pub struct ScheduleError {
    /// The schedule.
    pub schedule: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Schedule {
    pub(crate) fn parse(text: &str) -> Result<Self, ScheduleError> {
        let unreadable = |reason: String| ScheduleError {
            schedule: text.to_owned(),
            reason,
        };
        if let Some(period) = text.trim().strip_prefix("@every ") {
            let period = go_duration(period.trim())
                .filter(|period| !period.is_zero())
                .ok_or_else(|| unreadable("not a duration such as 1s or 1m30s".to_owned()))?;
            return Ok(Self::Every(period));
        }
        let cron = CronParser::builder()
            .seconds(Seconds::Optional)
            .build()
            .parse(text.trim())
            .map_err(|error| unreadable(error.to_string()))?;
        Ok(Self::Expression(Box::new(cron)))
    }

    /// How long it is from `now` to the next time; none if there is no next time.
    pub(crate) fn wait(&self, now: SystemTime) -> Option<Duration> {
        match self {
            Self::Every(period) => Some(*period),
            Self::Expression(cron) => {
                let now = DateTime::<Utc>::from(now);
                let next = cron.find_next_occurrence(&now, false).ok()?;
                (next - now).to_std().ok()
            }
        }
    }
}

/// A duration as Go writes it: numbers with units, largest first, such as `1h30m` or `1.5s`.
fn go_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(number_end);
        let unit_end = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let seconds = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        let number: f64 = number.parse().ok()?;
        total = total.checked_add(Duration::try_from_secs_f64(number * seconds).ok()?)?;
        rest = after;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{Schedule, go_duration};

    #[test]
    fn durations_are_read_as_go_reads_them() {
        assert_eq!(go_duration("1s"), Some(Duration::from_secs(1)));
        assert_eq!(
            go_duration("1h2m3.5s"),
            Some(Duration::from_millis(3_723_500))
        );
        assert_eq!(go_duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(go_duration("1d"), None);
        assert_eq!(go_duration("10"), None);
    }

    #[test]
    fn expressions_have_five_or_six_fields() {
        // The epoch was a Thursday.
        let noon = UNIX_EPOCH + Duration::from_hours(12);
        let wait = |text: &str| Schedule::parse(text).unwrap().wait(noon).unwrap();
        assert_eq!(wait("*/5 * * * *"), Duration::from_mins(5));
        assert_eq!(wait("30 0 13 * * *"), Duration::from_secs(3630));
        assert_eq!(wait("@daily"), Duration::from_hours(12));
        assert_eq!(wait("0 0 * * FRI"), Duration::from_hours(12));
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for text in [
            "",
            "@every",
            "@every 0s",
            "@every soon",
            "* * *",
            "61 * * * *",
        ] {
            assert!(Schedule::parse(text).is_err(), "{text:?}");
        }
    }
}
