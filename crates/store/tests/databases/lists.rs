use std::collections::HashSet;

use domain::{
    Category, Description, Due, DueFilter, DueRange, OrderField, Priority, SearchText, Status,
    StatusKind, Tag, Tags, Task, TaskFilter, TaskId, TaskOrder, Title, TrashFilter, UserId,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::StoreError;
use tokio::runtime::Handle;

use crate::harness::TestDatabase;
use crate::samples::{id, later, now, reminding_task, task, user};

/// Pieces of titles and descriptions in which sorting and searching can go wrong.
const PIECES: &[&str] = &[
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

const WORDS: &[&str] = &[
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
        .prop_map(|pieces| pieces.into_iter().map(|(a, b)| format!("{a}{b}")).collect())
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

fn any_task() -> impl Strategy<Value = Task> {
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

fn any_filter() -> impl Strategy<Value = TaskFilter> {
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

/// Every page of a list, one after the other, by the position of each page's last task.
async fn pages(
    database: &TestDatabase,
    owner: &UserId,
    filter: &TaskFilter,
    order: TaskOrder,
    size: u32,
) -> Vec<Task> {
    let read = database.store.read().await.unwrap();
    let mut tasks: Vec<Task> = Vec::new();
    loop {
        let after = tasks.last().map(|last| order.position(last));
        let page = read
            .task_list(owner, filter, order, after.as_ref(), size)
            .await
            .unwrap();
        let full = page.len() == size as usize;
        assert!(page.len() <= size as usize);
        tasks.extend(page);
        if !full {
            return tasks;
        }
    }
}

async fn matches_model(
    database: &TestDatabase,
    tasks: &[Task],
    filters: &[TaskFilter],
    size: u32,
) -> Result<(), TestCaseError> {
    // Each case has a user of its own, so that one database serves them all.
    let owner = user(&format!("owner {}", id()));
    let tasks: Vec<Task> = tasks
        .iter()
        .map(|task| Task {
            user_id: owner.clone(),
            ..task.clone()
        })
        .collect();
    let tx = database.store.begin().await.unwrap();
    for task in &tasks {
        tx.task_insert(task).await.unwrap();
    }
    tx.commit().await.unwrap();
    for filter in [&TaskFilter::default()].into_iter().chain(filters) {
        let mut expected: Vec<Task> = tasks
            .iter()
            .filter(|task| filter.matches(task))
            .cloned()
            .collect();
        let read = database.store.read().await.unwrap();
        let count = read.task_count(&owner, filter).await.unwrap();
        prop_assert_eq!(
            usize::try_from(count).unwrap(),
            expected.len(),
            "{:?}",
            filter
        );
        for by in OrderField::ALL {
            for descending in [false, true] {
                let order = TaskOrder { by, descending };
                expected.sort_by(|left, right| order.compare(left, right));
                let listed = pages(database, &owner, filter, order, size).await;
                prop_assert_eq!(titles(&listed), titles(&expected), "{} {:?}", order, filter);
                prop_assert_eq!(&listed, &expected);
                let rest = read
                    .task_list_from(&owner, filter, order, 2, 500)
                    .await
                    .unwrap();
                let skipped: Vec<Task> = expected.iter().skip(2).cloned().collect();
                prop_assert_eq!(rest, skipped);
            }
        }
    }
    Ok(())
}

fn titles(tasks: &[Task]) -> Vec<(&str, TaskId)> {
    tasks
        .iter()
        .map(|task| (task.title.as_str(), task.id))
        .collect()
}

on_every_database! {
    async fn pages_in_every_order_and_filter_are_what_the_domain_says(database: &TestDatabase) {
        let cases = (
            prop::collection::vec(any_task(), 0..25),
            prop::collection::vec(any_filter(), 6),
            1..9_u32,
        );
        let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
        tokio::task::block_in_place(|| {
            runner
                .run(&cases, |(tasks, filters, size)| {
                    Handle::current().block_on(matches_model(database, &tasks, &filters, size))
                })
                .unwrap();
        });
    }

    async fn every_word_finds_what_the_domain_says(database: &TestDatabase) {
        let owner = user("searcher");
        let mut tasks: Vec<Task> = PIECES
            .iter()
            .filter_map(|piece| {
                let described = Description::parse(&format!("one\n{piece}two")).unwrap();
                Some(Task {
                    title: Title::parse(&format!("{piece}{piece} x")).ok()?,
                    description: described,
                    ..task(&owner, "replaced")
                })
            })
            .collect();
        tasks.push(task(&owner, &PIECES.concat()));
        let tx = database.store.begin().await.unwrap();
        for task in &tasks {
            tx.task_insert(task).await.unwrap();
        }
        tx.task_insert(&task(&user("stranger"), &PIECES.concat())).await.unwrap();
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        let mut found_something = 0;
        for word in WORDS.iter().chain(PIECES) {
            let filter = TaskFilter {
                search: SearchText::parse(word).unwrap(),
                ..TaskFilter::default()
            };
            let found = read.task_list(&owner, &filter, TaskOrder::default(), None, 500).await;
            let found: HashSet<_> = found.unwrap().into_iter().map(|task| task.id).collect();
            let expected: HashSet<_> =
                tasks.iter().filter(|task| filter.matches(task)).map(|task| task.id).collect();
            assert_eq!(found, expected, "{word}");
            found_something += usize::from(!found.is_empty());
        }
        assert!(found_something > PIECES.len(), "the words are found");
    }

    async fn a_page_goes_on_where_the_last_one_ended_although_tasks_came_and_went(database: &TestDatabase) {
        let owner = user("alice");
        let tasks: Vec<Task> = (0..6)
            .map(|number| Task {
                created_at: later(number),
                ..reminding_task(&owner, &format!("task {number}"), &[later(500)])
            })
            .collect();
        let tx = database.store.begin().await.unwrap();
        for task in &tasks {
            tx.task_insert(task).await.unwrap();
        }
        tx.commit().await.unwrap();
        let order = TaskOrder { by: OrderField::CreatedAt, descending: false };
        let filter = TaskFilter::default();
        let read = database.store.read().await.unwrap();
        let first = read.task_list(&owner, &filter, order, None, 2).await.unwrap();
        drop(read);
        assert_eq!(first, tasks[..2]);
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&Task { created_at: later(-1), ..task(&owner, "earlier") }).await.unwrap();
        let gone = Task { deleted_at: Some(now()), version: 2, ..tasks[1].clone() };
        tx.task_update(&tasks[1], &gone).await.unwrap();
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        let after = order.position(&tasks[1]);
        let second = read.task_list(&owner, &filter, order, Some(&after), 2).await.unwrap();
        assert_eq!(second, tasks[2..4]);
    }

    async fn a_position_of_another_order_is_refused(database: &TestDatabase) {
        let owner = user("alice");
        let position = TaskOrder::default().position(&task(&owner, "x"));
        let by_title = TaskOrder { by: OrderField::Title, descending: false };
        let read = database.store.read().await.unwrap();
        let error = read
            .task_list(&owner, &TaskFilter::default(), by_title, Some(&position), 2)
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::WrongPosition), "{error:?}");
    }
}
