//! A task on random ways through its life.

use std::collections::HashSet;

use jiff::SignedDuration;
use proptest::prelude::*;

use crate::fixtures::strategies::{Step, steps, tasks};
use crate::fixtures::{CountingIds, time, zone};
use crate::{Change, MAX_REMINDERS, ReminderState, Task, TaskError};

fn take(task: &Task, step: &Step, now: jiff::Timestamp, first_id: u128) -> Option<Change> {
    let task = task.clone();
    let change: Result<Option<Change>, TaskError> = match step {
        Step::Edit(edit) => {
            let patch = edit.for_task(&task);
            let mut ids = CountingIds::from(first_id);
            task.update(patch, edit.scope, &zone("Europe/Berlin"), now, &mut ids)
        }
        Step::Complete => task.complete(now).map(Some),
        Step::Reopen => task.reopen(None, now).map(|reopened| Some(reopened.task)),
        Step::Delete => task.delete(now).map(Some),
        Step::Undelete => task.undelete(now).map(Some),
        Step::Skip => task.skip(now).map(Some),
        Step::Remind(_) | Step::Snooze(_) => Ok(None),
    };
    change.ok().flatten()
}

/// What happens to reminders beside the task's own changes.
fn deliver(task: &mut Task, step: &Step, now: jiff::Timestamp) {
    let (Step::Remind(position) | Step::Snooze(position)) = step else {
        return;
    };
    let is_active = task.is_active();
    let Some(reminder) = task.reminders.get_mut(*position) else {
        return;
    };
    match step {
        Step::Remind(_) if reminder.is_due(now) && is_active => *reminder = reminder.clone().sent(),
        Step::Remind(_) if reminder.is_due(now) => *reminder = reminder.clone().missed(),
        Step::Snooze(_) if is_active => {
            *reminder = reminder.clone().snooze(now + SignedDuration::from_hours(1));
        }
        _ => {}
    }
}

fn assert_sound(task: &Task) {
    assert!(task.reminders.len() <= MAX_REMINDERS);
    let ids: HashSet<_> = task.reminders.iter().map(|reminder| reminder.id).collect();
    let moments: HashSet<_> = task
        .reminders
        .iter()
        .map(|reminder| reminder.when.moment(task.due.as_ref()))
        .collect();
    assert_eq!(
        (ids.len(), moments.len()),
        (task.reminders.len(), task.reminders.len())
    );
    assert!(
        !moments.contains(&None),
        "a reminder counts from a due that is not there"
    );
    if let Some(recurrence) = &task.recurrence {
        let due = task.due.as_ref().expect("only a task with a due recurs");
        assert!(
            recurrence
                .end_date
                .is_none_or(|end| due.local().date() <= end)
        );
    } else {
        assert_eq!(task.parent_task_id, None);
    }
}

proptest! {
    #[test]
    fn every_change_is_one_version_and_leaves_a_sound_task(
        task in tasks(),
        steps in prop::collection::vec(steps(), 1..12),
    ) {
        let mut task = task;
        let mut now = time("2026-03-27T00:00:00Z");
        let mut first_id = 10_000;
        for step in steps {
            now += SignedDuration::from_hours(7);
            first_id += 100;
            deliver(&mut task, &step, now);
            if let Some(change) = take(&task, &step, now, first_id) {
                prop_assert_eq!(change.before.as_ref(), Some(&task));
                prop_assert_eq!(change.after.version, task.version + 1);
                prop_assert_eq!(change.after.updated_at, now);
                prop_assert!(!change.changed_fields().is_empty());
                for reminder in &change.after.reminders {
                    let old = task.reminder(reminder.id);
                    let is_armed = reminder.state == ReminderState::Scheduled;
                    let was_quiet = old.is_some_and(|old| old.state != ReminderState::Scheduled);
                    let moved = old.is_none_or(|old| old.fire_at != reminder.fire_at);
                    prop_assert!(!(is_armed && was_quiet) || moved, "armed again without cause");
                }
                task = change.after;
            }
            assert_sound(&task);
            // Whatever its state, what follows it is as sound as the task itself.
            let completed = task.clone().complete(now).map_or(task.clone(), |change| change.after);
            if let Some((_, created)) = completed.successor(now, &mut CountingIds::from(first_id + 50)) {
                assert_sound(&created.after);
                prop_assert!(created.after.is_active());
            }
        }
    }
}
