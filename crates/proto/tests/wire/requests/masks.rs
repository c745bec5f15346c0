use domain::recurrence::RecurrenceMode;
use domain::{Etag, Priority, SeriesScope, TaskPatch, Title};
use proto::request::UpdateTask;
use proto::v1;
use proto::wkt::FieldMask;

use super::fields::refused;
use super::tasks::{ID, titled};

fn update(task: v1::Task, paths: Option<&[&str]>) -> v1::UpdateTaskRequest {
    v1::UpdateTaskRequest {
        task: Some(v1::Task {
            id: ID.into(),
            ..task
        }),
        update_mask: paths.map(|paths| paths.iter().copied().collect::<FieldMask>()),
        ..v1::UpdateTaskRequest::default()
    }
}

fn patch(task: v1::Task, paths: Option<&[&str]>) -> TaskPatch {
    UpdateTask::try_from(update(task, paths)).unwrap().patch
}

fn retitled() -> TaskPatch {
    TaskPatch {
        title: Some(Title::parse("new").unwrap()),
        ..TaskPatch::default()
    }
}

#[test]
fn without_a_mask_the_populated_fields_change() {
    assert_eq!(patch(titled("new"), None), retitled());
    assert_eq!(patch(titled("new"), Some(&[])), retitled());
    assert_eq!(patch(v1::Task::default(), None), TaskPatch::default());
    let task = v1::Task {
        priority: v1::Priority::Low.into(),
        ..v1::Task::default()
    };
    let lower = TaskPatch {
        priority: Some(Priority::Low),
        ..TaskPatch::default()
    };
    assert_eq!(patch(task, None), lower);
}

#[test]
fn with_a_mask_only_its_fields_are_read() {
    let task = v1::Task {
        description: "\0".into(),
        priority: 99,
        recurring_rule: "nonsense".into(),
        reminders: vec![v1::Reminder::default(); 9],
        ..titled("new")
    };
    assert_eq!(patch(task, Some(&["title"])), retitled());
}

#[test]
fn a_masked_field_that_is_not_sent_is_cleared() {
    let cleared = TaskPatch {
        description: Some(domain::Description::default()),
        priority: Some(Priority::Medium),
        category: Some(domain::Category::default()),
        tags: Some(domain::Tags::default()),
        due: Some(None),
        rule: Some(None),
        mode: Some(RecurrenceMode::SkipMissed),
        end_date: Some(None),
        reminders: Some(Vec::new()),
        ..retitled()
    };
    assert_eq!(patch(titled("new"), Some(&["*"])), cleared);
    let all = [
        "title",
        "description",
        "priority",
        "category",
        "tags",
        "due",
        "recurring_rule",
        "recurrence_mode",
        "recurring_end_date",
        "reminders",
    ];
    assert_eq!(patch(titled("new"), Some(&all)), cleared);
    let request = update(v1::Task::default(), Some(&["title"]));
    assert_eq!(refused(UpdateTask::try_from(request)), ["task.title"]);
}

#[test]
fn output_only_fields_in_a_mask_are_ignored_and_unknown_ones_refused() {
    let paths = [
        "title",
        "status",
        "version",
        "etag",
        "id",
        "series_position",
        "purge_at",
    ];
    assert_eq!(patch(titled("new"), Some(&paths)), retitled());
    for path in ["titel", "task.title", "due.date", "recurringRule", ""] {
        let request = update(titled("new"), Some(&["title", path]));
        assert_eq!(
            refused(UpdateTask::try_from(request)),
            ["update_mask"],
            "{path}"
        );
    }
}

#[test]
fn etag_scope_and_request_id_are_read() {
    let request = v1::UpdateTaskRequest {
        series_scope: v1::SeriesScope::ThisOccurrence.into(),
        request_id: ID.into(),
        ..update(
            v1::Task {
                etag: "v7".into(),
                ..titled("new")
            },
            None,
        )
    };
    let updated = UpdateTask::try_from(request).unwrap();
    assert_eq!(updated.id, ID.parse().unwrap());
    assert_eq!(updated.etag, Some(Etag::of(7)));
    assert_eq!(updated.scope, SeriesScope::ThisOccurrence);
    assert_eq!(updated.request_id, Some(ID.parse().unwrap()));
    let plain = UpdateTask::try_from(update(titled("new"), None)).unwrap();
    assert_eq!(plain.scope, SeriesScope::ThisAndFollowing);
    assert_eq!((plain.etag, plain.request_id), (None, None));
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let request = v1::UpdateTaskRequest {
        task: Some(v1::Task {
            id: "1".into(),
            etag: "v".into(),
            priority: 9,
            ..titled("\t\n\0")
        }),
        update_mask: None,
        series_scope: 9,
        request_id: "1".into(),
    };
    assert_eq!(
        refused(UpdateTask::try_from(request)),
        [
            "task.id",
            "task.etag",
            "task.title",
            "task.priority",
            "series_scope",
            "request_id"
        ]
    );
    let nothing = v1::UpdateTaskRequest::default();
    assert_eq!(refused(UpdateTask::try_from(nothing)), ["task"]);
    let nameless = v1::UpdateTaskRequest {
        task: Some(titled("new")),
        ..Default::default()
    };
    assert_eq!(refused(UpdateTask::try_from(nameless)), ["task.id"]);
}

#[test]
fn a_wrong_mask_hides_no_other_fault() {
    let request = update(
        v1::Task {
            etag: "v".into(),
            ..titled("new")
        },
        Some(&["titel"]),
    );
    assert_eq!(
        refused(UpdateTask::try_from(request)),
        ["update_mask", "task.etag"]
    );
}
