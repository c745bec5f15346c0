use crate::fixtures::{at, created, daily, due, on, plants, rule, time, zone};
use crate::recurrence::RecurrenceMode;
use crate::{Due, NewTask, PageLimits, PageSize, Preview, TaskError};

const NOW: &str = "2026-03-30T06:00:00Z";

fn count(count: i32) -> PageSize {
    PageLimits::OCCURRENCES.choose(count).unwrap()
}

fn dates(preview: &Preview) -> Vec<(u32, String)> {
    let utc = zone("UTC");
    let day = |due: &Due| due.day(&utc).to_string();
    preview
        .occurrences
        .iter()
        .map(|(index, due)| (*index, day(due)))
        .collect()
}

#[test]
fn a_stored_task_shows_what_follows_were_it_completed_now() {
    let task = created(daily("2026-03-28T09:00"));
    let preview = Preview::of_task(&task, time(NOW), count(2)).unwrap();
    let berlin = |text| due(at(text, "Europe/Berlin"));
    let expected = vec![
        (2, berlin("2026-03-30T09:00")),
        (3, berlin("2026-03-31T09:00")),
    ];
    assert_eq!(
        preview,
        Preview {
            occurrences: expected,
            ends: false
        }
    );
}

#[test]
fn the_preview_is_what_completing_on_time_makes() {
    for mode in [
        RecurrenceMode::SkipMissed,
        RecurrenceMode::EveryOccurrence,
        RecurrenceMode::FromCompletion,
    ] {
        let new = NewTask {
            mode: Some(mode),
            rule: Some(rule("FREQ=WEEKLY;BYDAY=MO,TH")),
            ..daily("2026-03-26T09:00")
        };
        let mut task = created(new);
        let preview = Preview::of_task(&task, time(NOW), count(6)).unwrap();
        let mut now = time(NOW);
        for expected in preview.occurrences {
            task = task.skip(now).unwrap().after;
            now = task.due.as_ref().unwrap().starts_at();
            let index = task.recurrence.as_ref().unwrap().index;
            assert_eq!((index, task.due.clone().unwrap()), expected, "{mode}");
        }
    }
}

#[test]
fn a_draft_shows_its_first_occurrence_too_and_where_the_series_ends() {
    let preview = |text, number| {
        let due = Some(on("2026-01-31", "UTC"));
        let utc = zone("UTC");
        Preview::of_draft(due, Some(rule(text)), None, None, &utc, count(number)).unwrap()
    };
    let three = preview("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", 0);
    let expected = [(0, "2026-01-31"), (1, "2026-02-28"), (2, "2026-03-31")];
    assert_eq!(
        dates(&three),
        expected.map(|(index, date)| (index, String::from(date)))
    );
    assert!(three.ends);
    assert!(preview("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", 3).ends);
    assert!(!preview("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", 2).ends);
    let clamped = preview("monthly", 3);
    assert_eq!(dates(&clamped), dates(&three));
    assert!(!clamped.ends);
}

#[test]
fn a_draft_ends_at_its_end_date() {
    let due = Some(on("2026-01-31", "UTC"));
    let end = "2026-02-02".parse().ok();
    let preview =
        Preview::of_draft(due, Some(rule("daily")), None, end, &zone("UTC"), count(0)).unwrap();
    assert_eq!(preview.occurrences.len(), 3);
    assert!(preview.ends);
}

#[test]
fn without_a_rule_there_is_nothing_to_show() {
    let task = created(plants());
    assert_eq!(
        Preview::of_task(&task, time(NOW), count(0)),
        Err(TaskError::NotRecurring)
    );
    let utc = zone("UTC");
    let draft = |due, rule| {
        Preview::of_draft(due, rule, None, None, &utc, count(0))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        draft(Some(on("2026-01-31", "UTC")), None),
        "recurring_rule is required"
    );
    assert_eq!(
        draft(None, Some(rule("daily"))),
        "recurring_rule needs a due"
    );
}
