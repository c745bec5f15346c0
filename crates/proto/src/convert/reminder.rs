use domain::{
    MAX_BEFORE_DUE, MAX_REMINDERS, Reminder, ReminderInput, ReminderTime, ValueError, Violations,
};
use jiff::SignedDuration;

use super::{complete, given_time, moment, required_choice};
use crate::v1;
use crate::v1::reminder::When;
use crate::wkt::{self, DurationError};

/// What is wrong with a reminder that has no time of either kind.
const NEITHER: &str = "must have a time or before_due";

/// Why a span of time before a due is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum BeforeDueError {
    #[error(transparent)]
    NotADuration(#[from] DurationError),
    #[error(transparent)]
    Refused(#[from] ValueError),
}

impl From<&Reminder> for v1::Reminder {
    fn from(reminder: &Reminder) -> Self {
        let when = match reminder.when {
            ReminderTime::At(time) => When::Time(time.into()),
            ReminderTime::BeforeDue(before) => When::BeforeDue(before.into()),
        };
        Self {
            id: reminder.id.to_string(),
            when: Some(when),
            state: v1::ReminderState::from(reminder.state).into(),
            fire_at: Some(reminder.fire_at.into()),
        }
    }
}

/// A reminder that Errand wrote. The violations name fields of `path`.
pub(super) fn reminder_from_wire(
    reminder: &v1::Reminder,
    path: &str,
) -> Result<Reminder, Violations> {
    let mut violations = Violations::new();
    let id = violations.take(format!("{path}.id"), reminder.id.parse());
    let state = violations.take(format!("{path}.state"), required_choice(reminder.state));
    let fire_at = violations.take(format!("{path}.fire_at"), moment(reminder.fire_at));
    let when = match reminder.when {
        None => violations.take(path, Err(NEITHER)),
        Some(When::Time(time)) => violations
            .take(format!("{path}.time"), moment(Some(time)))
            .map(ReminderTime::At),
        Some(When::BeforeDue(before)) => violations
            .take(format!("{path}.before_due"), before_due(before))
            .map(ReminderTime::BeforeDue),
    };
    complete(violations, || {
        Some(Reminder {
            id: id?,
            when: when?,
            fire_at: fire_at?,
            state: state?,
        })
    })
}

/// The reminders that a client gave. The violations name `reminders` and its entries.
pub(crate) fn given_reminders(
    reminders: &[v1::Reminder],
) -> Result<Vec<ReminderInput>, Violations> {
    if reminders.len() > MAX_REMINDERS {
        return Err(Violations::one(
            "reminders",
            ValueError::TooMany {
                most: MAX_REMINDERS,
            },
        ));
    }
    let mut violations = Violations::new();
    let mut given = Vec::with_capacity(reminders.len());
    for (position, reminder) in reminders.iter().enumerate() {
        let path = format!("reminders[{position}]");
        let id = if reminder.id.is_empty() {
            Some(None)
        } else {
            violations
                .take(format!("{path}.id"), reminder.id.parse())
                .map(Some)
        };
        let when = match reminder.when {
            None => violations.take(path, Err(NEITHER)),
            Some(When::Time(time)) => violations
                .take(format!("{path}.time"), given_time(time))
                .map(ReminderTime::At),
            Some(When::BeforeDue(before)) => violations
                .take(format!("{path}.before_due"), before_due(before))
                .map(ReminderTime::BeforeDue),
        };
        given.extend(id.zip(when).map(|(id, when)| ReminderInput { id, when }));
    }
    violations.into_result(given)
}

/// Whole seconds from 0 to 366 days.
fn before_due(before: wkt::Duration) -> Result<SignedDuration, BeforeDueError> {
    let before = SignedDuration::try_from(before)?;
    let accepted = SignedDuration::ZERO..=MAX_BEFORE_DUE;
    if before.subsec_nanos() != 0 || !accepted.contains(&before) {
        return Err(ValueError::BeforeDueOutOfRange.into());
    }
    Ok(before)
}
