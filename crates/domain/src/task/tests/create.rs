use jiff::SignedDuration;

use crate::fixtures::{
    CountingIds, NOON, at, created, daily, due, minutes_before, on, owner, plants, remind_at, rule,
    time, zone,
};
use crate::recurrence::{Anchor, RecurrenceMode};
use crate::{DueInput, NewTask, ReminderInput, ReminderTime, Status, Task, Violations};

fn refused(new: NewTask) -> String {
    let mut ids = CountingIds::default();
    let made = Task::create(new, owner(), &zone("UTC"), time(NOON), &mut ids);
    made.map(|change| change.after).unwrap_err().to_string()
}

#[test]
fn what_was_not_said_has_its_default() {
    let task = created(plants());
    assert_eq!(task.priority.as_str(), "medium");
    assert_eq!(task.category.as_str(), "other");
    assert_eq!(task.status, Status::Pending);
    assert_eq!(task.due, None);
    assert_eq!(task.version, 1);
    assert_eq!(task.created_at, time(NOON));
    assert_eq!(task.updated_at, time(NOON));
    assert!(task.is_active());
    assert_eq!(task.etag().as_str(), "v1");
}

#[test]
fn a_due_without_a_zone_is_in_the_profiles_zone() {
    let given = DueInput::AllDay {
        date: "2026-05-01".parse().unwrap(),
        zone: None,
    };
    let new = NewTask {
        due: Some(given),
        ..plants()
    };
    let mut ids = CountingIds::default();
    let berlin = zone("Europe/Berlin");
    let task = Task::create(new, owner(), &berlin, time(NOON), &mut ids)
        .unwrap()
        .after;
    assert_eq!(task.due.as_ref().map(crate::Due::zone), Some(&berlin));
}

#[test]
fn a_series_begins_at_the_due() {
    let task = created(daily("2026-03-28T09:00"));
    let recurrence = task.recurrence.unwrap();
    let first = "2026-03-28T09:00".parse().unwrap();
    assert_eq!(
        recurrence.anchor,
        Anchor::Timed {
            at: first,
            zone: zone("Europe/Berlin")
        }
    );
    assert_eq!(recurrence.scheduled, first);
    assert_eq!(recurrence.index, 0);
    assert_eq!(recurrence.mode, RecurrenceMode::SkipMissed);

    let new = NewTask {
        due: Some(on("2026-01-31", "Asia/Tokyo")),
        rule: Some(rule("monthly")),
        ..plants()
    };
    let recurrence = created(new).recurrence.unwrap();
    let date = "2026-01-31".parse().unwrap();
    assert_eq!(recurrence.anchor, Anchor::AllDay { date });
    assert_eq!(recurrence.scheduled.date(), date);
}

#[test]
fn times_are_truncated_to_microseconds() {
    let given = DueInput::At {
        time: time("2026-05-01T09:00:00.1234569Z"),
        zone: None,
    };
    let new = NewTask {
        due: Some(given),
        reminders: vec![remind_at("2026-05-01T08:00:00.0000009Z")],
        ..plants()
    };
    let task = created(new);
    assert_eq!(
        task.due.unwrap().starts_at(),
        time("2026-05-01T09:00:00.123456Z")
    );
    assert_eq!(
        task.reminders[0].when,
        ReminderTime::At(time("2026-05-01T08:00:00Z"))
    );
    assert_eq!(task.reminders[0].fire_at, time("2026-05-01T08:00:00Z"));
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let new = NewTask {
        due: Some(on("3000-01-01", "UTC")),
        rule: Some(rule("daily")),
        end_date: Some("2026-01-01".parse().unwrap()),
        reminders: vec![
            remind_at("1969-12-31T23:59:59Z"),
            minutes_before(-1),
            minutes_before(366 * 24 * 60 + 1),
            ReminderInput {
                id: None,
                when: ReminderTime::BeforeDue(SignedDuration::from_millis(1_500)),
            },
        ],
        ..plants()
    };
    assert_eq!(
        refused(new),
        "due.date must be a date of the years 1970 to 2999; \
         recurring_end_date must not be before the due; \
         reminders[0].time must be a time of the years 1970 to 2999; \
         reminders[1].before_due must be whole seconds from 0 to 366 days; \
         reminders[2].before_due must be whole seconds from 0 to 366 days; \
         reminders[3].before_due must be whole seconds from 0 to 366 days"
    );
    let time_out_of_range = NewTask {
        due: Some(DueInput::At {
            time: time("3000-01-01T00:00:00Z"),
            zone: None,
        }),
        ..plants()
    };
    assert_eq!(
        refused(time_out_of_range),
        "due.time must be a time of the years 1970 to 2999"
    );
}

