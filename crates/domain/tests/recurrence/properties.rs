//! What holds for every rule, anchor and zone.

use domain::recurrence::{
    Anchor, Completion, CurrentOccurrence, Next, Occurrence, OccurrenceDue, RecurrenceMode,
    RecurrenceRule, Series, TimeZoneName, Until,
};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use crate::generators::{completion, rule, series};

/// The dearest search: a daily rule that is silent for 400 years, and one year's dates.
const DEAREST_SEARCH: u64 = 146_097 + 1 + 366;

/// `hours` after `due`, by a person in `zone`.
fn completed(due: OccurrenceDue, (hours, zone): (i64, &str)) -> Completion {
    let due = match due {
        OccurrenceDue::At(instant) => instant,
        OccurrenceDue::On(date) => TimeZoneName::utc().instant(date.at(12, 0, 0, 0)).unwrap(),
    };
    Completion {
        at: due + hours.hours(),
        zone: zone.parse().unwrap(),
    }
}

/// The completion as a due of the series' kind.
fn completed_due(series: &Series, completion: &Completion) -> OccurrenceDue {
    match series.anchor {
        Anchor::Timed { .. } => OccurrenceDue::At(completion.at),
        Anchor::AllDay { .. } => OccurrenceDue::On(completion.zone.local_date(completion.at)),
    }
}

fn current(occurrence: &Occurrence) -> CurrentOccurrence {
    CurrentOccurrence {
        index: occurrence.index,
        due: occurrence.due,
    }
}

fn found(next: Next) -> Option<Occurrence> {
    match next {
        Next::Occurrence(occurrence) => Some(occurrence),
        Next::Ended(_) => None,
    }
}

