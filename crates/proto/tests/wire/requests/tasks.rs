use domain::recurrence::RecurrenceMode;
use domain::{DueInput, Priority, ReminderInput, ReminderTime};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use proto::request::CreateTask;
use proto::v1::reminder::When as ReminderWhen;
use proto::v1::{self, due::When};
use proto::wkt;

use super::fields::refused;

pub const ID: &str = "0198c5a2-7b7e-7c3a-9d0e-000000000001";

pub fn titled(title: &str) -> v1::Task {
    v1::Task {
        title: title.into(),
        ..v1::Task::default()
    }
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn create(task: v1::Task) -> v1::CreateTaskRequest {
    v1::CreateTaskRequest {
        task: Some(task),
        request_id: String::new(),
    }
}

fn due(when: Option<When>, time_zone: &str) -> v1::Due {
    v1::Due {
        when,
        time_zone: time_zone.into(),
    }
}

fn reminder(when: ReminderWhen) -> v1::Reminder {
    v1::Reminder {
        when: Some(when),
        ..v1::Reminder::default()
    }
}

/// Each task is refused for its one field.
fn each_is_refused(cases: Vec<(v1::Task, &str)>) {
    for (task, field) in cases {
        let said = format!("{task:?}");
        assert_eq!(
            refused(CreateTask::try_from(create(task))),
            [field],
            "{said}"
        );
    }
}

#[test]
fn a_title_is_enough_for_a_task() {
    let created = CreateTask::try_from(create(titled("  Buy milk "))).unwrap();
    assert_eq!(
        created.task,
        domain::NewTask::titled(domain::Title::parse("Buy milk").unwrap())
    );
    assert_eq!(created.request_id, None);
}

#[test]
fn every_field_of_a_new_task_is_read() {
    let at = time("2030-03-30T08:00:00.123456789Z");
    let task = v1::Task {
        description: "two bottles".into(),
        priority: v1::Priority::High.into(),
        category: " HOME".into(),
        tags: vec!["Shop".into(), "shop ".into()],
        due: Some(due(Some(When::Time(at.into())), "europe/berlin")),
        recurring_rule: "WEEKLY".into(),
        recurrence_mode: v1::RecurrenceMode::FromCompletion.into(),
        recurring_end_date: Some(date(2031, 1, 1).into()),
        reminders: vec![
            reminder(ReminderWhen::BeforeDue(SignedDuration::from_secs(0).into())),
            v1::Reminder {
                id: ID.into(),
                ..reminder(ReminderWhen::Time(at.into()))
            },
        ],
        ..titled("Buy milk")
    };
    let request = v1::CreateTaskRequest {
        task: Some(task),
        request_id: ID.into(),
    };
    let created = CreateTask::try_from(request).unwrap();
    let kept = time("2030-03-30T08:00:00.123456Z");
    assert_eq!(created.request_id, Some(ID.parse().unwrap()));
    assert_eq!(created.task.priority, Some(Priority::High));
    assert_eq!(created.task.category.unwrap().as_str(), "home");
    assert_eq!(created.task.tags.iter().collect::<Vec<_>>(), ["shop"]);
    assert_eq!(
        created.task.due,
        Some(DueInput::At {
            time: kept,
            zone: Some("Europe/Berlin".parse().unwrap())
        })
    );
    assert_eq!(created.task.rule, Some("weekly".parse().unwrap()));
    assert_eq!(created.task.mode, Some(RecurrenceMode::FromCompletion));
    assert_eq!(created.task.end_date, Some(date(2031, 1, 1)));
    let before = ReminderTime::BeforeDue(SignedDuration::ZERO);
    assert_eq!(
        created.task.reminders,
        [
            ReminderInput {
                id: None,
                when: before
            },
            ReminderInput {
                id: Some(ID.parse().unwrap()),
                when: ReminderTime::At(kept)
            },
        ]
    );
}

#[test]
fn output_only_fields_are_not_looked_at() {
    let task = v1::Task {
        id: "not an id".into(),
        status: 77,
        parent_task_id: "neither".into(),
        occurrence_index: -5,
        version: -1,
        etag: "?".into(),
        created_at: Some(wkt::Timestamp {
            seconds: 0,
            nanos: -1,
        }),
        series_position: Some(v1::SeriesPosition::default()),
        ..titled("Buy milk")
    };
    assert!(CreateTask::try_from(create(task)).is_ok());
}

#[test]
fn a_request_without_a_task_is_refused() {
    let request = v1::CreateTaskRequest {
        task: None,
        request_id: "1".into(),
    };
    assert_eq!(
        refused(CreateTask::try_from(request)),
        ["task", "request_id"]
    );
}

#[test]
fn each_text_or_choice_out_of_its_bounds_is_named() {
    let task = || titled("t");
    let tags = |tags: &[&str]| tags.iter().copied().map(String::from).collect();
    let eleven = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
    each_is_refused(vec![
        (titled(""), "task.title"),
        (titled("a\nb"), "task.title"),
        (titled(&"x".repeat(256)), "task.title"),
        (
            v1::Task {
                description: "\0".into(),
                ..task()
            },
            "task.description",
        ),
        (
            v1::Task {
                description: "x".repeat(10_001),
                ..task()
            },
            "task.description",
        ),
        (
            v1::Task {
                priority: 4,
                ..task()
            },
            "task.priority",
        ),
        (
            v1::Task {
                category: "garden".into(),
                ..task()
            },
            "task.category",
        ),
        (
            v1::Task {
                tags: tags(&["a", " "]),
                ..task()
            },
            "task.tags[1]",
        ),
        (
            v1::Task {
                tags: tags(&eleven),
                ..task()
            },
            "task.tags",
        ),
        (
            v1::Task {
                recurring_rule: "hourly".into(),
                ..task()
            },
            "task.recurring_rule",
        ),
        (
            v1::Task {
                recurrence_mode: -1,
                ..task()
            },
            "task.recurrence_mode",
        ),
        (
            v1::Task {
                recurring_end_date: Some(date(3000, 1, 1).into()),
                ..task()
            },
            "task.recurring_end_date",
        ),
    ]);
}

#[test]
fn each_due_out_of_its_bounds_is_named() {
    let with_due = |when, zone: &str| v1::Task {
        due: Some(due(when, zone)),
        ..titled("t")
    };
    let at = |time| with_due(Some(When::Time(time)), "");
    let on = |year, month, day| {
        with_due(
            Some(When::Date(proto::google_type::Date { year, month, day })),
            "",
        )
    };
    each_is_refused(vec![
        (with_due(None, "UTC"), "task.due"),
        (at(time("3000-01-01T00:00:00Z").into()), "task.due.time"),
        (
            at(wkt::Timestamp {
                seconds: 0,
                nanos: i32::MAX,
            }),
            "task.due.time",
        ),
        (on(1969, 12, 31), "task.due.date"),
        (on(2030, 2, 0), "task.due.date"),
        (on(2030, 2, 29), "task.due.date"),
        (
            with_due(Some(When::Date(date(2030, 1, 1).into())), "Berlin"),
            "task.due.time_zone",
        ),
    ]);
}

#[test]
fn each_reminder_out_of_its_bounds_is_named() {
    let with = |reminder| v1::Task {
        reminders: vec![reminder],
        ..titled("t")
    };
    let at = |text| reminder(ReminderWhen::Time(time(text).into()));
    let before = |seconds, nanos| {
        with(reminder(ReminderWhen::BeforeDue(wkt::Duration {
            seconds,
            nanos,
        })))
    };
    let unnamed = v1::Reminder {
        id: "1".into(),
        ..at("2030-01-01T00:00:00Z")
    };
    let six = vec![v1::Reminder::default(); 6];
    each_is_refused(vec![
        (with(v1::Reminder::default()), "task.reminders[0]"),
        (with(unnamed), "task.reminders[0].id"),
        (with(at("3000-01-01T00:00:00Z")), "task.reminders[0].time"),
        (before(-1, 0), "task.reminders[0].before_due"),
        (before(1, 500_000_000), "task.reminders[0].before_due"),
        (before(1, -1), "task.reminders[0].before_due"),
        (before(366 * 86_400 + 1, 0), "task.reminders[0].before_due"),
        (
            v1::Task {
                reminders: six,
                ..titled("t")
            },
            "task.reminders",
        ),
    ]);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let task = v1::Task {
        description: "\0".into(),
        priority: 9,
        category: "garden".into(),
        tags: vec!["\t".into()],
        due: Some(due(Some(When::Date(date(1900, 1, 1).into())), "Nowhere")),
        recurring_rule: "FREQ=DAILY;BYDAY=XX".into(),
        recurrence_mode: 9,
        recurring_end_date: Some(proto::google_type::Date::default()),
        reminders: vec![
            v1::Reminder::default(),
            reminder(ReminderWhen::BeforeDue(wkt::Duration {
                seconds: -5,
                nanos: 0,
            })),
        ],
        ..titled(" ")
    };
    let request = v1::CreateTaskRequest {
        task: Some(task),
        request_id: "again".into(),
    };
    let said = CreateTask::try_from(request)
        .unwrap_err()
        .to_string()
        .replace("; ", "\n");
    insta::assert_snapshot!(said, @r"
    task.title must have 1 to 255 characters
    task.description must not contain the character NUL
    task.priority has the unknown value 9
    task.category must be one of work, personal, home, other
    task.tags[0] must have 1 to 50 characters
    task.due.time_zone is not a time zone of the IANA database
    task.due.date must be a date of the years 1970 to 2999
    task.recurring_rule BYDAY must name weekdays as MO, TU, WE, TH, FR, SA or SU
    task.recurrence_mode has the unknown value 9
    task.recurring_end_date must be a whole date of the calendar
    task.reminders[0] must have a time or before_due
    task.reminders[1].before_due must be whole seconds from 0 to 366 days
    request_id must be a UUID such as 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d
    ");
}
