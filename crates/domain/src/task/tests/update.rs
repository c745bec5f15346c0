use proptest::prelude::*;

use crate::fixtures::strategies::{Edit, edits, tasks};
use crate::fixtures::{
    CountingIds, NOON, at, created, daily, due, edit, edited, minutes_before, on, owner, plants,
    refused, rule, time, zone,
};
use crate::recurrence::RecurrenceMode;
use crate::{
    Category, Description, NewTask, Priority, ReminderInput, SeriesScope, Tags, Task, TaskError,
    TaskPatch, Title,
};

const LATER: &str = "2026-03-03T12:00:00Z";

#[test]
fn every_named_field_changes_and_no_other() {
    let task = created(NewTask {
        due: Some(on("2026-05-01", "UTC")),
        ..plants()
    });
    let patch = TaskPatch {
        title: Title::parse("Feed the cat").ok(),
        description: Description::parse("twice").ok(),
        priority: Some(Priority::High),
        category: Category::parse("home").ok(),
        tags: Tags::parse(["cat"]).ok(),
        due: Some(Some(on("2026-05-02", "UTC"))),
        rule: Some(Some(rule("weekly"))),
        mode: Some(RecurrenceMode::EveryOccurrence),
        end_date: Some("2026-12-31".parse().ok()),
        reminders: Some(vec![minutes_before(30)]),
    };
    let after = edited(&task, patch.clone(), LATER);
    assert_eq!(Some(after.title.clone()), patch.title);
    assert_eq!(Some(after.description.clone()), patch.description);
    assert_eq!(Some(after.priority), patch.priority);
    assert_eq!(Some(after.category), patch.category);
    assert_eq!(Some(after.tags.clone()), patch.tags);
    assert_eq!(after.due, Some(due(on("2026-05-02", "UTC"))));
    let recurrence = after.recurrence.clone().unwrap();
    assert_eq!(Some(Some(recurrence.rule)), patch.rule);
    assert_eq!(Some(recurrence.mode), patch.mode);
    assert_eq!(Some(recurrence.end_date), patch.end_date);
    assert_eq!(after.reminders[0].when, minutes_before(30).when);
    assert_eq!((after.version, after.updated_at), (2, time(LATER)));
    assert_eq!((after.id, after.created_at), (task.id, task.created_at));

    let cleared = TaskPatch {
        description: Some(Description::default()),
        tags: Some(Tags::default()),
        due: Some(None),
        rule: Some(None),
        end_date: Some(None),
        reminders: Some(Vec::new()),
        ..TaskPatch::default()
    };
    let bare = edited(&after, cleared, LATER);
    assert!(bare.description.is_empty() && bare.tags.is_empty() && bare.reminders.is_empty());
    assert_eq!((bare.due, bare.recurrence), (None, None));
    assert_eq!(bare.title, after.title);
}

#[test]
fn a_change_that_changes_nothing_is_none() {
    let new = NewTask {
        reminders: vec![minutes_before(5)],
        ..daily("2026-03-28T09:00")
    };
    let task = created(new);
    let same = TaskPatch {
        title: Some(task.title.clone()),
        due: Some(Some(at("2026-03-28T09:00", "europe/berlin"))),
        rule: Some(Some(rule("DAILY"))),
        mode: Some(RecurrenceMode::SkipMissed),
        end_date: Some(None),
        reminders: Some(vec![minutes_before(5)]),
        ..TaskPatch::default()
    };
    for patch in [TaskPatch::default(), same] {
        assert_eq!(edit(&task, patch, SeriesScope::default(), LATER), Ok(None));
    }
}

#[test]
fn what_is_needed_cannot_go() {
    let new = NewTask {
        reminders: vec![minutes_before(5)],
        ..daily("2026-03-28T09:00")
    };
    let task = created(new);
    let no_due = || TaskPatch {
        due: Some(None),
        ..TaskPatch::default()
    };
    assert_eq!(
        refused(&task, no_due()),
        "due must stay while the task recurs; due must stay while a reminder counts from it"
    );
    // Whoever sends rule and reminders along is told of those.
    let patch = TaskPatch {
        rule: Some(Some(rule("daily"))),
        reminders: Some(vec![minutes_before(5)]),
        ..no_due()
    };
    assert_eq!(
        refused(&task, patch),
        "recurring_rule needs a due; reminders[0].before_due needs a due to count from"
    );
    let patch = TaskPatch {
        rule: Some(None),
        reminders: Some(Vec::new()),
        ..no_due()
    };
    assert_eq!(edited(&task, patch, LATER).due, None);
}

