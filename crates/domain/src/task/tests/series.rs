//! What editing and skipping do to the series of a task.

use crate::fixtures::{CountingIds, at, created, daily, due, edit, edited, on, plants, rule, time};
use crate::recurrence::{Anchor, RecurrenceMode};
use crate::{Due, DueInput, NewTask, Recurrence, SeriesScope, Task, TaskPatch};

const NOW: &str = "2026-03-10T06:00:00Z";

fn recurrence(task: &Task) -> &Recurrence {
    task.recurrence.as_ref().unwrap()
}

fn moved_to(local: &str) -> TaskPatch {
    TaskPatch {
        due: Some(Some(at(local, "Europe/Berlin"))),
        ..TaskPatch::default()
    }
}

/// The due of the occurrence that follows when the task is completed.
fn follows(task: &Task, completed_at: &str) -> Option<(u32, Due)> {
    let done = task.clone().complete(time(completed_at)).unwrap().after;
    let (_, change) = done.successor(time(completed_at), &mut CountingIds::from(500))?;
    Some((recurrence(&change.after).index, change.after.due.unwrap()))
}

fn local(input: DueInput) -> Due {
    due(input)
}

#[test]
fn a_due_edited_for_all_that_follows_is_where_the_series_goes_on() {
    let task = created(daily("2026-03-10T09:00"));
    let skipped = task.skip(time(NOW)).unwrap().after;
    let after = edited(&skipped, moved_to("2026-03-11T18:30"), NOW);
    let new_time: jiff::civil::DateTime = "2026-03-11T18:30".parse().unwrap();
    assert!(matches!(&recurrence(&after).anchor, Anchor::Timed { at, .. } if *at == new_time));
    assert_eq!(recurrence(&after).scheduled, new_time);
    // It goes on counting, or moving a due would give a rule with COUNT more occurrences.
    assert_eq!(recurrence(&after).index, 1);
    let next = follows(&after, "2026-03-11T18:00:00Z");
    assert_eq!(
        next,
        Some((2, local(at("2026-03-12T18:30", "Europe/Berlin"))))
    );
}

#[test]
fn a_count_goes_on_after_a_moved_due() {
    let task = created(NewTask {
        rule: Some(rule("FREQ=DAILY;COUNT=3")),
        ..daily("2026-03-10T09:00")
    });
    let second = task.skip(time(NOW)).unwrap().after;
    let second = edited(&second, moved_to("2026-03-11T10:00"), NOW);
    let third = second.skip(time(NOW)).unwrap().after;
    assert_eq!(
        third.due,
        Some(local(at("2026-03-12T10:00", "Europe/Berlin")))
    );
    assert_eq!(follows(&third, "2026-03-12T10:00:00Z"), None);
}

#[test]
fn a_due_moved_for_this_occurrence_alone_leaves_the_series_where_it_was() {
    let task = created(daily("2026-03-10T09:00"));
    let alone = SeriesScope::ThisOccurrence;
    let after = edit(&task, moved_to("2026-03-10T20:00"), alone, NOW)
        .unwrap()
        .unwrap();
    assert_eq!(
        after.due,
        Some(local(at("2026-03-10T20:00", "Europe/Berlin")))
    );
    assert_eq!(recurrence(&after), recurrence(&task));
    let next = follows(&after, "2026-03-10T19:30:00Z");
    assert_eq!(
        next,
        Some((1, local(at("2026-03-11T09:00", "Europe/Berlin"))))
    );

    // Also where it was moved past the next occurrence.
    let far = edit(&task, moved_to("2026-03-12T20:00"), alone, NOW)
        .unwrap()
        .unwrap();
    let next = follows(&far, "2026-03-10T19:30:00Z");
    assert_eq!(
        next,
        Some((1, local(at("2026-03-11T09:00", "Europe/Berlin"))))
    );
}

#[test]
fn a_due_sent_along_unchanged_does_not_anchor_again() {
    let task = created(daily("2026-03-10T09:00"));
    let alone = SeriesScope::ThisOccurrence;
    let moved = edit(&task, moved_to("2026-03-10T20:00"), alone, NOW)
        .unwrap()
        .unwrap();
    let title = crate::Title::parse("Other").ok();
    let patch = TaskPatch {
        title,
        ..moved_to("2026-03-10T20:00")
    };
    let after = edited(&moved, patch, NOW);
    assert_eq!(recurrence(&after), recurrence(&task));
}

