//! Series as the examples write them, and what the examples look at.

use domain::recurrence::{
    Anchor, Completion, CurrentOccurrence, EndReason, Next, OccurrenceDue, RecurrenceMode, Series,
};

pub(crate) fn timed(rule: &str, at: &str, zone: &str) -> Series {
    let anchor = Anchor::Timed {
        at: at.parse().unwrap(),
        zone: zone.parse().unwrap(),
    };
    Series {
        rule: rule.parse().unwrap(),
        anchor,
        end: None,
    }
}

pub(crate) fn all_day(rule: &str, date: &str) -> Series {
    let anchor = Anchor::AllDay {
        date: date.parse().unwrap(),
    };
    Series {
        rule: rule.parse().unwrap(),
        anchor,
        end: None,
    }
}

/// What the clock on the wall shows at the occurrences, or their dates, each with its index.
pub(crate) fn shown(series: &Series, limit: usize) -> Vec<String> {
    series
        .occurrences(limit)
        .map(|occurrence| match (occurrence.due, &series.anchor) {
            (OccurrenceDue::At(due), Anchor::Timed { zone, .. }) => {
                format!(
                    "{} {}",
                    occurrence.index,
                    zone.local_time(due).strftime("%F %H:%M")
                )
            }
            (OccurrenceDue::On(date), _) => format!("{} {date}", occurrence.index),
            (OccurrenceDue::At(due), _) => panic!("{due} on an all-day anchor"),
        })
        .collect()
}

pub(crate) fn instant(text: &str) -> OccurrenceDue {
    OccurrenceDue::At(text.parse().unwrap())
}

pub(crate) fn completion(at: &str, zone: &str) -> Completion {
    Completion {
        at: at.parse().unwrap(),
        zone: zone.parse().unwrap(),
    }
}

/// The index and due that follow occurrence `index`, or why none does.
pub(crate) fn next(
    series: &Series,
    (index, due): (u32, OccurrenceDue),
    completion: &Completion,
    mode: RecurrenceMode,
) -> Result<(u32, OccurrenceDue), EndReason> {
    match series.next(&CurrentOccurrence { index, due }, completion, mode) {
        Next::Occurrence(occurrence) => Ok((occurrence.index, occurrence.due)),
        Next::Ended(reason) => Err(reason),
    }
}
