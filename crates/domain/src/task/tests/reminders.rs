//! What reminders promise, one promise a test.

use crate::fixtures::{
    NOON, at, created, daily, edited, minutes_before, on, plants, remind_at, time,
};
use crate::{
    NewTask, Reminder, ReminderInput, ReminderState, ReminderTime, Task, TaskPatch, Title,
};

const BEFORE: &str = "2026-03-27T12:00:00Z";
const AFTER: &str = "2026-03-28T12:00:00Z";

/// Due at nine in Berlin, which is 08:00 in UTC, with a reminder an hour before.
fn reminded() -> Task {
    created(NewTask {
        due: Some(at("2026-03-28T09:00", "Europe/Berlin")),
        reminders: vec![minutes_before(60)],
        ..plants()
    })
}

fn with_reminder(task: Task, reminder: Reminder) -> Task {
    Task {
        reminders: vec![reminder],
        ..task
    }
}

fn sent() -> Task {
    let task = reminded();
    let reminder = task.reminders[0].clone().sent();
    with_reminder(task, reminder)
}

fn due_at(local: &str) -> TaskPatch {
    TaskPatch {
        due: Some(Some(at(local, "Europe/Berlin"))),
        ..TaskPatch::default()
    }
}

fn state(task: &Task) -> (ReminderState, &str) {
    let fire_at = task.reminders[0].fire_at;
    let known = [
        "2026-03-28T07:00:00Z",
        "2026-03-28T08:00:00Z",
        "2026-03-28T09:30:00Z",
    ];
    let name = known
        .into_iter()
        .find(|text| time(text) == fire_at)
        .unwrap_or("other");
    (task.reminders[0].state, name)
}

#[test]
fn delivery_state_is_the_reminders_own_and_never_changes_the_tasks_version() {
    let task = reminded();
    let reminder = &task.reminders[0];
    let snoozed = task
        .snooze(reminder.id, time("2026-03-28T09:30:00Z"))
        .unwrap();
    assert_eq!(snoozed.state, ReminderState::Scheduled);
    assert_eq!(snoozed.fire_at, time("2026-03-28T09:30:00Z"));
    assert_eq!((snoozed.when, snoozed.id), (reminder.when, reminder.id));
    let payload = task.clone().reminder_due(reminder);
    assert_eq!(
        payload.task().map(|told| (told.version, told.updated_at)),
        Some((1, time(NOON)))
    );
}

#[test]
fn a_reminder_re_arms_when_its_time_really_changes() {
    let later = edited(&sent(), due_at("2026-03-28T10:00"), BEFORE);
    assert_eq!(
        state(&later),
        (ReminderState::Scheduled, "2026-03-28T08:00:00Z")
    );
    assert_eq!(later.reminders[0].id, sent().reminders[0].id);

    let id = Some(sent().reminders[0].id);
    let given = vec![ReminderInput {
        id,
        ..minutes_before(0)
    }];
    let patch = TaskPatch {
        reminders: Some(given),
        ..TaskPatch::default()
    };
    let nearer = edited(&sent(), patch, BEFORE);
    assert_eq!(
        state(&nearer),
        (ReminderState::Scheduled, "2026-03-28T08:00:00Z")
    );
}

#[test]
fn a_reminder_does_not_re_arm_when_something_else_changes() {
    let title = Title::parse("Other").ok();
    let renamed = edited(
        &sent(),
        TaskPatch {
            title,
            ..TaskPatch::default()
        },
        BEFORE,
    );
    assert_eq!(renamed.reminders, sent().reminders);

    // The list is sent along, with or without ids.
    for id in [Some(sent().reminders[0].id), None] {
        let given = vec![ReminderInput {
            id,
            ..minutes_before(60)
        }];
        let title = Title::parse("Other").ok();
        let patch = TaskPatch {
            title,
            reminders: Some(given),
            ..TaskPatch::default()
        };
        assert_eq!(edited(&sent(), patch, BEFORE).reminders, sent().reminders);
    }
}

