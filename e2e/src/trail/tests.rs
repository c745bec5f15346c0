//! An oracle that finds nothing wrong proves nothing unless it can.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proto::{
    v1::{AuditLog, Notification, Reminder, ReminderState, Task, TaskStatus},
    wkt::Timestamp,
};

use super::*;
use crate::journal::{Change, Journal};

/// When it all begins, in seconds.
const HAPPENED: i64 = 1_000;

/// When all of it is read.
const READ: i64 = 5_000;

/// What happened to a user's tasks, as far as it was written down.
#[derive(Default)]
struct Story {
    trail: Trail,
    journal: Option<Journal>,
}

impl Story {
    fn tell(&mut self, event_type: &str, before: Option<&Task>, after: &Task) -> &mut AuditLog {
        let sequence = i64::try_from(self.trail.logs.len() + 1).unwrap();
        self.trail.logs.push(AuditLog {
            id: format!("event-{sequence}"),
            sequence,
            event_type: event_type.to_owned(),
            occurred_at: Some(at(HAPPENED + sequence)),
            entity_id: after.id.clone(),
            before: before.cloned(),
            after: Some(after.clone()),
            ..AuditLog::default()
        });
        self.trail.logs.last_mut().unwrap()
    }

    fn ask(&mut self, change: Change, answer: &Task) {
        let journal = self.journal.get_or_insert_with(|| Journal::new("ann"));
        journal.note(change, Some(answer.clone()));
    }

    fn keep(&mut self, task: &Task) {
        self.trail.tasks.insert(task.id.clone(), task.clone());
    }

    /// Whether the oracle is content.
    fn holds(&self) -> bool {
        let looking = AssertUnwindSafe(|| {
            self.trail.assert_whole("ann");
            self.journal.as_ref().unwrap().assert_told_by(&self.trail);
        });
        catch_unwind(looking).is_ok()
    }

    /// Takes an entry away and closes the gap, as if it had never been written.
    fn lose(&mut self, sequence: usize) {
        self.trail.logs.remove(sequence - 1);
        for (number, log) in (1..).zip(&mut self.trail.logs) {
            log.sequence = number;
        }
    }

    fn repeat(&mut self, sequence: usize) {
        let log = self.trail.logs[sequence - 1].clone();
        let again = self.tell(&log.event_type, None, log.after.as_ref().unwrap());
        again.before = log.before;
    }

    fn task(&mut self, id: &str) -> &mut Task {
        self.trail.tasks.get_mut(id).unwrap()
    }
}

fn at(second: i64) -> Timestamp {
    jiff::Timestamp::from_second(second).unwrap().into()
}

fn new_task(id: &str, title: &str) -> Task {
    let mut task = Task {
        id: id.to_owned(),
        title: title.to_owned(),
        version: 1,
        ..Task::default()
    };
    task.set_status(TaskStatus::Pending);
    task
}

fn changed(task: &Task, change: impl FnOnce(&mut Task)) -> Task {
    let mut task = Task {
        version: task.version + 1,
        ..task.clone()
    };
    change(&mut task);
    task
}

fn complete(task: &mut Task) {
    task.set_status(TaskStatus::Completed);
    task.completed_at = Some(at(HAPPENED));
}

fn reopen(task: &mut Task) {
    task.set_status(TaskStatus::Pending);
    task.completed_at = None;
}

/// A daily task is completed, reopened and completed again, so that what follows it first is taken
/// back; another task reminds of itself.
///
/// Entries: 1 and 2 the task and its completion, 3 what follows, 4 and 5 that taken back and the task
/// reopened, 6 its completion, 7 what follows now, 8 and 9 the other task and its reminder.
fn story() -> Story {
    let mut story = Story::default();
    story.trail.read_at = jiff::Timestamp::from_second(READ).unwrap();

    let mut task = new_task("daily", "Water the plants");
    "daily".clone_into(&mut task.recurring_rule);
    story.tell("task.created", None, &task);
    story.ask(Change::Create(Box::new(task.clone())), &task);
    let done = changed(&task, complete);
    story.tell("task.completed", None, &done);
    let id = || "daily".to_owned();
    story.ask(Change::Complete { id: id() }, &done);

    let follow = |id: &str| Task {
        id: id.to_owned(),
        predecessor_task_id: "daily".to_owned(),
        ..task.clone()
    };
    story.tell("task.created", None, &follow("first"));
    let taken_back = changed(&follow("first"), |task| {
        task.deleted_at = Some(at(HAPPENED));
        task.predecessor_task_id.clear();
    });
    story.tell("task.deleted", None, &taken_back);
    story.keep(&taken_back);
    let reopened = changed(&done, reopen);
    story.tell("task.updated", Some(&done), &reopened);
    story.ask(Change::Reopen { id: id() }, &reopened);
    let done = changed(&reopened, complete);
    story.tell("task.completed", None, &done);
    story.ask(Change::Complete { id: id() }, &done);
    story.tell("task.created", None, &follow("second"));
    story.keep(&follow("second"));
    story.keep(&Task {
        successor_task_id: "second".to_owned(),
        ..done
    });

    let mut other = new_task("other", "Call Ann");
    let mut reminder = Reminder {
        id: "reminder".to_owned(),
        fire_at: Some(at(HAPPENED + 20)),
        ..Reminder::default()
    };
    reminder.set_state(ReminderState::Scheduled);
    other.reminders.push(reminder);
    story.tell("task.created", None, &other);
    story.ask(Change::Create(Box::new(other.clone())), &other);
    other.reminders[0].set_state(ReminderState::Sent);
    story.tell("reminder.due", None, &other);
    story.keep(&other);
    story.trail.notifications.push(notification("event-9"));
    story
}

