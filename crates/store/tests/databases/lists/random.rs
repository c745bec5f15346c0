//! Random tasks and filters, made so that many keys are equal and many filters hit.

use domain::{
    Category, Description, Due, DueFilter, DueRange, Priority, SearchText, Status, StatusKind, Tag,
    Tags, Task, TaskFilter, TaskId, Title, TrashFilter,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::samples::{id, now, task, user};

/// Pieces of titles and descriptions in which sorting and searching can go wrong.
pub const PIECES: &[&str] = &[
    "a",
    "A",
    "z",
    "Z",
    "ä",
    "Ä",
    "ÄÖß",
    "straße",
    "STRASSE",
    "ẞ",
    "İstanbul",
    "ISTANBUL",
    "ıstanbul",
    "istanbul",
    "漢字",
    "買い物",
    "ｶﾀｶﾅ",
    "カタカナ",
    "한국어",
    "😀",
    "👨‍👩‍👧",
    "é",
    "e\u{301}",
    "ﬁn",
    "%",
    "_",
    "\\",
    "100%",
    "a_b",
    "\"",
    "'",
    "''",
    "AND",
    "OR",
    "NOT",
    "NEAR(",
    "*",
    "^",
    "-",
    ":",
    "(",
    ")",
    ";--",
    "{",
    "}",
    "[",
    "$1",
    "?",
    "\u{200b}",
    "Σίσυφος",
    "ΣΊΣΥΦΟΣ",
    "ab",
    "abc",
    "b",
];

const ZONES: &[&str] = &[
    "UTC",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
];

const TAGS: &[&str] = &["home", "ärger", "😀", "a\"b", "x'y"];

/// Searches that hit and miss them.
pub const WORDS: &[&str] = &[
    "a",
    "ä",
    "strasse",
    "straße",
    "istanbul",
    "İstanbul",
    "漢",
    "漢字",
    "買い物",
    "カタカナ",
    "😀",
    "%",
    "_",
    "\\",
    "00%",
    "a_b",
    "\"",
    "'",
    "and",
    "or not",
    "near(",
    "*",
    "(",
    ";--",
    "fin",
    "σίσυφοσ",
    "abc",
    "ab",
    "b a",
    "zz",
    "😀 a",
    "abc ab",
    "\"abc",
];

fn text(most: usize) -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    let separator = prop::sample::select(&["", " ", "  ", "-"][..]);
    prop::collection::vec((piece, separator), 1..=most)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(a, b)| [a, b]).collect())
}

/// Few different moments, so that many tasks have the same key.
fn moment() -> impl Strategy<Value = Timestamp> {
    (0..6_i64, 0..3_i64).prop_map(|(hours, micros)| {
        now() + SignedDuration::from_hours(hours * 9 - 24) + SignedDuration::from_micros(micros)
    })
}

fn due() -> impl Strategy<Value = Option<Due>> {
    let zone = prop::sample::select(ZONES).prop_map(|name| name.parse().unwrap());
    let at = (moment(), zone.clone()).prop_map(|(time, zone)| Due::At { time, zone });
    let all_day = (18..25_i8, zone).prop_map(|(day, zone)| Due::AllDay {
        date: jiff::civil::date(2026, 11, day),
        zone,
    });
    prop::option::weighted(0.7, prop_oneof![at, all_day])
}

pub fn any_task() -> impl Strategy<Value = Task> {
    let owner = user("owner of all");
    let texts = (text(3), prop::option::of(text(4)));
    let marks = (
        prop::sample::select(&Priority::ALL[..]),
        prop::sample::select(&domain::CATEGORIES[..]),
        prop::sample::subsequence(TAGS, 0..3),
    );
    let times = (
        moment(),
        moment(),
        prop::option::of(moment()),
        prop::option::weighted(0.2, moment()),
    );
    (texts, marks, due(), times).prop_filter_map("a title needs a character", move |values| {
        let ((title, description), (priority, category, tags), due, times) = values;
        let (created_at, updated_at, completed_at, deleted_at) = times;
        Some(Task {
            id: TaskId(id()),
            title: Title::parse(&title).ok()?,
            description: Description::parse(&description.unwrap_or_default()).ok()?,
            priority,
            category: Category::parse(category).ok()?,
            tags: Tags::parse(tags).ok()?,
            due,
            created_at,
            updated_at,
            status: completed_at.map_or(Status::Pending, |at| Status::Completed { at }),
            deleted_at,
            ..task(&owner, "replaced")
        })
    })
}

fn due_filter() -> impl Strategy<Value = DueFilter> {
    let zone = prop::sample::select(ZONES).prop_map(|name| name.parse().unwrap());
    let days = (prop::option::of(19..24_i8), prop::option::of(19..24_i8));
    let range =
        (days, zone, prop::option::of(moment())).prop_map(|((first, last), zone, overdue_at)| {
            let date = |day| jiff::civil::date(2026, 11, day);
            DueFilter::Dated(DueRange {
                first_date: first.map(date),
                last_date: last.map(date),
                zone,
                overdue_at,
            })
        });
    prop_oneof![1 => Just(DueFilter::Undated), 4 => range]
}

pub fn any_filter() -> impl Strategy<Value = TaskFilter> {
    let lists = (
        prop::sample::subsequence(&StatusKind::ALL[..], 0..=2),
        prop::sample::subsequence(&Priority::ALL[..], 0..=2),
        prop::sample::subsequence(&domain::CATEGORIES[..], 0..=2),
        prop_oneof![3 => Just(Vec::new()), 1 => prop::sample::subsequence(TAGS, 1..=2)],
    );
    let search = prop_oneof![1 => Just(""), 1 => prop::sample::select(WORDS)];
    let trash = prop::sample::select(
        &[
            TrashFilter::Exclude,
            TrashFilter::Include,
            TrashFilter::Include,
            TrashFilter::Only,
        ][..],
    );
    (
        lists,
        search,
        prop::option::weighted(0.3, due_filter()),
        trash,
    )
        .prop_map(
            |((statuses, priorities, categories, tags), search, due, trash)| TaskFilter {
                statuses,
                priorities,
                categories: categories
                    .iter()
                    .map(|name| Category::parse(name).unwrap())
                    .collect(),
                tags: tags.iter().map(|tag| Tag::parse(tag).unwrap()).collect(),
                search: SearchText::parse(search).unwrap(),
                due,
                trash,
            },
        )
}