#[test]
fn a_reminder_said_otherwise_for_the_same_moment_does_not_re_arm() {
    let id = Some(sent().reminders[0].id);
    let given = vec![ReminderInput {
        id,
        ..remind_at("2026-03-28T07:00:00Z")
    }];
    let patch = TaskPatch {
        reminders: Some(given),
        ..TaskPatch::default()
    };
    let after = edited(&sent(), patch, BEFORE);
    assert_eq!(
        after.reminders[0].when,
        ReminderTime::At(time("2026-03-28T07:00:00Z"))
    );
    assert_eq!(state(&after), (ReminderState::Sent, "2026-03-28T07:00:00Z"));
}

#[test]
fn a_reminder_at_a_moment_does_not_move_with_the_due() {
    let task = created(NewTask {
        due: Some(at("2026-03-28T09:00", "Europe/Berlin")),
        reminders: vec![remind_at("2026-03-28T07:00:00Z")],
        ..plants()
    });
    let reminder = task.reminders[0].clone().sent();
    let task = with_reminder(task, reminder.clone());
    let after = edited(&task, due_at("2026-03-30T09:00"), BEFORE);
    assert_eq!(after.reminders, [reminder]);
}

#[test]
fn a_snoozed_reminder_stays_snoozed_until_its_time_really_changes() {
    let task = reminded();
    let snoozed = task.reminders[0]
        .clone()
        .sent()
        .snooze(time("2026-03-28T09:30:00Z"));
    let task = with_reminder(task, snoozed);
    let title = Title::parse("Other").ok();
    let given = vec![ReminderInput {
        id: Some(task.reminders[0].id),
        ..minutes_before(60)
    }];
    let patch = TaskPatch {
        title,
        reminders: Some(given),
        ..TaskPatch::default()
    };
    let renamed = edited(&task, patch, AFTER);
    assert_eq!(
        state(&renamed),
        (ReminderState::Scheduled, "2026-03-28T09:30:00Z")
    );

    let moved = edited(&task, due_at("2026-03-28T10:00"), AFTER);
    assert_eq!(
        state(&moved),
        (ReminderState::Scheduled, "2026-03-28T08:00:00Z")
    );
}

#[test]
fn one_that_went_off_at_the_very_moment_it_moves_to_stays_sent() {
    let task = reminded();
    let reminder = task.reminders[0]
        .clone()
        .snooze(time("2026-03-28T08:00:00Z"))
        .sent();
    let task = with_reminder(task, reminder);
    let after = edited(&task, due_at("2026-03-28T10:00"), AFTER);
    assert_eq!(state(&after), (ReminderState::Sent, "2026-03-28T08:00:00Z"));
}

#[test]
fn one_in_the_past_fires_once_at_the_next_tick() {
    let new = NewTask {
        reminders: vec![remind_at("2026-03-01T08:00:00Z")],
        ..plants()
    };
    let reminder = created(new).reminders.remove(0);
    assert_eq!(reminder.state, ReminderState::Scheduled);
    assert!(reminder.is_due(time(NOON)));
    assert!(!reminder.clone().sent().is_due(time(NOON)));
    // Moved within the past it is due again.
    let earlier = edited(&sent(), due_at("2026-03-28T08:30"), AFTER);
    assert!(earlier.reminders[0].is_due(time(AFTER)));
}

#[test]
fn a_reminder_is_due_at_its_moment_and_not_before() {
    let reminder = &reminded().reminders[0];
    assert!(!reminder.is_due(time("2026-03-28T06:59:59.999999Z")));
    assert!(reminder.is_due(time("2026-03-28T07:00:00Z")));
}

