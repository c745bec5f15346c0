use crate::fixtures::{
    CountingIds, at, created, daily, due, edit, minutes_before, plants, remind_at, rule, time,
};
use crate::{
    Category, ChangeKind, Description, NewTask, Priority, ReminderState, ReminderTime, SeriesScope,
    Status, Tags, Task, TaskPatch,
};

const DONE: &str = "2026-03-28T10:00:00Z";
const LATER: &str = "2026-03-28T10:00:05Z";

fn completed(new: NewTask) -> Task {
    created(new).complete(time(DONE)).unwrap().after
}

fn successor(task: &Task) -> Option<(Task, Task)> {
    let follows = task.successor(time(LATER), &mut CountingIds::from(500))?;
    let (predecessor, change) = follows;
    assert_eq!((change.kind, &change.before), (ChangeKind::Created, &None));
    Some((predecessor, change.after))
}

#[test]
fn a_successor_is_the_same_task_at_the_next_occurrence() {
    let new = NewTask {
        description: Description::parse("the fern too").unwrap(),
        priority: Some(Priority::High),
        category: Category::parse("home").ok(),
        tags: Tags::parse(["garden"]).unwrap(),
        reminders: vec![minutes_before(30), remind_at("2026-03-27T17:00:00Z")],
        ..daily("2026-03-28T09:00")
    };
    let first = completed(new);
    let (linked, next) = successor(&first).unwrap();
    assert_eq!(next.title, first.title);
    assert_eq!(next.description, first.description);
    assert_eq!(
        (next.priority, next.category),
        (first.priority, first.category)
    );
    assert_eq!((&next.tags, &next.user_id), (&first.tags, &first.user_id));
    assert_eq!(next.status, Status::Pending);
    // The clocks went forward in between, and nine stays nine.
    assert_eq!(next.due, Some(due(at("2026-03-29T09:00", "Europe/Berlin"))));
    assert_eq!(
        next.due.as_ref().unwrap().starts_at(),
        time("2026-03-29T07:00:00Z")
    );
    assert_eq!(next.recurrence.as_ref().unwrap().index, 1);
    assert_eq!(next.parent_task_id, Some(first.id));
    assert_eq!(next.predecessor_task_id, Some(first.id));
    assert_eq!((next.successor_task_id, next.deleted_at), (None, None));
    assert_eq!(
        (next.version, next.created_at, next.updated_at),
        (1, time(LATER), time(LATER))
    );
    assert!(
        next.reminders
            .iter()
            .all(|one| one.state == ReminderState::Scheduled)
    );
    assert!(
        next.reminders
            .iter()
            .all(|one| first.reminder(one.id).is_none())
    );
    assert_eq!(
        linked,
        Task {
            successor_task_id: Some(next.id),
            ..first
        }
    );
}

#[test]
fn the_first_of_the_series_stays_the_parent_of_all() {
    let first = completed(daily("2026-03-28T09:00"));
    let (_, second) = successor(&first).unwrap();
    let second = second.complete(time("2026-03-29T10:00:00Z")).unwrap().after;
    let third = second
        .successor(time(LATER), &mut CountingIds::from(600))
        .unwrap()
        .1
        .after;
    assert_eq!(third.parent_task_id, Some(first.id));
    assert_eq!(third.predecessor_task_id, Some(second.id));
    assert_eq!(third.recurrence.unwrap().index, 2);
}

#[test]
fn one_completion_has_one_successor() {
    let (linked, _) = successor(&completed(daily("2026-03-28T09:00"))).unwrap();
    assert_eq!(successor(&linked), None);
}

#[test]
fn a_completed_task_in_the_trash_still_has_a_successor() {
    let deleted = completed(daily("2026-03-28T09:00"))
        .delete(time(DONE))
        .unwrap()
        .after;
    assert!(successor(&deleted).is_some());
}

#[test]
fn a_series_ends_by_count_until_and_end_date() {
    let with_rule = |text| NewTask {
        rule: Some(rule(text)),
        ..daily("2026-03-28T09:00")
    };
    let ends = |date: &str| NewTask {
        end_date: date.parse().ok(),
        ..daily("2026-03-28T09:00")
    };
    let table = [
        (with_rule("FREQ=DAILY;COUNT=1"), false),
        (with_rule("FREQ=DAILY;COUNT=2"), true),
        (with_rule("FREQ=DAILY;UNTIL=20260329T065959Z"), false),
        (with_rule("FREQ=DAILY;UNTIL=20260329T070000Z"), true),
        (ends("2026-03-28"), false),
        (ends("2026-03-29"), true),
    ];
    for (new, goes_on) in table {
        let task = completed(new);
        assert_eq!(successor(&task).is_some(), goes_on, "{:?}", task.recurrence);
    }
}

#[test]
fn reminders_keep_their_distance_across_a_clock_change() {
    let eve = "2026-03-27T17:00:00Z";
    let after = "2026-03-28T12:00:00Z";
    let new = NewTask {
        reminders: vec![minutes_before(120), remind_at(eve), remind_at(after)],
        ..daily("2026-03-28T09:00")
    };
    let (_, next) = successor(&completed(new)).unwrap();
    let moments: Vec<_> = next
        .reminders
        .iter()
        .map(|reminder| reminder.fire_at)
        .collect();
    // Two hours before nine; on the eve still at 18:00; in the afternoon still at 13:00.
    let expected = [
        "2026-03-29T05:00:00Z",
        "2026-03-28T17:00:00Z",
        "2026-03-29T11:00:00Z",
    ]
    .map(time);
    assert_eq!(moments, expected);
    assert_eq!(next.reminders[0].when, minutes_before(120).when);
    assert_eq!(next.reminders[1].when, ReminderTime::At(expected[1]));
}

