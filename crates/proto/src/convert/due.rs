use domain::recurrence::TimeZoneName;
use domain::{Due, DueInput, Violations};

use super::{complete, date_from_wire, given_date, given_time, given_zone, moment};
use crate::v1;
use crate::v1::due::When;

/// What is wrong with a due that is neither a date nor a time.
const NEITHER: &str = "must have a date or a time";

impl From<&Due> for v1::Due {
    fn from(due: &Due) -> Self {
        let when = match due {
            Due::AllDay { date, .. } => When::Date((*date).into()),
            Due::At { time, .. } => When::Time((*time).into()),
        };
        Self {
            when: Some(when),
            time_zone: due.zone().as_str().into(),
        }
    }
}

/// A due that Errand wrote. The violations name `path` and its fields.
pub(crate) fn due_from_wire(due: &v1::Due, path: &str) -> Result<Due, Violations> {
    let mut violations = Violations::new();
    let zone: Option<TimeZoneName> =
        violations.take(format!("{path}.time_zone"), due.time_zone.parse());
    let due = match due.when {
        None => violations.take(path, Err(NEITHER)),
        Some(When::Date(date)) => violations
            .take(format!("{path}.date"), date_from_wire(date))
            .zip(zone)
            .map(|(date, zone)| Due::AllDay { date, zone }),
        Some(When::Time(time)) => violations
            .take(format!("{path}.time"), moment(Some(time)))
            .zip(zone)
            .map(|(time, zone)| Due::At { time, zone }),
    };
    complete(violations, || due)
}

/// A due that a client gave. The violations name `path` and its fields.
pub(crate) fn given_due(due: &v1::Due, path: &str) -> Result<DueInput, Violations> {
    let mut violations = Violations::new();
    let zone = given_zone(&due.time_zone);
    let zone = violations.take(format!("{path}.time_zone"), zone);
    let due = match due.when {
        None => violations.take(path, Err(NEITHER)),
        Some(When::Date(date)) => violations
            .take(format!("{path}.date"), given_date(date))
            .zip(zone)
            .map(|(date, zone)| DueInput::AllDay { date, zone }),
        Some(When::Time(time)) => violations
            .take(format!("{path}.time"), given_time(time))
            .zip(zone)
            .map(|(time, zone)| DueInput::At { time, zone }),
    };
    complete(violations, || due)
}
