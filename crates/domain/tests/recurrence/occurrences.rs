//! The occurrences of a series by example: what a person would check on a calendar.

use domain::recurrence::{EndReason, MAX_LISTED_OCCURRENCES, OccurrenceDue, RecurrenceMode};
use jiff::civil::date;

use crate::series::{all_day, completion, instant, next, shown, timed};

#[test]
fn nine_o_clock_stays_nine_o_clock() {
    let series = timed("daily", "2026-03-28T09:00", "Europe/Berlin");
    let due: Vec<_> = series
        .occurrences(3)
        .map(|occurrence| occurrence.due)
        .collect();
    let expected = [
        "2026-03-28T08:00Z",
        "2026-03-29T07:00Z",
        "2026-03-30T07:00Z",
    ]
    .map(instant);
    assert_eq!(due, expected);
}

#[test]
fn a_skipped_time_moves_later_and_comes_back() {
    let series = timed("daily", "2026-03-28T02:30", "Europe/Berlin");
    assert_eq!(
        shown(&series, 3),
        [
            "0 2026-03-28 02:30",
            "1 2026-03-29 03:30",
            "2 2026-03-30 02:30"
        ]
    );
    let moved = series.occurrence(1).unwrap();
    assert_eq!(moved.local, date(2026, 3, 29).at(2, 30, 0, 0));
    assert_eq!(moved.due, instant("2026-03-29T01:30Z"));
}

#[test]
fn a_time_that_comes_twice_is_the_first() {
    let series = timed("daily", "2026-10-24T02:30", "Europe/Berlin");
    let due: Vec<_> = series
        .occurrences(3)
        .map(|occurrence| occurrence.due)
        .collect();
    let expected = [
        "2026-10-24T00:30Z",
        "2026-10-25T00:30Z",
        "2026-10-26T01:30Z",
    ]
    .map(instant);
    assert_eq!(due, expected);
}

#[test]
fn a_gap_over_midnight_does_not_lose_the_day_after_it() {
    // In Nuuk the clocks go from Saturday 23:00 to Sunday 00:00.
    let series = timed("FREQ=DAILY", "2026-03-27T23:30", "America/Nuuk");
    let expected = [
        "0 2026-03-27 23:30",
        "1 2026-03-29 00:30",
        "2 2026-03-29 23:30",
    ];
    assert_eq!(shown(&series, 3), expected);
    let moved = (1, instant("2026-03-29T01:30Z"));
    let done = completion("2026-03-29T01:31Z", "UTC");
    for mode in [RecurrenceMode::SkipMissed, RecurrenceMode::EveryOccurrence] {
        assert_eq!(
            next(&series, moved, &done, mode),
            Ok((2, instant("2026-03-30T00:30Z")))
        );
    }
}

#[test]
fn a_skipped_day_falls_together_with_the_next_and_uses_an_index() {
    let series = timed("daily", "2011-12-28T09:00", "Pacific/Apia");
    let expected = [
        "0 2011-12-28 09:00",
        "1 2011-12-29 09:00",
        "2 2011-12-31 09:00",
        "4 2012-01-01 09:00",
    ];
    assert_eq!(shown(&series, 4), expected);
}

#[test]
fn words_clamp_to_the_end_of_the_month_and_come_back() {
    let monthly = all_day("monthly", "2026-01-31");
    assert_eq!(
        shown(&monthly, 4),
        [
            "0 2026-01-31",
            "1 2026-02-28",
            "2 2026-03-31",
            "3 2026-04-30"
        ]
    );
    let yearly = all_day("yearly", "2024-02-29");
    let expected = [
        "0 2024-02-29",
        "1 2025-02-28",
        "2 2026-02-28",
        "3 2027-02-28",
        "4 2028-02-29",
    ];
    assert_eq!(shown(&yearly, 5), expected);
    // From a clamped one the next is again by the anchor.
    let clamped = (1, OccurrenceDue::On(date(2026, 2, 28)));
    let done = completion("2026-02-28T12:00Z", "UTC");
    let expected = Ok((2, OccurrenceDue::On(date(2026, 3, 31))));
    assert_eq!(
        next(&monthly, clamped, &done, RecurrenceMode::SkipMissed),
        expected
    );
}

#[test]
fn rules_skip_what_is_not_there() {
    let monthly = all_day("FREQ=MONTHLY", "2026-01-31");
    assert_eq!(
        shown(&monthly, 3),
        ["0 2026-01-31", "1 2026-03-31", "2 2026-05-31"]
    );
    let leap = all_day("FREQ=YEARLY", "2096-02-29");
    assert_eq!(
        shown(&leap, 3),
        ["0 2096-02-29", "1 2104-02-29", "2 2108-02-29"]
    );
}

#[test]
fn the_anchor_counts_even_where_the_rule_does_not_name_it() {
    // A Wednesday, and Mondays.
    let series = all_day("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "2026-11-18");
    assert_eq!(
        shown(&series, 9),
        ["0 2026-11-18", "1 2026-11-23", "2 2026-11-30"]
    );
}

#[test]
fn positions_are_counted_in_the_whole_period() {
    // The first of Monday, Wednesday and Friday is a Monday in the anchor's week too.
    let series = all_day("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1", "2026-11-18");
    assert_eq!(
        shown(&series, 3),
        ["0 2026-11-18", "1 2026-11-23", "2 2026-11-30"]
    );
}

#[test]
fn numbered_and_plain_weekdays_unite() {
    let series = all_day("FREQ=MONTHLY;BYDAY=MO,2TU", "2026-11-02");
    let expected = [
        "0 2026-11-02",
        "1 2026-11-09",
        "2 2026-11-10",
        "3 2026-11-16",
    ];
    assert_eq!(shown(&series, 4), expected);
}

#[test]
fn a_rule_that_never_fires_ends_the_series() {
    let never = [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=YEARLY;BYMONTH=6;BYDAY=-6SU",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=DAILY;INTERVAL=9999;BYMONTH=2;BYMONTHDAY=30",
    ];
    for rule in never {
        let series = all_day(rule, "2025-11-24");
        assert_eq!(shown(&series, 9), ["0 2025-11-24"], "{rule}");
        let mut list = series.occurrences(9);
        assert_eq!(list.by_ref().count(), 1);
        assert!(list.examined() <= 146_098, "{rule}: {}", list.examined());
        let first = (0, OccurrenceDue::On(date(2025, 11, 24)));
        let done = completion("2025-11-24T12:00Z", "UTC");
        for mode in [RecurrenceMode::SkipMissed, RecurrenceMode::EveryOccurrence] {
            assert_eq!(
                next(&series, first, &done, mode),
                Err(EndReason::NeverAgain),
                "{rule}"
            );
        }
    }
}

#[test]
fn the_calendar_ends_the_series() {
    for rule in ["daily", "FREQ=DAILY", "FREQ=YEARLY;INTERVAL=9999", "yearly"] {
        assert_eq!(
            shown(&all_day(rule, "9999-12-31"), 9),
            ["0 9999-12-31"],
            "{rule}"
        );
    }
    // The last instant is 9999-12-30T22:00Z.
    let series = timed("daily", "9999-12-29T23:00", "Europe/Berlin");
    assert_eq!(
        shown(&series, 9),
        ["0 9999-12-29 23:00", "1 9999-12-30 23:00"]
    );
}

#[test]
fn a_list_has_a_limit() {
    let series = all_day("daily", "2026-11-20");
    assert_eq!(
        series.occurrences(usize::MAX).count(),
        MAX_LISTED_OCCURRENCES
    );
    assert_eq!(series.occurrences(0).count(), 0);
}