#[test]
fn one_whose_time_passes_while_its_task_is_completed_or_in_the_trash_is_missed() {
    let completed = reminded().complete(time(BEFORE)).unwrap().after;
    let deleted = reminded().delete(time(BEFORE)).unwrap().after;
    for (now, expected) in [
        (BEFORE, ReminderState::Scheduled),
        (AFTER, ReminderState::Missed),
    ] {
        let reopened = completed
            .clone()
            .reopen(None, time(now))
            .unwrap()
            .task
            .after;
        let undeleted = deleted.clone().undelete(time(now)).unwrap().after;
        assert_eq!(reopened.reminders[0].state, expected, "{now}");
        assert_eq!(undeleted.reminders[0].state, expected, "{now}");
    }
}

#[test]
fn one_that_was_sent_before_its_task_went_away_stays_sent() {
    let completed = sent().complete(time(AFTER)).unwrap().after;
    let reopened = completed
        .reopen(None, time("2026-04-01T00:00:00Z"))
        .unwrap()
        .task
        .after;
    assert_eq!(reopened.reminders[0].state, ReminderState::Sent);
}

#[test]
fn a_missed_reminder_is_armed_again_when_its_time_changes() {
    let completed = reminded().complete(time(BEFORE)).unwrap().after;
    let reopened = completed.reopen(None, time(AFTER)).unwrap().task.after;
    let after = edited(&reopened, due_at("2026-03-30T09:00"), AFTER);
    assert_eq!(after.reminders[0].state, ReminderState::Scheduled);
}

#[test]
fn skipping_arms_reminders_again_at_the_same_distance() {
    let new = NewTask {
        reminders: vec![minutes_before(60), remind_at("2026-03-28T07:30:00Z")],
        ..daily("2026-03-28T09:00")
    };
    let mut task = created(new);
    task.reminders = task.reminders.into_iter().map(Reminder::sent).collect();
    let ids: Vec<_> = task.reminders.iter().map(|reminder| reminder.id).collect();
    let after = task.skip(time("2026-03-28T08:00:00Z")).unwrap().after;
    let moments: Vec<_> = after
        .reminders
        .iter()
        .map(|reminder| reminder.fire_at)
        .collect();
    assert_eq!(
        moments,
        ["2026-03-29T06:00:00Z", "2026-03-29T06:30:00Z"].map(time)
    );
    assert!(
        after
            .reminders
            .iter()
            .all(|one| one.state == ReminderState::Scheduled)
    );
    assert_eq!(
        after.reminders.iter().map(|one| one.id).collect::<Vec<_>>(),
        ids
    );
}

#[test]
fn reminders_that_an_edit_puts_on_one_moment_become_one() {
    let task = created(NewTask {
        due: Some(at("2026-03-28T09:00", "Europe/Berlin")),
        reminders: vec![minutes_before(60), remind_at("2026-03-28T08:00:00Z")],
        ..plants()
    });
    let after = edited(&task, due_at("2026-03-28T10:00"), BEFORE);
    assert_eq!(after.reminders.len(), 1);
    assert_eq!(after.reminders[0].id, task.reminders[0].id);

    // One that is there already wins over a new one.
    let given = vec![remind_at("2026-03-28T07:00:00Z"), minutes_before(60)];
    let patch = TaskPatch {
        reminders: Some(given),
        title: Title::parse("Other").ok(),
        ..TaskPatch::default()
    };
    assert_eq!(
        edited(&reminded(), patch, BEFORE).reminders,
        reminded().reminders
    );
}

#[test]
fn a_reminder_carried_past_the_accepted_years_is_left_out() {
    let new = NewTask {
        due: Some(on("2999-12-01", "UTC")),
        rule: Some(crate::fixtures::rule("monthly")),
        reminders: vec![minutes_before(0), remind_at("2999-12-31T12:00:00Z")],
        ..plants()
    };
    let early = created(NewTask {
        due: Some(on("2999-11-01", "UTC")),
        ..new
    });
    let after = early.skip(time(NOON)).unwrap().after;
    assert_eq!(after.reminders.len(), 1);
    assert_eq!(after.reminders[0].when, minutes_before(0).when);
}
