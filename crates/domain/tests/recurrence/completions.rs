//! What follows a completion, by example.

use domain::recurrence::{EndReason, OccurrenceDue, RecurrenceMode, Until};
use jiff::civil::date;

use crate::series::{all_day, completion, instant, next, shown, timed};

#[test]
fn skip_missed_jumps_and_counts_what_it_jumped_over() {
    let series = timed("FREQ=DAILY;COUNT=5", "2026-11-01T09:00", "Europe/Berlin");
    let first = (0, instant("2026-11-01T08:00Z"));
    let mode = RecurrenceMode::SkipMissed;
    let late = completion("2026-11-03T20:00Z", "UTC");
    assert_eq!(
        next(&series, first, &late, mode),
        Ok((3, instant("2026-11-04T08:00Z")))
    );
    // Exactly at the time of an occurrence: strictly after it.
    let sharp = completion("2026-11-03T08:00Z", "UTC");
    assert_eq!(
        next(&series, first, &sharp, mode),
        Ok((3, instant("2026-11-04T08:00Z")))
    );
    // Early: after this due all the same.
    let early = completion("2026-10-30T08:00Z", "UTC");
    assert_eq!(
        next(&series, first, &early, mode),
        Ok((1, instant("2026-11-02T08:00Z")))
    );
    let too_late = completion("2026-11-05T20:00Z", "UTC");
    assert_eq!(next(&series, first, &too_late, mode), Err(EndReason::Count));
}

#[test]
fn from_completion_keeps_the_time_of_day_and_counts_by_index() {
    let mode = RecurrenceMode::FromCompletion;
    let weekly = timed("weekly", "2026-03-16T09:00", "Europe/Berlin");
    let first = (0, instant("2026-03-16T08:00Z"));
    // Done on the 25th at 00:30 in Berlin: a week on, over the clock change.
    let done = completion("2026-03-24T23:30Z", "America/New_York");
    assert_eq!(
        next(&weekly, first, &done, mode),
        Ok((1, instant("2026-04-01T07:00Z")))
    );

    let counted = timed(
        "FREQ=WEEKLY;BYDAY=MO;COUNT=3",
        "2026-03-16T09:00",
        "Europe/Berlin",
    );
    assert_eq!(
        next(&counted, first, &done, mode),
        Ok((1, instant("2026-03-30T07:00Z")))
    );
    let last = (2, instant("2026-03-30T07:00Z"));
    assert_eq!(next(&counted, last, &done, mode), Err(EndReason::Count));
}

#[test]
fn from_completion_is_after_a_completion_in_the_second_of_two_hours() {
    // In St. John's the clocks went from Sunday 00:01 back to Saturday 23:01.
    let series = timed("daily", "2010-11-01T00:00", "America/St_Johns");
    let done = completion("2010-11-07T03:00Z", "UTC");
    let first = (5, instant("2010-11-01T02:30Z"));
    let expected = Ok((6, instant("2010-11-08T03:30Z")));
    assert_eq!(
        next(&series, first, &done, RecurrenceMode::FromCompletion),
        expected
    );
}

#[test]
fn an_all_day_task_is_completed_on_the_date_of_the_person() {
    let series = all_day("daily", "2026-11-20");
    let first = (0, OccurrenceDue::On(date(2026, 11, 20)));
    let next_on = |zone| {
        let done = completion("2026-11-21T11:00Z", zone);
        next(&series, first, &done, RecurrenceMode::SkipMissed)
    };
    assert_eq!(
        next_on("Pacific/Pago_Pago"),
        Ok((2, OccurrenceDue::On(date(2026, 11, 22))))
    );
    assert_eq!(
        next_on("Pacific/Kiritimati"),
        Ok((3, OccurrenceDue::On(date(2026, 11, 23))))
    );
}

#[test]
fn a_due_between_two_dates_of_the_rule_has_a_number_of_its_own() {
    // A series that was completed from its completion, and now goes by the calendar again.
    let series = all_day("FREQ=WEEKLY;COUNT=6", "2026-11-02");
    let between = (3, OccurrenceDue::On(date(2026, 11, 12)));
    let done = completion("2026-11-12T12:00Z", "UTC");
    let expected = Ok((4, OccurrenceDue::On(date(2026, 11, 16))));
    assert_eq!(
        next(&series, between, &done, RecurrenceMode::SkipMissed),
        expected
    );
}

#[test]
fn counting_goes_on_from_an_anchor_that_was_moved() {
    let series = all_day("FREQ=WEEKLY;COUNT=6", "2026-11-12");
    let moved = (4, OccurrenceDue::On(date(2026, 11, 12)));
    let done = completion("2026-11-12T12:00Z", "UTC");
    let mode = RecurrenceMode::SkipMissed;
    let last = (5, OccurrenceDue::On(date(2026, 11, 19)));
    assert_eq!(next(&series, moved, &done, mode), Ok(last));
    assert_eq!(next(&series, last, &done, mode), Err(EndReason::Count));
}

#[test]
fn the_end_date_is_inclusive_and_leaves_the_anchor() {
    let mut series = timed("daily", "2026-11-20T23:30", "America/New_York");
    series.end = Some(Until::Date(date(2026, 11, 22)));
    assert_eq!(shown(&series, 9).len(), 3);
    let last = (2, instant("2026-11-23T04:30Z"));
    let done = completion("2026-11-23T04:31Z", "UTC");
    for mode in [
        RecurrenceMode::SkipMissed,
        RecurrenceMode::EveryOccurrence,
        RecurrenceMode::FromCompletion,
    ] {
        assert_eq!(next(&series, last, &done, mode), Err(EndReason::EndDate));
    }
    series.end = Some(Until::Date(date(2026, 1, 1)));
    assert_eq!(shown(&series, 9), ["0 2026-11-20 23:30"]);
}

#[test]
fn a_due_of_the_other_kind_is_read_as_its_own() {
    let done = completion("2026-11-20T12:00Z", "UTC");
    let mode = RecurrenceMode::EveryOccurrence;
    let all_day = all_day("daily", "2026-11-20");
    let expected = Ok((1, OccurrenceDue::On(date(2026, 11, 21))));
    assert_eq!(
        next(&all_day, (0, instant("2026-11-20T09:00Z")), &done, mode),
        expected
    );
    let timed = timed("daily", "2026-11-20T09:00", "Europe/Berlin");
    let on = (0, OccurrenceDue::On(date(2026, 11, 20)));
    assert_eq!(
        next(&timed, on, &done, mode),
        Ok((1, instant("2026-11-21T08:00Z")))
    );
}
