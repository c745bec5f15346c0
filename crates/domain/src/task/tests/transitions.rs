//! Every state of a task against every transition.

use crate::fixtures::{CountingIds, created, daily, minutes_before, plants, time, zone};
use crate::recurrence::EndReason;
use crate::{NewTask, SeriesScope, Status, Task, TaskError, TaskPatch, Title};

const NOW: &str = "2026-03-10T12:00:00Z";

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Pending,
    Completed,
    Deleted,
    CompletedAndDeleted,
}

const STATES: [State; 4] = [
    State::Pending,
    State::Completed,
    State::Deleted,
    State::CompletedAndDeleted,
];

type Outcome = Result<(Status, bool), TaskError>;

fn in_state(new: NewTask, state: State) -> Task {
    let task = created(new);
    let earlier = time("2026-03-05T12:00:00Z");
    match state {
        State::Pending => task,
        State::Completed => task.complete(earlier).unwrap().after,
        State::Deleted => task.delete(earlier).unwrap().after,
        State::CompletedAndDeleted => {
            task.complete(earlier)
                .unwrap()
                .after
                .delete(earlier)
                .unwrap()
                .after
        }
    }
}

/// The status and whether it is in the trash, after checking what every change has in common.
fn outcome(before: &Task, change: Result<crate::Change, TaskError>) -> Outcome {
    let change = change?;
    assert_eq!(change.before.as_ref(), Some(before));
    assert_eq!(change.after.version, before.version + 1);
    assert_eq!(change.after.updated_at, time(NOW));
    assert_eq!(change.after.created_at, before.created_at);
    assert_eq!(change.after.id, before.id);
    assert_eq!(change.after.user_id, before.user_id);
    Ok((change.after.status, change.after.is_deleted()))
}

#[test]
fn completing() {
    let done = Status::Completed { at: time(NOW) };
    for state in STATES {
        let task = in_state(plants(), state);
        let expected = match state {
            State::Pending => Ok((done, false)),
            State::Completed => Err(TaskError::Completed),
            State::Deleted | State::CompletedAndDeleted => Err(TaskError::Deleted),
        };
        assert_eq!(
            outcome(&task, task.clone().complete(time(NOW))),
            expected,
            "{state:?}"
        );
    }
}

#[test]
fn reopening() {
    for state in STATES {
        let task = in_state(plants(), state);
        let expected = match state {
            State::Pending => Err(TaskError::Pending),
            State::Completed => Ok((Status::Pending, false)),
            State::Deleted | State::CompletedAndDeleted => Err(TaskError::Deleted),
        };
        let reopened = task
            .clone()
            .reopen(None, time(NOW))
            .map(|reopened| reopened.task);
        assert_eq!(outcome(&task, reopened), expected, "{state:?}");
    }
}

#[test]
fn deleting() {
    for state in STATES {
        let task = in_state(plants(), state);
        let expected = match state {
            State::Pending | State::Completed => Ok((task.status, true)),
            State::Deleted | State::CompletedAndDeleted => Err(TaskError::Deleted),
        };
        assert_eq!(
            outcome(&task, task.clone().delete(time(NOW))),
            expected,
            "{state:?}"
        );
    }
}

#[test]
fn undeleting() {
    for state in STATES {
        let task = in_state(plants(), state);
        let expected = match state {
            State::Pending | State::Completed => Err(TaskError::NotDeleted),
            State::Deleted | State::CompletedAndDeleted => Ok((task.status, false)),
        };
        assert_eq!(
            outcome(&task, task.clone().undelete(time(NOW))),
            expected,
            "{state:?}"
        );
    }
}

#[test]
fn updating() {
    for state in STATES {
        let task = in_state(plants(), state);
        let expected = match state {
            State::Pending | State::Completed => Ok((task.status, false)),
            State::Deleted | State::CompletedAndDeleted => Err(TaskError::Deleted),
        };
        let patch = TaskPatch {
            title: Title::parse("Other").ok(),
            ..TaskPatch::default()
        };
        let mut ids = CountingIds::from(100);
        let scope = SeriesScope::default();
        let updated = task
            .clone()
            .update(patch, scope, &zone("UTC"), time(NOW), &mut ids);
        let change = updated.map(|change| change.expect("another title"));
        assert_eq!(outcome(&task, change), expected, "{state:?}");
    }
}

#[test]
fn skipping() {
    let last = || NewTask {
        rule: Some(crate::fixtures::rule("FREQ=DAILY;COUNT=1")),
        ..daily("2026-03-10T09:00")
    };
    for state in STATES {
        let expected = |possible: Outcome| match state {
            State::Pending => possible,
            State::Completed => Err(TaskError::Completed),
            State::Deleted | State::CompletedAndDeleted => Err(TaskError::Deleted),
        };
        let skip = |new| {
            let task = in_state(new, state);
            outcome(&task, task.clone().skip(time(NOW)))
        };
        let recurring = skip(daily("2026-03-10T09:00"));
        assert_eq!(
            recurring,
            expected(Ok((Status::Pending, false))),
            "{state:?}"
        );
        assert_eq!(
            skip(plants()),
            expected(Err(TaskError::NotRecurring)),
            "{state:?}"
        );
        let ended = Err(TaskError::SeriesEnded(EndReason::Count));
        assert_eq!(skip(last()), expected(ended), "{state:?}");
    }
}

#[test]
fn snoozing() {
    for state in STATES {
        let new = NewTask {
            reminders: vec![minutes_before(5)],
            ..daily("2026-03-10T09:00")
        };
        let task = in_state(new, state);
        let expected = match state {
            State::Pending => Ok(time("2026-03-11T00:00:00Z")),
            State::Completed => Err(TaskError::Completed),
            State::Deleted | State::CompletedAndDeleted => Err(TaskError::Deleted),
        };
        let id = task.reminders[0].id;
        let snoozed = task.snooze(id, time("2026-03-11T00:00:00Z"));
        assert_eq!(
            snoozed.map(|reminder| reminder.fire_at),
            expected,
            "{state:?}"
        );
    }
    let task = created(plants());
    let gone = task.snooze(crate::ReminderId(uuid::Uuid::nil()), time(NOW));
    assert_eq!(gone, Err(TaskError::ReminderGone));
}

#[test]
fn only_a_completed_recurring_task_has_a_successor() {
    for state in STATES {
        let follows = |new| {
            let task = in_state(new, state);
            task.successor(time(NOW), &mut CountingIds::from(100))
                .is_some()
        };
        let is_completed = matches!(state, State::Completed | State::CompletedAndDeleted);
        assert_eq!(
            follows(daily("2026-03-05T09:00")),
            is_completed,
            "{state:?}"
        );
        assert!(!follows(plants()), "{state:?}");
    }
}

#[test]
fn an_etag_of_another_state_is_refused() {
    let task = created(plants());
    let seen = task.etag();
    assert_eq!(task.check_etag(Some(&seen)), Ok(()));
    assert_eq!(task.check_etag(None), Ok(()));
    let later = task.complete(time(NOW)).unwrap().after;
    assert_eq!(later.check_etag(Some(&seen)), Err(TaskError::EtagMismatch));
}
