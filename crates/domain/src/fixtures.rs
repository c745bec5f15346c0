//! Tasks to test with, and ids that count.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::recurrence::{RecurrenceRule, TimeZoneName};
use crate::{
    Due, DueInput, EventId, NewIds, NewTask, ReminderId, ReminderInput, ReminderTime, SeriesScope,
    Task, TaskError, TaskId, TaskPatch, Title, UserId,
};

pub(crate) mod strategies;

/// When the tasks of tests are made.
pub(crate) const NOON: &str = "2026-03-02T12:00:00Z";

/// Ids 1, 2, 3, …
#[derive(Default)]
pub(crate) struct CountingIds(u128);

impl CountingIds {
    /// Ids that no other source of a test has given out.
    pub(crate) fn from(first: u128) -> Self {
        Self(first)
    }

    fn next(&mut self) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }
}

impl NewIds for CountingIds {
    fn task_id(&mut self) -> TaskId {
        TaskId(self.next())
    }

    fn reminder_id(&mut self) -> ReminderId {
        ReminderId(self.next())
    }

    fn event_id(&mut self) -> EventId {
        EventId(self.next())
    }
}

pub(crate) fn zone(name: &str) -> TimeZoneName {
    name.parse().unwrap()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn rule(text: &str) -> RecurrenceRule {
    text.parse().unwrap()
}

pub(crate) fn owner() -> UserId {
    UserId::parse("alice").unwrap()
}

/// The task that everything is tried on.
pub(crate) fn plants() -> NewTask {
    NewTask::titled(Title::parse("Water the plants").unwrap())
}

/// Due at a wall time, such as `2026-03-28T09:00`.
pub(crate) fn at(local: &str, zone_name: &str) -> DueInput {
    let zone = zone(zone_name);
    let time = zone.instant(local.parse().unwrap()).unwrap();
    DueInput::At {
        time,
        zone: Some(zone),
    }
}

/// Due on a date, such as `2026-03-28`.
pub(crate) fn on(date: &str, zone_name: &str) -> DueInput {
    DueInput::AllDay {
        date: date.parse().unwrap(),
        zone: Some(zone(zone_name)),
    }
}

/// The due as a task has it.
pub(crate) fn due(input: DueInput) -> Due {
    input.in_zone(&zone("UTC"))
}

/// A new reminder that counts from the due.
pub(crate) fn minutes_before(minutes: i64) -> ReminderInput {
    let before = SignedDuration::from_mins(minutes);
    ReminderInput {
        id: None,
        when: ReminderTime::BeforeDue(before),
    }
}

/// A new reminder at a moment.
pub(crate) fn remind_at(text: &str) -> ReminderInput {
    ReminderInput {
        id: None,
        when: ReminderTime::At(time(text)),
    }
}

/// A task as [`Task::create`] makes it at [`NOON`].
pub(crate) fn created(new: NewTask) -> Task {
    let mut ids = CountingIds::default();
    Task::create(new, owner(), &zone("UTC"), time(NOON), &mut ids)
        .unwrap()
        .after
}

/// A daily task, due at nine in Berlin.
pub(crate) fn daily(first_due: &str) -> NewTask {
    NewTask {
        due: Some(at(first_due, "Europe/Berlin")),
        rule: Some(rule("daily")),
        ..plants()
    }
}

/// The task after an edit for this and what follows, which must change something.
pub(crate) fn edited(task: &Task, patch: TaskPatch, now: &str) -> Task {
    let change = edit(task, patch, SeriesScope::ThisAndFollowing, now);
    change.unwrap().expect("the patch changes something")
}

/// What an edit makes of a task.
pub(crate) fn edit(
    task: &Task,
    patch: TaskPatch,
    scope: SeriesScope,
    now: &str,
) -> Result<Option<Task>, TaskError> {
    let mut ids = CountingIds::from(1_000);
    let change = task
        .clone()
        .update(patch, scope, &zone("UTC"), time(now), &mut ids)?;
    Ok(change.map(|change| change.after))
}

/// The violations of an edit that is refused.
pub(crate) fn refused(task: &Task, patch: TaskPatch) -> String {
    match edit(task, patch, SeriesScope::ThisAndFollowing, NOON) {
        Err(TaskError::Violations(violations)) => violations.to_string(),
        other => panic!("{other:?}"),
    }
}
