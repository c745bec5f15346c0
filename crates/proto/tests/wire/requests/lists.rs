use domain::recurrence::TimeZoneName;
use domain::{DueFilter, Priority, StatusKind, TaskFilter, TaskOrder, Topic, TrashFilter};
use jiff::civil::date;
use proto::request::{ListAuditLogs, ListNotifications, ListTasks};
use proto::{v1, wkt};

use super::fields::refused;
use super::tasks::{ID, time};

fn list(filter: v1::TaskFilter) -> v1::ListTasksRequest {
    v1::ListTasksRequest {
        filter: Some(filter),
        ..v1::ListTasksRequest::default()
    }
}

fn due(due: v1::DueFilter) -> v1::ListTasksRequest {
    list(v1::TaskFilter {
        due: Some(due),
        ..v1::TaskFilter::default()
    })
}

#[test]
fn an_empty_request_lists_all_tasks_newest_first() {
    let all = ListTasks::try_from(v1::ListTasksRequest::default()).unwrap();
    let filter = all
        .filter(&TimeZoneName::utc(), time("2030-01-01T00:00:00Z"))
        .unwrap();
    assert_eq!(filter, TaskFilter::default());
    assert_eq!(
        (all.order, all.page_size.get()),
        (TaskOrder::default(), 100)
    );
    assert_eq!(all.page_token, None);
    assert!(!all.needs_profile_zone());
}

#[test]
fn every_field_of_a_filter_is_read() {
    let request = v1::ListTasksRequest {
        order_by: "due desc".into(),
        page_size: 1_000,
        page_token: "token".into(),
        ..list(v1::TaskFilter {
            statuses: vec![1, 1],
            priorities: vec![3, 1, 3],
            categories: vec!["Work".into(), "work".into()],
            tags: vec!["Urgent".into()],
            search: "Milk  MILK 50%".into(),
            due: Some(v1::DueFilter {
                first_date: Some(date(2030, 1, 1).into()),
                last_date: Some(date(2030, 1, 31).into()),
                overdue: true,
                ..v1::DueFilter::default()
            }),
            trash: v1::TrashFilter::Only.into(),
        })
    };
    let read = ListTasks::try_from(request).unwrap();
    assert!(read.needs_profile_zone());
    assert_eq!(read.order.to_string(), "due desc");
    assert_eq!(read.page_size.get(), 500);
    assert_eq!(read.page_token.as_deref(), Some("token"));
    let now = time("2030-01-15T00:00:00Z");
    let filter = read.filter(&"Asia/Tokyo".parse().unwrap(), now).unwrap();
    assert_eq!(filter.statuses, [StatusKind::Pending]);
    assert_eq!(filter.priorities, [Priority::High, Priority::Low]);
    assert_eq!(filter.categories.len(), 1);
    assert_eq!(filter.tags[0].as_str(), "urgent");
    assert_eq!(filter.search.unwrap().words(), ["milk", "50%"]);
    assert_eq!(filter.trash, TrashFilter::Only);
    let Some(DueFilter::Dated(range)) = filter.due else {
        panic!("{:?}", filter.due)
    };
    assert_eq!(range.first_date, Some(date(2030, 1, 1)));
    assert_eq!(range.last_date, Some(date(2030, 1, 31)));
    assert_eq!(range.zone.as_str(), "Asia/Tokyo");
    assert_eq!(range.overdue_at, Some(now));
}

#[test]
fn a_page_token_belongs_to_filter_and_order_whatever_the_page() {
    let scope = |request| ListTasks::try_from(request).unwrap().token_scope;
    let by_title = |page_size, page_token: &str| v1::ListTasksRequest {
        order_by: "title".into(),
        page_size,
        page_token: page_token.into(),
        ..list(v1::TaskFilter {
            search: "milk".into(),
            ..v1::TaskFilter::default()
        })
    };
    assert_eq!(scope(by_title(5, "")), scope(by_title(7, "next")));
    let other_order = v1::ListTasksRequest {
        order_by: "title desc".into(),
        ..by_title(5, "")
    };
    assert_ne!(scope(by_title(5, "")), scope(other_order));
    let other_filter = v1::ListTasksRequest {
        filter: None,
        ..by_title(5, "")
    };
    assert_ne!(scope(by_title(5, "")), scope(other_filter));
    let spelled_out = v1::ListTasksRequest {
        order_by: "created_at  desc".into(),
        ..list(<_>::default())
    };
    assert_eq!(scope(spelled_out), scope(v1::ListTasksRequest::default()));
}

/// Each request is refused for its one field.
fn each_is_refused(cases: Vec<(v1::ListTasksRequest, &str)>) {
    for (request, field) in cases {
        let said = format!("{request:?}");
        assert_eq!(refused(ListTasks::try_from(request)), [field], "{said}");
    }
}