#[test]
fn the_due_and_the_end_of_the_series_keep_their_order() {
    let end = "2026-03-31".parse().ok();
    let task = created(NewTask {
        end_date: end,
        ..daily("2026-03-28T09:00")
    });
    let after_end = || at("2026-04-01T09:00", "Europe/Berlin");
    let before = "recurring_end_date must not be before the due";
    for scope in [SeriesScope::ThisAndFollowing, SeriesScope::ThisOccurrence] {
        let patch = TaskPatch {
            due: Some(Some(after_end())),
            ..TaskPatch::default()
        };
        let error = edit(&task, patch, scope, LATER).unwrap_err();
        assert_eq!(
            error,
            TaskError::Violations(crate::Violations::one(
                "recurring_end_date",
                "must not be before the due"
            ))
        );
    }
    let earlier = "2026-03-27".parse().ok();
    let patch = TaskPatch {
        end_date: Some(earlier),
        ..TaskPatch::default()
    };
    assert_eq!(refused(&task, patch), before);
    let both = TaskPatch {
        due: Some(Some(after_end())),
        end_date: Some("2026-04-01".parse().ok()),
        ..TaskPatch::default()
    };
    assert!(edited(&task, both, LATER).recurrence.is_some());
}

#[test]
fn mode_and_end_date_need_a_rule() {
    let task = created(plants());
    let mode = |mode| TaskPatch {
        mode: Some(mode),
        ..TaskPatch::default()
    };
    assert_eq!(
        refused(&task, mode(RecurrenceMode::FromCompletion)),
        "recurrence_mode needs a recurring_rule"
    );
    let default = mode(RecurrenceMode::SkipMissed);
    assert_eq!(
        edit(&task, default, SeriesScope::default(), LATER),
        Ok(None)
    );
    let end = TaskPatch {
        end_date: Some("2026-05-01".parse().ok()),
        ..TaskPatch::default()
    };
    assert_eq!(
        refused(&task, end),
        "recurring_end_date needs a recurring_rule"
    );
}

#[test]
fn given_reminders_are_those_of_the_task_or_new() {
    let task = created(NewTask {
        reminders: vec![minutes_before(5), minutes_before(10)],
        ..daily("2026-03-28T09:00")
    });
    let [five, ten] = [task.reminders[0].id, task.reminders[1].id];
    let with = |reminders| TaskPatch {
        reminders: Some(reminders),
        ..TaskPatch::default()
    };
    let named = |id, minutes| ReminderInput {
        id: Some(id),
        ..minutes_before(minutes)
    };
    let after = edited(&task, with(vec![named(ten, 10), minutes_before(20)]), LATER);
    assert_eq!(after.reminders[0], task.reminders[1]);
    assert_eq!(after.reminders.len(), 2);
    assert!(![five, ten].contains(&after.reminders[1].id));

    let unknown = crate::ReminderId(uuid::Uuid::max());
    let patch = with(vec![named(five, 5), named(unknown, 6), named(five, 7)]);
    assert_eq!(
        refused(&task, patch),
        "reminders[1].id is not a reminder of this task; reminders[2].id must not be given twice"
    );
    let six = (0..6).map(minutes_before).collect();
    assert_eq!(
        refused(&task, with(six)),
        "reminders must have at most 5 entries"
    );
}

#[test]
fn a_reminder_without_an_id_that_says_the_same_is_the_one_there_is() {
    let task = created(NewTask {
        reminders: vec![minutes_before(5)],
        ..daily("2026-03-28T09:00")
    });
    let reminders = Some(vec![minutes_before(30), minutes_before(5)]);
    let after = edited(
        &task,
        TaskPatch {
            reminders,
            ..TaskPatch::default()
        },
        LATER,
    );
    assert_eq!(after.reminders[1], task.reminders[0]);
}

