//! What lists mean: filters, orders and the pages between.

use std::cmp::Ordering;

use proptest::prelude::*;

use crate::fixtures::strategies::tasks;
use crate::fixtures::{at, created, on, plants, time, zone};
use crate::{
    DueFilter, DueFilterInput, DueRange, NewTask, OrderField, PagePosition, Priority, SearchText,
    StatusKind, Tag, Task, TaskFilter, TaskId, TaskOrder, Title, TrashFilter,
};

const NOW: &str = "2026-03-28T12:00:00Z";

fn titled(number: u128, title: &str, priority: Priority) -> Task {
    let new = NewTask {
        title: Title::parse(title).unwrap(),
        priority: Some(priority),
        ..plants()
    };
    Task {
        id: TaskId(uuid::Uuid::from_u128(number)),
        ..created(new)
    }
}

fn sorted(tasks: &[Task], order: &str) -> Vec<u128> {
    let order = TaskOrder::parse(order).unwrap();
    let mut tasks = tasks.to_vec();
    tasks.sort_by(|left, right| order.compare(left, right));
    tasks.iter().map(|task| task.id.0.as_u128()).collect()
}

fn due_filter(input: DueFilterInput) -> DueFilter {
    DueFilter::parse(input, &zone("Europe/Berlin"), time(NOW))
        .unwrap()
        .unwrap()
}

#[test]
fn tasks_sort_by_rank_and_by_folded_title() {
    let tasks = [
        titled(1, "banana", Priority::High),
        titled(2, "Apple", Priority::Low),
        titled(3, "ßeta", Priority::Medium),
        titled(4, "SSETA", Priority::Low),
    ];
    assert_eq!(sorted(&tasks, "title"), [2, 1, 3, 4]);
    assert_eq!(sorted(&tasks, "title desc"), [4, 3, 1, 2]);
    assert_eq!(sorted(&tasks, "priority"), [2, 4, 3, 1]);
    assert_eq!(sorted(&tasks, "priority desc"), [1, 3, 4, 2]);
}

#[test]
fn tasks_without_a_due_come_last_either_way() {
    let with = |number, due| Task {
        id: TaskId(uuid::Uuid::from_u128(number)),
        ..created(NewTask { due, ..plants() })
    };
    let tasks = [
        with(1, None),
        with(2, Some(on("2026-03-29", "UTC"))),
        with(3, Some(at("2026-03-28T23:00", "UTC"))),
        with(4, None),
    ];
    assert_eq!(sorted(&tasks, "due"), [3, 2, 1, 4]);
    assert_eq!(sorted(&tasks, "due desc"), [2, 3, 4, 1]);
}

#[test]
fn an_empty_filter_means_all_outside_the_trash() {
    let task = created(plants());
    let deleted = task.clone().delete(time(NOW)).unwrap().after;
    let shown = |trash| {
        let filter = TaskFilter {
            trash,
            ..TaskFilter::default()
        };
        (filter.matches(&task), filter.matches(&deleted))
    };
    assert_eq!(shown(TrashFilter::default()), (true, false));
    assert_eq!(shown(TrashFilter::Include), (true, true));
    assert_eq!(shown(TrashFilter::Only), (false, true));
}

#[test]
fn lists_of_values_are_any_of_and_tags_all_of() {
    let tags = crate::Tags::parse(["a", "b"]).unwrap();
    let task = created(NewTask {
        tags,
        priority: Some(Priority::High),
        ..plants()
    });
    let none = TaskFilter::default;
    let tag = |text| Tag::parse(text).unwrap();
    let table = [
        (
            TaskFilter {
                statuses: vec![StatusKind::Pending],
                ..none()
            },
            true,
        ),
        (
            TaskFilter {
                statuses: vec![StatusKind::Completed],
                ..none()
            },
            false,
        ),
        (
            TaskFilter {
                statuses: StatusKind::ALL.to_vec(),
                ..none()
            },
            true,
        ),
        (
            TaskFilter {
                priorities: vec![Priority::Low, Priority::High],
                ..none()
            },
            true,
        ),
        (
            TaskFilter {
                priorities: vec![Priority::Low],
                ..none()
            },
            false,
        ),
        (
            TaskFilter {
                categories: vec![crate::Category::default()],
                ..none()
            },
            true,
        ),
        (
            TaskFilter {
                categories: crate::Category::parse("work").into_iter().collect(),
                ..none()
            },
            false,
        ),
        (
            TaskFilter {
                tags: vec![tag("B")],
                ..none()
            },
            true,
        ),
        (
            TaskFilter {
                tags: vec![tag("a"), tag("b")],
                ..none()
            },
            true,
        ),
        (
            TaskFilter {
                tags: vec![tag("a"), tag("c")],
                ..none()
            },
            false,
        ),
        (
            TaskFilter {
                search: SearchText::parse("PLANTS wat").unwrap(),
                ..none()
            },
            true,
        ),
        (
            TaskFilter {
                search: SearchText::parse("plants cat").unwrap(),
                ..none()
            },
            false,
        ),
    ];
    for (filter, expected) in table {
        assert_eq!(filter.matches(&task), expected, "{filter:?}");
    }
}