#[test]
fn another_zone_is_another_due() {
    let task = created(daily("2026-03-10T09:00"));
    let given = at("2026-03-10T09:00", "America/New_York");
    let patch = TaskPatch {
        due: Some(Some(given)),
        ..TaskPatch::default()
    };
    let after = edited(&task, patch, NOW);
    let next = follows(&after, "2026-03-10T14:00:00Z");
    assert_eq!(
        next,
        Some((1, local(at("2026-03-11T09:00", "America/New_York"))))
    );
}

#[test]
fn a_new_rule_begins_at_the_present_due_and_counts_anew() {
    let task = created(daily("2026-03-10T09:00"))
        .skip(time(NOW))
        .unwrap()
        .after;
    for scope in [SeriesScope::ThisAndFollowing, SeriesScope::ThisOccurrence] {
        let given = Some(Some(rule("FREQ=WEEKLY;COUNT=2")));
        let patch = TaskPatch {
            rule: given,
            ..TaskPatch::default()
        };
        let after = edit(&task, patch, scope, NOW).unwrap().unwrap();
        assert_eq!(recurrence(&after).index, 0);
        let next = follows(&after, "2026-03-11T06:00:00Z");
        assert_eq!(
            next,
            Some((1, local(at("2026-03-18T09:00", "Europe/Berlin"))))
        );
    }
}

#[test]
fn mode_and_end_date_do_not_anchor_again() {
    let task = created(daily("2026-03-10T09:00"))
        .skip(time(NOW))
        .unwrap()
        .after;
    let patch = TaskPatch {
        mode: Some(RecurrenceMode::EveryOccurrence),
        end_date: Some("2026-03-11".parse().ok()),
        ..TaskPatch::default()
    };
    let after = edited(&task, patch, NOW);
    assert_eq!(recurrence(&after).anchor, recurrence(&task).anchor);
    assert_eq!(recurrence(&after).index, 1);
    assert_eq!(follows(&after, "2026-03-11T06:00:00Z"), None);
}

#[test]
fn a_task_without_its_rule_is_in_no_series() {
    let first = created(daily("2026-03-10T09:00"))
        .complete(time(NOW))
        .unwrap()
        .after;
    let (_, change) = first
        .successor(time(NOW), &mut CountingIds::from(500))
        .unwrap();
    let second = change.after;
    assert_eq!(second.parent_task_id, Some(first.id));
    let after = edited(
        &second,
        TaskPatch {
            rule: Some(None),
            ..TaskPatch::default()
        },
        NOW,
    );
    assert_eq!((after.recurrence, after.parent_task_id), (None, None));
    // The key that keeps the first one from being followed twice stays.
    assert_eq!(after.predecessor_task_id, Some(first.id));
}

#[test]
fn skipping_moves_to_what_would_follow_were_the_task_completed_now() {
    let now = "2026-03-20T12:00:00Z";
    let skipped = |mode| {
        let task = created(NewTask {
            mode: Some(mode),
            ..daily("2026-03-10T09:00")
        });
        let after = task.skip(time(now)).unwrap().after;
        (recurrence(&after).index, after.due.unwrap())
    };
    let berlin = |text| local(at(text, "Europe/Berlin"));
    assert_eq!(
        skipped(RecurrenceMode::SkipMissed),
        (11, berlin("2026-03-21T09:00"))
    );
    assert_eq!(
        skipped(RecurrenceMode::EveryOccurrence),
        (1, berlin("2026-03-11T09:00"))
    );
    assert_eq!(
        skipped(RecurrenceMode::FromCompletion),
        (1, berlin("2026-03-21T09:00"))
    );
}

#[test]
fn an_all_day_task_is_completed_on_the_date_of_its_own_zone() {
    let new = NewTask {
        due: Some(on("2026-03-10", "Asia/Tokyo")),
        rule: Some(rule("daily")),
        ..plants()
    };
    // In Tokyo the eleventh has begun.
    let next = follows(&created(new), "2026-03-10T16:00:00Z");
    assert_eq!(next, Some((2, local(on("2026-03-12", "Asia/Tokyo")))));
}

#[test]
fn a_series_ends_with_the_years_that_dues_can_have() {
    let new = NewTask {
        due: Some(on("2999-12-31", "UTC")),
        rule: Some(rule("daily")),
        ..plants()
    };
    assert_eq!(follows(&created(new), NOW), None);
}