#[test]
fn a_due_in_the_gap_of_a_clock_change_does_not_drag_reminders_along() {
    // 2:30 does not exist on the 29th; the reminder at 1:30 does.
    let new = NewTask {
        reminders: vec![remind_at("2026-03-28T00:30:00Z")],
        ..daily("2026-03-28T02:30")
    };
    let (_, second) = successor(&completed(new)).unwrap();
    assert_eq!(
        second.due,
        Some(due(at("2026-03-29T03:30", "Europe/Berlin")))
    );
    assert_eq!(second.reminders[0].fire_at, time("2026-03-29T00:30:00Z"));
    let second = second.complete(time("2026-03-29T02:00:00Z")).unwrap().after;
    let third = second
        .successor(time(LATER), &mut CountingIds::from(600))
        .unwrap()
        .1
        .after;
    assert_eq!(
        third.due,
        Some(due(at("2026-03-30T02:30", "Europe/Berlin")))
    );
    assert_eq!(third.reminders[0].fire_at, time("2026-03-29T23:30:00Z"));
}

#[test]
fn the_distance_is_that_to_a_due_that_was_moved_alone() {
    let new = NewTask {
        reminders: vec![remind_at("2026-03-10T07:00:00Z")],
        ..daily("2026-03-10T09:00")
    };
    let task = created(new);
    let given = Some(Some(at("2026-03-10T12:00", "Europe/Berlin")));
    let patch = TaskPatch {
        due: given,
        ..TaskPatch::default()
    };
    let moved = edit(
        &task,
        patch,
        SeriesScope::ThisOccurrence,
        "2026-03-09T00:00:00Z",
    );
    let done = moved
        .unwrap()
        .unwrap()
        .complete(time("2026-03-10T12:00:00Z"))
        .unwrap()
        .after;
    let (_, next) = successor(&done).unwrap();
    assert_eq!(next.due, Some(due(at("2026-03-11T09:00", "Europe/Berlin"))));
    // Four hours before noon became four hours before nine.
    assert_eq!(next.reminders[0].fire_at, time("2026-03-11T04:00:00Z"));
}

#[test]
fn a_snoozed_or_sent_reminder_is_carried_from_where_it_was_meant() {
    let new = NewTask {
        reminders: vec![remind_at("2026-03-28T07:00:00Z")],
        ..daily("2026-03-28T09:00")
    };
    let mut task = created(new);
    task.reminders[0] = task.reminders[0]
        .clone()
        .sent()
        .snooze(time("2026-03-28T09:45:00Z"))
        .sent();
    let done = task.complete(time(DONE)).unwrap().after;
    let (_, next) = successor(&done).unwrap();
    assert_eq!(next.reminders[0].fire_at, time("2026-03-29T06:00:00Z"));
    assert_eq!(next.reminders[0].state, ReminderState::Scheduled);
}

#[test]
fn only_an_untouched_successor_is_taken_back() {
    let (_, fresh) = successor(&completed(daily("2026-03-28T09:00"))).unwrap();
    let taken = Task::take_back(fresh.clone(), time(LATER)).unwrap();
    assert_eq!(taken.kind, ChangeKind::Deleted);
    assert_eq!(taken.after.deleted_at, Some(time(LATER)));
    assert_eq!(taken.after.predecessor_task_id, None);
    assert_eq!(taken.after.version, 2);

    let touched = fresh.clone().complete(time(LATER)).unwrap().after;
    let deleted = fresh.clone().delete(time(LATER)).unwrap().after;
    let back = deleted.clone().undelete(time(LATER)).unwrap().after;
    for task in [touched, deleted, back] {
        assert_eq!(Task::take_back(task, time(LATER)), None);
    }
}

#[test]
fn reopening_forgets_a_successor_that_was_taken_back_and_keeps_a_touched_one() {
    let (linked, fresh) = successor(&completed(daily("2026-03-28T09:00"))).unwrap();
    let reopened = linked
        .clone()
        .reopen(Some(fresh.clone()), time(LATER))
        .unwrap();
    assert_eq!(reopened.task.after.successor_task_id, None);
    assert_eq!(reopened.taken_back.unwrap().after.id, fresh.id);
    assert_eq!(
        reopened.task.changed_fields(),
        ["status", "successor_task_id", "completed_at"]
    );

    let touched = fresh.skip(time(LATER)).unwrap().after;
    let reopened = linked.clone().reopen(Some(touched), time(LATER)).unwrap();
    assert_eq!(
        reopened.task.after.successor_task_id,
        linked.successor_task_id
    );
    assert_eq!(reopened.taken_back, None);
    let again = reopened.task.after.complete(time(LATER)).unwrap().after;
    assert_eq!(successor(&again), None);

    // One that was purged from the trash had been touched.
    let reopened = linked.clone().reopen(None, time(LATER)).unwrap();
    assert_eq!(
        reopened.task.after.successor_task_id,
        linked.successor_task_id
    );
}

#[test]
fn reopening_takes_back_no_task_but_the_successor() {
    let (linked, _) = successor(&completed(daily("2026-03-28T09:00"))).unwrap();
    let stranger = created(plants());
    let reopened = linked.reopen(Some(stranger), time(LATER)).unwrap();
    assert_eq!(reopened.taken_back, None);
}
