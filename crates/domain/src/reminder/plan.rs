use std::collections::HashSet;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use super::{MAX_BEFORE_DUE, MAX_REMINDERS, Reminder, ReminderInput, ReminderState, ReminderTime};
use crate::{Due, NewIds, ValueError, Violations, accept_time};

/// The reminders that a task is to have, checked, before new ones have their ids.
///
/// Reminders that mean the same moment are one: two messages at once tell no more than one. One
/// that the task has already wins over a new one, otherwise the first in the list.
pub(crate) struct ReminderPlan(Vec<Planned>);

struct Planned {
    /// The task's reminder that this is.
    existing: Option<Reminder>,
    when: ReminderTime,
    moment: Timestamp,
}

/// A reminder on its way from one occurrence of a series to another.
pub(crate) struct Carried {
    pub(crate) reminder: Reminder,
    pub(crate) when: ReminderTime,
    pub(crate) moment: Timestamp,
}

impl ReminderPlan {
    /// The reminders of a new task. Ids are ignored: the server gives them.
    pub(crate) fn of_new(
        inputs: &[ReminderInput],
        due: Option<&Due>,
        violations: &mut Violations,
    ) -> Self {
        let inputs: Vec<_> = inputs
            .iter()
            .map(|input| ReminderInput { id: None, ..*input })
            .collect();
        Self::of_given(&inputs, &[], due, violations)
    }

    /// The reminders that an edit gives to a task that has `existing` ones.
    ///
    /// A given one without an id that says the same as one the task has is that one: to send a
    /// list twice must not make its reminders go off twice.
    pub(crate) fn of_given(
        inputs: &[ReminderInput],
        existing: &[Reminder],
        due: Option<&Due>,
        violations: &mut Violations,
    ) -> Self {
        if inputs.len() > MAX_REMINDERS {
            violations.add(
                "reminders",
                ValueError::TooMany {
                    most: MAX_REMINDERS,
                },
            );
            return Self(Vec::new());
        }
        let mut named = HashSet::new();
        for (position, input) in inputs.iter().enumerate() {
            let Some(id) = input.id else { continue };
            if !existing.iter().any(|reminder| reminder.id == id) {
                violations.add(
                    format!("reminders[{position}].id"),
                    "is not a reminder of this task",
                );
            } else if !named.insert(id) {
                violations.add(
                    format!("reminders[{position}].id"),
                    "must not be given twice",
                );
            }
        }
        let mut planned = Vec::with_capacity(inputs.len());
        for (position, input) in inputs.iter().enumerate() {
            let Some(when) = accept(input.when, position, due, violations) else {
                continue;
            };
            let Some(moment) = when.moment(due) else {
                continue;
            };
            let existing = match input.id {
                Some(id) => existing.iter().find(|reminder| reminder.id == id),
                None => existing
                    .iter()
                    .find(|reminder| reminder.when == when && named.insert(reminder.id)),
            };
            planned.push(Planned {
                existing: existing.cloned(),
                when,
                moment,
            });
        }
        Self(one_a_moment(planned))
    }

    /// The reminders that a task keeps while its due changes to `due`.
    pub(crate) fn of_kept(
        existing: &[Reminder],
        due: Option<&Due>,
        violations: &mut Violations,
    ) -> Self {
        let mut planned = Vec::with_capacity(existing.len());
        for reminder in existing {
            if let Some(moment) = reminder.when.moment(due) {
                planned.push(Planned {
                    existing: Some(reminder.clone()),
                    when: reminder.when,
                    moment,
                });
            }
        }
        if planned.len() < existing.len() {
            violations.add("due", "must stay while a reminder counts from it");
        }
        Self(one_a_moment(planned))
    }