proptest! {
    #[test]
    fn occurrences_begin_with_the_anchor_and_increase(series in series()) {
        let list: Vec<_> = series.occurrences(30).collect();
        prop_assert_eq!(list[0].index, 0);
        prop_assert_eq!(list[0].local.date(), series.anchor.date());
        for pair in list.windows(2) {
            prop_assert!(pair[0].due < pair[1].due);
            prop_assert!(pair[0].index < pair[1].index);
            prop_assert!(pair[0].local < pair[1].local);
        }
        if let Some(Until::Date(end)) = series.end {
            let past = list.iter().skip(1).find(|occurrence| match occurrence.due {
                OccurrenceDue::On(date) => date > end,
                OccurrenceDue::At(instant) => match &series.anchor {
                    Anchor::Timed { zone, .. } => zone.local_date(instant) > end,
                    Anchor::AllDay { .. } => true,
                },
            });
            prop_assert_eq!(past, None);
        }
    }

    #[test]
    fn the_wall_clock_shows_the_time_of_the_anchor_outside_of_gaps(series in series()) {
        let Anchor::Timed { at, zone } = &series.anchor else { return Ok(()) };
        for occurrence in series.occurrences(30) {
            let OccurrenceDue::At(due) = occurrence.due else { panic!("timed") };
            prop_assert_eq!(occurrence.local.time(), at.time());
            let shown = zone.local_time(due);
            if shown == occurrence.local {
                // The first of two: an earlier instant never shows the same.
                for minutes in [30, 60, 120, 180] {
                    prop_assert_ne!(zone.local_time(due - minutes.minutes()), occurrence.local);
                }
            } else {
                // In a gap: just before it the clock showed less, and it moved by what it skipped.
                let skipped = shown.duration_since(occurrence.local);
                prop_assert!(skipped.is_positive());
                prop_assert!(zone.local_time(due - skipped) < occurrence.local);
            }
        }
    }

    #[test]
    fn the_expansion_from_an_index_is_the_tail_of_the_whole(series in series(), at in 0..25_usize) {
        let whole: Vec<_> = series.occurrences(40).collect();
        let at = at.min(whole.len() - 1);
        prop_assert_eq!(series.occurrence(whole[at].index), Some(whole[at]));
        let tail: Vec<_> =
            series.occurrences_after(&current(&whole[at]), whole.len() - 1 - at).collect();
        prop_assert_eq!(&tail[..], &whole[at + 1..]);
    }

    #[test]
    fn skip_missed_gives_the_first_after_due_and_completion(
        series in series(),
        at in 0..5_usize,
        completion in completion(),
    ) {
        let whole: Vec<_> = series.occurrences(300).collect();
        let from = whole[at.min(whole.len() - 1)];
        let completion = completed(from.due, completion);
        let done = completed_due(&series, &completion);
        let next = found(series.next(&current(&from), &completion, RecurrenceMode::SkipMissed));
        if let Some(next) = next {
            prop_assert!(next.due > from.due && next.due > done);
            prop_assert!(next.index > from.index);
        }
        let expected = whole.iter().find(|next| next.due > from.due && next.due > done);
        if expected.is_some() || whole.len() < 300 {
            prop_assert_eq!(next.as_ref(), expected);
        }
    }

    #[test]
    fn every_occurrence_gives_the_very_next(
        series in series(),
        at in 0..20_usize,
        completion in completion(),
    ) {
        let whole: Vec<_> = series.occurrences(22).collect();
        let at = at.min(whole.len() - 1);
        let completion = completed(whole[at].due, completion);
        let mode = RecurrenceMode::EveryOccurrence;
        let next = found(series.next(&current(&whole[at]), &completion, mode));
        prop_assert_eq!(next.as_ref(), whole.get(at + 1));
    }

    #[test]
    fn from_completion_follows_the_completion(
        series in series(),
        completion in completion(),
        index in 0..100_u32,
    ) {
        let first = series.occurrences(1).next().unwrap();
        let completion = completed(first.due, completion);
        let from = CurrentOccurrence { index, due: first.due };
        let mode = RecurrenceMode::FromCompletion;
        if let Next::Occurrence(next) = series.next(&from, &completion, mode) {
            prop_assert!(next.due > completed_due(&series, &completion));
            prop_assert_eq!(next.index, index + 1);
            prop_assert_eq!(next.local.time(), first.local.time());
            if let RecurrenceRule::Word(unit) = &series.rule {
                let zone = match &series.anchor {
                    Anchor::Timed { zone, .. } => zone,
                    Anchor::AllDay { .. } => &completion.zone,
                };
                let step = match unit.as_word() {
                    "daily" => 1.day(),
                    "weekly" => 1.week(),
                    "monthly" => 1.month(),
                    _ => 1.year(),
                };
                prop_assert_eq!(next.local.date(), zone.local_date(completion.at) + step);
            }
        }
    }

    #[test]
    fn a_search_has_a_bound(series in series(), limit in 1..20_usize) {
        let mut list = series.occurrences(limit);
        let found = list.by_ref().count() as u64;
        prop_assert!(list.examined() <= (found + 1) * DEAREST_SEARCH);
    }

    #[test]
    fn a_late_index_costs_no_more_than_an_early_one(series in series(), years in 0..3_000_i32) {
        let Ok(date) = series.anchor.date().checked_add(years.years()) else { return Ok(()) };
        let due = match &series.anchor {
            Anchor::Timed { at, zone } => {
                OccurrenceDue::At(zone.instant(date.to_datetime(at.time())).unwrap())
            }
            Anchor::AllDay { .. } => OccurrenceDue::On(date),
        };
        let mut list = series.occurrences_after(&CurrentOccurrence { index: 9, due }, 1);
        list.next();
        prop_assert!(list.examined() <= 2 * DEAREST_SEARCH);
    }

    #[test]
    fn the_text_of_a_rule_reads_as_the_rule(rule in rule()) {
        let text = rule.to_string();
        prop_assert_eq!(text.parse(), Ok(rule.clone()));
        let other = format!(" rrule:{} ", text.to_ascii_lowercase());
        if text.contains('=') {
            prop_assert_eq!(other.parse(), Ok(rule));
        }
    }

    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,60}") {
        let _ = text.parse::<RecurrenceRule>();
        let _ = text.parse::<TimeZoneName>();
        let _ = text.parse::<RecurrenceMode>();
    }

    #[test]
    fn no_rule_is_too_odd(
        parts in proptest::collection::vec(
            "(FREQ|INTERVAL|BYDAY|BYMONTH|BYMONTHDAY|BYSETPOS|COUNT|UNTIL|WKST|BYHOUR|X)=(DAILY|\
             WEEKLY|MONTHLY|YEARLY|[+-]?[0-9]{0,3}(MO|SU|FR)?(,[+-]?[0-9]{1,3}(TU|SA)?){0,3}|\
             [0-9]{8}(T[0-9]{6}Z?)?|\\PC{0,4})",
            1..5,
        ),
        year in -9_999..=9_999_i16,
    ) {
        // Most are refused; what is not must expand without a panic at both ends of the calendar.
        if let Ok(rule) = parts.join(";").parse::<RecurrenceRule>() {
            let anchor = Anchor::AllDay { date: Date::new(year, 12, 31).unwrap() };
            let series = Series { rule, anchor, end: None };
            prop_assert!(series.occurrences(3).count() > 0);
        }
    }
}

#[test]
fn a_jump_over_a_million_days_is_one_step_for_a_word() {
    let anchor = Anchor::AllDay {
        date: Date::constant(-900, 1, 31),
    };
    let completion = Completion {
        at: "2026-11-21T12:00Z".parse::<Timestamp>().unwrap(),
        zone: TimeZoneName::utc(),
    };
    let series = Series {
        rule: "daily".parse().unwrap(),
        anchor,
        end: None,
    };
    let first = CurrentOccurrence {
        index: 0,
        due: OccurrenceDue::On(series.anchor.date()),
    };
    let next = found(series.next(&first, &completion, RecurrenceMode::SkipMissed)).unwrap();
    assert_eq!(next.due, OccurrenceDue::On(Date::constant(2026, 11, 22)));
    assert_eq!(next.index, 1_068_995);
}