#[test]
fn days_are_counted_in_the_filters_zone() {
    let matches = |input: DueFilterInput, due| {
        due_filter(input).matches(Some(&crate::fixtures::due(due)), true)
    };
    let day = |zone_name: &str| DueFilterInput {
        first_date: "2026-03-28".parse().ok(),
        last_date: "2026-03-28".parse().ok(),
        zone: zone_name.parse().ok(),
        ..DueFilterInput::default()
    };
    // 23:30 in UTC is the next day in Berlin.
    let late = || at("2026-03-28T23:30", "UTC");
    assert!(matches(day("UTC"), late()));
    assert!(!matches(day("Europe/Berlin"), late()));
    // Without a zone it is the profile's, which is Berlin here.
    assert!(!matches(
        DueFilterInput {
            zone: None,
            ..day("UTC")
        },
        late()
    ));
    // An all-day task is on its date everywhere.
    for zone_name in ["UTC", "Europe/Berlin", "Pacific/Kiritimati"] {
        assert!(matches(
            day(zone_name),
            on("2026-03-28", "America/New_York")
        ));
        assert!(!matches(
            day(zone_name),
            on("2026-03-29", "America/New_York")
        ));
    }
}

#[test]
fn a_day_begins_with_its_midnight_and_ends_before_the_next() {
    let day = due_filter(DueFilterInput {
        first_date: "2026-03-29".parse().ok(),
        last_date: "2026-03-29".parse().ok(),
        ..DueFilterInput::default()
    });
    // The day of the clock change has 23 hours in Berlin.
    let table = [
        ("2026-03-28T22:59:59.999999Z", false),
        ("2026-03-28T23:00:00Z", true),
        ("2026-03-29T21:59:59.999999Z", true),
        ("2026-03-29T22:00:00Z", false),
    ];
    for (moment, expected) in table {
        let due = crate::Due::At {
            time: time(moment),
            zone: zone("UTC"),
        };
        assert_eq!(day.matches(Some(&due), true), expected, "{moment}");
    }
}

#[test]
fn overdue_are_pending_tasks_whose_due_has_passed() {
    let overdue = due_filter(DueFilterInput {
        overdue: true,
        ..DueFilterInput::default()
    });
    let due = crate::fixtures::due;
    let table = [
        (at("2026-03-28T11:59", "UTC"), true),
        (at("2026-03-28T12:00", "UTC"), false),
        (on("2026-03-27", "UTC"), true),
        (on("2026-03-28", "UTC"), false),
    ];
    for (input, expected) in table {
        assert_eq!(
            overdue.matches(Some(&due(input.clone())), true),
            expected,
            "{input:?}"
        );
        assert!(!overdue.matches(Some(&due(input)), false));
    }
    assert!(!overdue.matches(None, true));
}

#[test]
fn undated_stands_alone_and_dates_keep_their_order() {
    let undated = DueFilterInput {
        undated: true,
        ..DueFilterInput::default()
    };
    assert_eq!(due_filter(undated.clone()), DueFilter::Undated);
    assert!(DueFilter::Undated.matches(None, true));
    assert!(
        !DueFilter::Undated.matches(Some(&crate::fixtures::due(on("2026-01-01", "UTC"))), true)
    );

    let parse = |input| DueFilter::parse(input, &zone("UTC"), time(NOW));
    assert_eq!(parse(DueFilterInput::default()), Ok(None));
    let alone = "undated must not be set together with other fields";
    let both = DueFilterInput {
        overdue: true,
        ..undated
    };
    assert_eq!(parse(both).unwrap_err().to_string(), alone);
    let swapped = DueFilterInput {
        first_date: "2026-03-02".parse().ok(),
        last_date: "2026-03-01".parse().ok(),
        ..DueFilterInput::default()
    };
    let order = "last_date must not be before first_date";
    assert_eq!(parse(swapped).unwrap_err().to_string(), order);
    let far = DueFilterInput {
        first_date: "3000-01-01".parse().ok(),
        ..DueFilterInput::default()
    };
    let range = "first_date must be a date of the years 1970 to 2999";
    assert_eq!(parse(far).unwrap_err().to_string(), range);
}

proptest! {
    #[test]
    fn a_due_is_on_its_day_and_on_no_other(task in tasks(), viewer in 0_usize..3) {
        let viewer = zone(["Europe/Berlin", "America/Santiago", "Pacific/Apia"][viewer]);
        let Some(due) = &task.due else { return Ok(()) };
        let day = due.day(&viewer);
        let matches = |first_date, last_date| {
            let zone = viewer.clone();
            let range = DueRange { first_date, last_date, zone, overdue_at: None };
            DueFilter::Dated(range).matches(Some(due), true)
        };
        prop_assert!(matches(Some(day), Some(day)));
        prop_assert!(!matches(None, day.yesterday().ok()));
        prop_assert!(!matches(day.tomorrow().ok(), None));
    }

    #[test]
    fn an_order_is_total_and_a_position_is_a_tasks_own(
        left in tasks(),
        right in tasks(),
        order in 0_usize..10,
    ) {
        let order = TaskOrder { by: OrderField::ALL[order / 2], descending: order % 2 == 0 };
        let right = Task { id: TaskId(uuid::Uuid::from_u128(77)), ..right };
        prop_assert_eq!(order.compare(&left, &right), order.compare(&right, &left).reverse());
        prop_assert_ne!(order.compare(&left, &right), Ordering::Equal);
        prop_assert_eq!(order.compare(&left, &left), Ordering::Equal);
        let position = order.position(&left);
        prop_assert_eq!(PagePosition::from_bytes(&position.to_bytes()), Ok(position));
    }
}