#[test]
fn each_field_of_a_filter_out_of_its_bounds_is_named() {
    let filter = v1::TaskFilter::default;
    let request = v1::ListTasksRequest::default;
    each_is_refused(vec![
        (
            list(v1::TaskFilter {
                statuses: vec![1, 0],
                ..filter()
            }),
            "filter.statuses[1]",
        ),
        (
            list(v1::TaskFilter {
                priorities: vec![4],
                ..filter()
            }),
            "filter.priorities[0]",
        ),
        (
            list(v1::TaskFilter {
                categories: vec!["x".into()],
                ..filter()
            }),
            "filter.categories[0]",
        ),
        (
            list(v1::TaskFilter {
                tags: vec![String::new()],
                ..filter()
            }),
            "filter.tags[0]",
        ),
        (
            list(v1::TaskFilter {
                search: "x".repeat(201),
                ..filter()
            }),
            "filter.search",
        ),
        (
            list(v1::TaskFilter {
                search: "\0".into(),
                ..filter()
            }),
            "filter.search",
        ),
        (
            list(v1::TaskFilter {
                trash: 4,
                ..filter()
            }),
            "filter.trash",
        ),
        (
            v1::ListTasksRequest {
                order_by: "status".into(),
                ..request()
            },
            "order_by",
        ),
        (
            v1::ListTasksRequest {
                order_by: "due asc".into(),
                ..request()
            },
            "order_by",
        ),
        (
            v1::ListTasksRequest {
                page_size: -1,
                ..request()
            },
            "page_size",
        ),
    ]);
}

#[test]
fn each_field_of_a_due_filter_out_of_its_bounds_is_named() {
    let filter = v1::DueFilter::default;
    let first_date = Some(date(2030, 1, 2).into());
    let before_it = Some(date(2030, 1, 1).into());
    let too_early = Some(date(1900, 1, 1).into());
    let undated = || v1::DueFilter {
        undated: true,
        ..filter()
    };
    each_is_refused(vec![
        (
            due(v1::DueFilter {
                first_date: too_early,
                ..filter()
            }),
            "filter.due.first_date",
        ),
        (
            due(v1::DueFilter {
                last_date: Some(<_>::default()),
                ..filter()
            }),
            "filter.due.last_date",
        ),
        (
            due(v1::DueFilter {
                first_date,
                last_date: before_it,
                ..filter()
            }),
            "filter.due.last_date",
        ),
        (
            due(v1::DueFilter {
                time_zone: "nowhere".into(),
                ..filter()
            }),
            "filter.due.time_zone",
        ),
        (
            due(v1::DueFilter {
                overdue: true,
                ..undated()
            }),
            "filter.due.undated",
        ),
        (
            due(v1::DueFilter {
                time_zone: "UTC".into(),
                ..undated()
            }),
            "filter.due.undated",
        ),
    ]);
}

#[test]
fn a_list_of_nonsense_is_refused_for_its_first_entry() {
    let nonsense = list(v1::TaskFilter {
        statuses: vec![9; 100_000],
        ..v1::TaskFilter::default()
    });
    assert_eq!(
        refused(ListTasks::try_from(nonsense)),
        ["filter.statuses[0]"]
    );
}

#[test]
fn notifications_are_listed_a_page_at_a_time() {
    let list = |page_size| {
        ListNotifications::try_from(v1::ListNotificationsRequest {
            unread_only: true,
            page_size,
            page_token: "t".into(),
        })
    };
    let read = list(0).unwrap();
    assert_eq!((read.unread_only, read.page_size.get()), (true, 50));
    assert_eq!(read.page_token.as_deref(), Some("t"));
    assert_eq!(list(101).unwrap().page_size.get(), 100);
    assert_eq!(refused(list(-1)), ["page_size"]);
}

#[test]
fn audit_logs_are_listed_by_task_type_and_time() {
    let request = v1::ListAuditLogsRequest {
        task_id: ID.into(),
        event_types: vec![
            "task.created".into(),
            "reminder.due".into(),
            "task.created".into(),
        ],
        occurred_from: Some(time("2030-01-01T00:00:00.000000001Z").into()),
        occurred_before: Some(time("2030-01-02T00:00:00Z").into()),
        page_size: 501,
        page_token: String::new(),
    };
    let read = ListAuditLogs::try_from(request.clone()).unwrap();
    assert_eq!(read.task_id, Some(ID.parse().unwrap()));
    assert_eq!(read.topics, [Topic::TaskCreated, Topic::ReminderDue]);
    // Nothing is stored between two microseconds.
    assert_eq!(
        read.occurred_from,
        Some(time("2030-01-01T00:00:00.000001Z"))
    );
    assert_eq!(read.occurred_before, Some(time("2030-01-02T00:00:00Z")));
    assert_eq!((read.page_size.get(), read.page_token), (500, None));
    let next = v1::ListAuditLogsRequest {
        page_token: "t".into(),
        page_size: 7,
        ..request.clone()
    };
    assert_eq!(
        ListAuditLogs::try_from(next).unwrap().token_scope,
        read.token_scope
    );
    let other = v1::ListAuditLogsRequest {
        task_id: String::new(),
        ..request
    };
    assert_ne!(
        ListAuditLogs::try_from(other).unwrap().token_scope,
        read.token_scope
    );
}

#[test]
fn each_field_of_an_audit_request_out_of_its_bounds_is_named() {
    let broken = wkt::Timestamp {
        seconds: 0,
        nanos: -1,
    };
    let request = v1::ListAuditLogsRequest {
        task_id: "1".into(),
        event_types: vec!["task.created".into(), "task.updates".into(), "x".into()],
        occurred_from: Some(broken),
        occurred_before: Some(wkt::Timestamp {
            seconds: i64::MAX,
            nanos: 0,
        }),
        page_size: -1,
        page_token: String::new(),
    };
    assert_eq!(
        refused(ListAuditLogs::try_from(request)),
        [
            "task_id",
            "event_types[1]",
            "occurred_from",
            "occurred_before",
            "page_size"
        ]
    );
}