fn notification(event_id: &str) -> Notification {
    Notification {
        id: event_id.to_owned(),
        task_id: "other".to_owned(),
        reminder_id: "reminder".to_owned(),
        ..Notification::default()
    }
}

#[test]
fn what_is_whole_is_found_whole() {
    let mut story = story();
    assert!(story.holds());
    assert!(story.trail.is_settled());
    assert_eq!(
        story.trail.counts(),
        Counts {
            audited: 9,
            followed: 2,
            taken_back: 1,
            reminded: 1,
            missed: 0,
            notified: 1,
        }
    );
    // What nobody answered may have happened or not.
    let journal = story.journal.as_mut().unwrap();
    journal.note(Change::Create(Box::new(new_task("", "Unheard of"))), None);
    let id = "second".to_owned();
    journal.note(Change::Delete { id }, None);
    assert!(story.holds());
}

#[test]
fn every_entry_that_is_lost_or_doubled_is_missed() {
    for sequence in 1..=9 {
        let mut lost = story();
        lost.lose(sequence);
        assert!(!lost.holds(), "{sequence} lost");
        let mut doubled = story();
        doubled.repeat(sequence);
        assert!(!doubled.holds(), "{sequence} doubled");
    }
    let mut gap = story();
    gap.trail.logs[8].sequence = 10;
    assert!(!gap.holds());
}

#[test]
fn an_acknowledged_change_that_is_nowhere_is_missed() {
    let mut story = story();
    let lost = new_task("lost", "Lost");
    story.ask(Change::Create(Box::new(lost.clone())), &lost);
    assert!(!story.holds());
}

#[test]
fn a_change_that_nobody_asked_for_is_found() {
    let mut story = story();
    let other = story.task("other").clone();
    let done = changed(&other, complete);
    story.tell("task.completed", None, &done);
    story.keep(&done);
    assert!(!story.holds());
}

#[test]
fn a_second_successor_and_one_that_is_missing_are_found() {
    let mut second = story();
    let third = Task {
        id: "third".to_owned(),
        ..second.task("second").clone()
    };
    second.tell("task.created", None, &third);
    second.keep(&third);
    assert!(!second.holds());

    let mut missing = story();
    missing.lose(7);
    missing.trail.tasks.remove("second");
    missing.task("daily").successor_task_id.clear();
    assert!(!missing.trail.is_settled());
    assert!(!missing.holds());

    let mut unlinked = story();
    unlinked.task("daily").successor_task_id.clear();
    assert!(!unlinked.holds());
}

#[test]
fn a_successor_that_was_not_taken_back_is_found() {
    let mut story = story();
    story.lose(4);
    story.trail.tasks.remove("first");
    assert!(!story.holds());
}

#[test]
fn every_reminder_that_is_lost_or_doubled_is_missed() {
    let mut untold = story();
    untold.trail.notifications.clear();
    assert!(!untold.holds());

    let mut twice = story();
    let other = twice.task("other").clone();
    twice.tell("reminder.due", None, &other);
    twice.trail.notifications.push(notification("event-10"));
    assert!(!twice.holds());

    for state in [ReminderState::Scheduled, ReminderState::Missed] {
        let mut forgotten = story();
        forgotten.lose(9);
        forgotten.trail.notifications.clear();
        forgotten.task("other").reminders[0].set_state(state);
        assert!(!forgotten.holds(), "{state:?}");
    }
}

#[test]
fn a_state_that_is_not_what_was_told_is_found() {
    let mut story = story();
    "Call Bob".clone_into(&mut story.task("other").title);
    assert!(!story.holds());
}