fn apply(task: &Task, edit: &Edit) -> Result<Option<Task>, TaskError> {
    let mut ids = CountingIds::from(1_000);
    let patch = edit.for_task(task);
    let change = task
        .clone()
        .update(patch, edit.scope, &zone("UTC"), time(LATER), &mut ids)?;
    Ok(change.map(|change| {
        assert_eq!(change.before.as_ref(), Some(task));
        assert!(!change.changed_fields().is_empty());
        change.after
    }))
}

/// `create` makes the same of what a task says.
fn assert_creatable(task: &Task) {
    let recurrence = task.recurrence.as_ref();
    let inputs = task.reminders.iter().map(|reminder| ReminderInput {
        id: None,
        when: reminder.when,
    });
    let new = NewTask {
        title: task.title.clone(),
        description: task.description.clone(),
        priority: Some(task.priority),
        category: Some(task.category),
        tags: task.tags.clone(),
        due: task.due.clone().map(crate::DueInput::from),
        rule: recurrence.map(|recurrence| recurrence.rule.clone()),
        mode: recurrence.map(|recurrence| recurrence.mode),
        end_date: recurrence.and_then(|recurrence| recurrence.end_date),
        reminders: inputs.collect(),
    };
    let made = Task::create(
        new,
        owner(),
        &zone("UTC"),
        time(NOON),
        &mut CountingIds::default(),
    );
    let made = made.expect("create accepts what update made").after;
    let whens = |task: &Task| {
        task.reminders
            .iter()
            .map(|one| one.when)
            .collect::<Vec<_>>()
    };
    assert_eq!(whens(&made), whens(task));
    assert_eq!(made.due, task.due);
}

proptest! {
    #[test]
    fn only_named_fields_and_what_follows_from_them_change(task in tasks(), edit in edits()) {
        let patch = edit.for_task(&task);
        let Ok(Some(after)) = apply(&task, &edit) else { return Ok(()) };
        let (old, new) = (task.recurrence.as_ref(), after.recurrence.as_ref());
        prop_assert!(patch.title.is_some() || after.title == task.title);
        prop_assert!(patch.description.is_some() || after.description == task.description);
        prop_assert!(patch.priority.is_some() || after.priority == task.priority);
        prop_assert!(patch.category.is_some() || after.category == task.category);
        prop_assert!(patch.tags.is_some() || after.tags == task.tags);
        prop_assert!(patch.due.is_some() || after.due == task.due);
        prop_assert!(
            patch.rule.is_some() || old.map(|one| &one.rule) == new.map(|one| &one.rule)
        );
        prop_assert!(
            patch.mode.is_some() || patch.rule.is_some()
                || old.map(|one| one.mode) == new.map(|one| one.mode)
        );
        prop_assert!(
            patch.end_date.is_some() || patch.rule.is_some()
                || old.map(|one| one.end_date) == new.map(|one| one.end_date)
        );
        prop_assert!(
            patch.reminders.is_some() || patch.due.is_some() || after.reminders == task.reminders
        );
        let unchanged = |task: &Task| (
            task.id, task.user_id.clone(), task.status, task.created_at, task.deleted_at,
            task.predecessor_task_id, task.successor_task_id,
        );
        prop_assert_eq!(unchanged(&after), unchanged(&task));
        prop_assert_eq!((after.version, after.updated_at), (task.version + 1, time(LATER)));
    }

    #[test]
    fn an_edit_repeated_changes_nothing(task in tasks(), edit in edits()) {
        let Ok(Some(after)) = apply(&task, &edit) else { return Ok(()) };
        // The client repeats what it sent: ids are those of the task it had seen.
        let patch = edit.for_task(&task);
        let known = |id| after.reminders.iter().any(|reminder| reminder.id == id);
        let repeatable = patch.reminders.iter().flatten().all(|input| input.id.is_none_or(known));
        prop_assume!(repeatable);
        let mut ids = CountingIds::from(2_000);
        let again = after.update(patch, edit.scope, &zone("UTC"), time(LATER), &mut ids);
        prop_assert_eq!(again, Ok(None));
    }

    #[test]
    fn an_edit_never_makes_what_create_refuses(task in tasks(), edits in prop::collection::vec(edits(), 1..4)) {
        let mut task = task;
        for edit in edits {
            if let Ok(Some(after)) = apply(&task, &edit) {
                assert_creatable(&after);
                task = after;
            }
        }
    }
}