#[test]
fn what_needs_a_due_or_a_rule_is_refused_without() {
    let without_due = NewTask {
        rule: Some(rule("daily")),
        reminders: vec![minutes_before(10)],
        ..plants()
    };
    assert_eq!(
        refused(without_due),
        "recurring_rule needs a due; reminders[0].before_due needs a due to count from"
    );
    let without_rule = NewTask {
        due: Some(on("2026-05-01", "UTC")),
        mode: Some(RecurrenceMode::EveryOccurrence),
        end_date: Some("2026-06-01".parse().unwrap()),
        ..plants()
    };
    assert_eq!(
        refused(without_rule),
        "recurrence_mode needs a recurring_rule; recurring_end_date needs a recurring_rule"
    );
    let default_mode = NewTask {
        mode: Some(RecurrenceMode::SkipMissed),
        ..plants()
    };
    assert_eq!(created(default_mode).recurrence, None);
}

#[test]
fn the_series_may_end_on_the_day_of_its_first_due_in_the_dues_zone() {
    let ends = |due, date: &str| NewTask {
        due: Some(due),
        rule: Some(rule("daily")),
        end_date: Some(date.parse().unwrap()),
        ..plants()
    };
    // In Tokyo it is already the second, in UTC still the first.
    let early = || at("2026-03-02T01:00", "Asia/Tokyo");
    created(ends(early(), "2026-03-02"));
    let before = "recurring_end_date must not be before the due";
    assert_eq!(refused(ends(early(), "2026-03-01")), before);
    let out_of_range = "recurring_end_date must be a date of the years 1970 to 2999";
    assert_eq!(refused(ends(early(), "3000-01-01")), out_of_range);
}

#[test]
fn more_than_five_reminders_are_refused() {
    let with = |count: i64| NewTask {
        due: Some(on("2026-05-01", "UTC")),
        reminders: (0..count).map(minutes_before).collect(),
        ..plants()
    };
    assert_eq!(created(with(5)).reminders.len(), 5);
    assert_eq!(refused(with(6)), "reminders must have at most 5 entries");
}

#[test]
fn reminders_that_mean_one_moment_are_one() {
    let new = NewTask {
        due: Some(at("2026-05-01T09:00", "UTC")),
        reminders: vec![
            minutes_before(60),
            remind_at("2026-05-01T08:00:00Z"),
            minutes_before(60),
            minutes_before(0),
        ],
        ..plants()
    };
    let times: Vec<_> = created(new)
        .reminders
        .iter()
        .map(|reminder| reminder.when)
        .collect();
    assert_eq!(times, [minutes_before(60).when, minutes_before(0).when]);
}

#[test]
fn the_ids_of_given_reminders_are_ignored() {
    let given = crate::ReminderId(uuid::Uuid::max());
    let reminder = ReminderInput {
        id: Some(given),
        ..remind_at("2026-05-01T08:00:00Z")
    };
    let task = created(NewTask {
        reminders: vec![reminder, reminder],
        ..plants()
    });
    assert_eq!(task.reminders.len(), 1);
    assert_ne!(task.reminders[0].id, given);
}

#[test]
fn a_reminder_before_an_all_day_due_counts_from_midnight_in_the_dues_zone() {
    let new = NewTask {
        due: Some(on("2026-05-01", "Asia/Tokyo")),
        reminders: vec![minutes_before(60)],
        ..plants()
    };
    let task = created(new);
    assert_eq!(task.due, Some(due(on("2026-05-01", "Asia/Tokyo"))));
    assert_eq!(task.reminders[0].fire_at, time("2026-04-30T14:00:00Z"));
}

#[test]
fn violations_are_named_from_outside() {
    let violations = Violations::one("reminders[1].before_due", "needs a due to count from");
    assert_eq!(
        violations.scoped("task").to_string(),
        "task.reminders[1].before_due needs a due to count from"
    );
}