    /// The reminders themselves. `old_due` is the due that the existing ones have counted from.
    pub(crate) fn arm(self, old_due: Option<&Due>, ids: &mut dyn NewIds) -> Vec<Reminder> {
        let arm = |planned: Planned| match planned.existing {
            Some(reminder) => rearm(&reminder, planned.when, planned.moment, old_due),
            None => Reminder {
                id: ids.reminder_id(),
                when: planned.when,
                fire_at: planned.moment,
                state: ReminderState::Scheduled,
            },
        };
        self.0.into_iter().map(arm).collect()
    }
}

/// The reminders of an occurrence, carried to another one of its series at the same distance.
///
/// One that counts from the due does so by itself. One at a moment moves by as much wall time as
/// lies between the two dues, each given with the `DateTime` at which the series has it: a
/// reminder at 18:00 on the eve stays at 18:00 across every clock change. It is left out if that
/// leads past the accepted years.
pub(crate) fn carry(
    reminders: &[Reminder],
    (from, from_local): (&Due, DateTime),
    (to, to_local): (&Due, DateTime),
) -> Vec<Carried> {
    let mut moments = HashSet::new();
    let shift = to_local.duration_since(from_local);
    let carry = |reminder: &Reminder| {
        let when = match reminder.when {
            ReminderTime::BeforeDue(before) => ReminderTime::BeforeDue(before),
            ReminderTime::At(time) => {
                let local = from.zone().local_time(time).checked_add(shift).ok()?;
                ReminderTime::At(accept_time(to.zone().instant(local)?).ok()?)
            }
        };
        let moment = when.moment(Some(to))?;
        let is_first = moments.insert(moment);
        is_first.then(|| Carried {
            reminder: reminder.clone(),
            when,
            moment,
        })
    };
    reminders.iter().filter_map(carry).collect()
}

impl Carried {
    /// The same reminder at the other occurrence.
    pub(crate) fn moved(self, old_due: &Due) -> Reminder {
        rearm(&self.reminder, self.when, self.moment, Some(old_due))
    }

    /// A reminder of its own at the other occurrence.
    pub(crate) fn renewed(self, ids: &mut dyn NewIds) -> Reminder {
        Reminder {
            id: ids.reminder_id(),
            when: self.when,
            fire_at: self.moment,
            state: ReminderState::Scheduled,
        }
    }
}

/// A reminder is armed again only if its time really changes. One whose moment stays keeps its
/// delivery state, and a snoozed one the time it was put off to.
fn rearm(
    reminder: &Reminder,
    when: ReminderTime,
    moment: Timestamp,
    old_due: Option<&Due>,
) -> Reminder {
    let stays = reminder.when.moment(old_due) == Some(moment) || reminder.fire_at == moment;
    if stays {
        return Reminder {
            when,
            ..reminder.clone()
        };
    }
    Reminder {
        id: reminder.id,
        when,
        fire_at: moment,
        state: ReminderState::Scheduled,
    }
}

fn accept(
    when: ReminderTime,
    position: usize,
    due: Option<&Due>,
    violations: &mut Violations,
) -> Option<ReminderTime> {
    match when {
        ReminderTime::At(time) => violations
            .take(format!("reminders[{position}].time"), accept_time(time))
            .map(ReminderTime::At),
        ReminderTime::BeforeDue(before) => {
            let field = format!("reminders[{position}].before_due");
            let whole_seconds = before.subsec_nanos() == 0;
            if !whole_seconds || !(SignedDuration::ZERO..=MAX_BEFORE_DUE).contains(&before) {
                violations.add(field, ValueError::BeforeDueOutOfRange);
                return None;
            }
            if due.is_none() {
                violations.add(field, "needs a due to count from");
                return None;
            }
            Some(when)
        }
    }
}

fn one_a_moment(planned: Vec<Planned>) -> Vec<Planned> {
    let mut kept: Vec<Planned> = Vec::with_capacity(planned.len());
    for next in planned {
        match kept.iter_mut().find(|one| one.moment == next.moment) {
            Some(one) if one.existing.is_none() && next.existing.is_some() => *one = next,
            Some(_) => {}
            None => kept.push(next),
        }
    }
    kept
}
