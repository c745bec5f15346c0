//! Every reminder whose moment came goes off once, if its task was still to do.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::Timestamp;
use proto::v1::{AuditLog, Reminder, ReminderState};

use super::{Told, Trail};

/// How long a reminder may wait for the tick that finds it, before one that still waits counts as
/// forgotten. Whoever waits for it looks again.
const TICK: Duration = Duration::from_secs(1);

/// A change bears the moment of its beginning and is seen from its end on, so a reminder can be
/// passed over by a task that comes back up to so much earlier: as long as a call may take.
const CHANGE: Duration = Duration::from_secs(15);

/// Each reminder that went off has its one entry and its one notification, none has two, none waits
/// whose moment has come, and one that was passed over had a reason.
pub(super) fn assert_told_once(trail: &Trail, who: &str) {
    let told = trail.told();
    let told = told.iter().filter(|(told, _)| *told == Told::Reminded);
    let told: BTreeSet<&str> = told.map(|(_, log)| log.id.as_str()).collect();
    let notified = trail.notifications.iter();
    let notified: BTreeSet<&str> = notified.map(|one| one.id.as_str()).collect();
    assert_eq!(
        told, notified,
        "{who}: the events of reminders, and the notifications"
    );
    assert_eq!(
        notified.len(),
        trail.notifications.len(),
        "{who}: a notification is listed twice"
    );
    let mut of_reminders: BTreeMap<&str, usize> = BTreeMap::new();
    for notification in &trail.notifications {
        *of_reminders.entry(&notification.reminder_id).or_default() += 1;
    }
    let of_tasks = trail.by_task();
    for task in trail.tasks.values() {
        let history = of_tasks
            .get(task.id.as_str())
            .map_or(&[][..], Vec::as_slice);
        for reminder in &task.reminders {
            let notified = of_reminders.remove(reminder.id.as_str()).unwrap_or(0);
            let sent = usize::from(reminder.state() == ReminderState::Sent);
            assert_eq!(
                notified, sent,
                "{who}: the notifications of {reminder:?} of {task:?}"
            );
            assert!(
                !is_late(reminder, trail.read_at),
                "{who}: forgotten at {}: {reminder:?} of {task:?}",
                trail.read_at
            );
            assert!(
                reminder.state() != ReminderState::Missed || had_a_reason(reminder, history),
                "{who}: its task was to do when its moment came, and it did not go off: \
                 {reminder:?} of {task:?}: {history:?}"
            );
        }
    }
    assert!(
        of_reminders.is_empty(),
        "{who}: notifications of reminders that are not there: {of_reminders:?}"
    );
}

/// Whether it waits though its moment has come.
pub(super) fn is_late(reminder: &Reminder, now: Timestamp) -> bool {
    reminder.state() == ReminderState::Scheduled
        && fire_at(reminder)
            .saturating_add(TICK)
            .is_ok_and(|late| late < now)
}

/// Whether its task was done or in the trash at some time after the reminder's moment.
fn had_a_reason(reminder: &Reminder, history: &[(Told, &AuditLog)]) -> bool {
    let moment = fire_at(reminder);
    let mut is_away = false;
    for (told, log) in history {
        let was_away = is_away;
        let Some(after) = log.after.as_ref().filter(|_| *told != Told::Reminded) else {
            continue;
        };
        is_away = after.completed_at.is_some() || after.deleted_at.is_some();
        let until = log.occurred_at.expect("an entry has a time");
        let until = Timestamp::try_from(until).expect("a moment");
        if was_away
            && !is_away
            && until
                .saturating_add(CHANGE)
                .is_ok_and(|until| moment <= until)
        {
            return true;
        }
    }
    is_away
}

fn fire_at(reminder: &Reminder) -> Timestamp {
    let moment = reminder.fire_at.expect("a reminder has a moment");
    Timestamp::try_from(moment).expect("a moment")
}
