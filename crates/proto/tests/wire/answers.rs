use domain::{Preview, Profile, Task, TaskStats, Update, UpdateAction, UpdateItem, UserId};
use jiff::SignedDuration;
use jiff::civil::{Weekday, date};
use proptest::prelude::*;
use proto::convert::{WireContext, task_from_wire, task_to_wire, update_to_wire};
use proto::request::{CreateTask, UpdateTask};
use proto::v1;
use proto::v1::update_data::Item;
use proto::wkt::FieldMask;

use crate::generate;

fn context() -> WireContext {
    WireContext {
        trash_retention: SignedDuration::from_hours(30 * 24),
    }
}

fn any_task() -> BoxedStrategy<Task> {
    generate::user().prop_flat_map(generate::task).boxed()
}

proptest! {
    #[test]
    fn a_task_in_the_trash_tells_when_it_is_purged(task in any_task()) {
        let wire = task_to_wire(&task, &context());
        let retention = context().trash_retention;
        let expected = task.deleted_at.map(|time| (time + retention).into());
        prop_assert_eq!(wire.purge_at, expected);
        let in_an_event = v1::Task { purge_at: None, ..wire.clone() };
        prop_assert_eq!(v1::Task::from(&task), in_an_event);
        prop_assert_eq!(task_from_wire(&wire, &task.user_id).unwrap(), task);
    }

    #[test]
    fn a_task_sent_back_as_it_came_is_a_good_request(task in any_task()) {
        let wire = task_to_wire(&task, &context());
        let created = CreateTask::try_from(v1::CreateTaskRequest {
            task: Some(wire.clone()),
            request_id: String::new(),
        });
        let created = created.unwrap().task;
        prop_assert_eq!(&created.title, &task.title);
        prop_assert_eq!(&created.tags, &task.tags);
        let updated = UpdateTask::try_from(v1::UpdateTaskRequest {
            task: Some(wire),
            update_mask: Some(FieldMask::from_iter(["*"])),
            ..v1::UpdateTaskRequest::default()
        });
        let updated = updated.unwrap();
        prop_assert_eq!(updated.etag, Some(task.etag()));
        let patch = updated.patch;
        prop_assert_eq!(patch.due, Some(task.due.map(Into::into)));
        prop_assert_eq!(patch.rule, Some(task.recurrence.clone().map(|series| series.rule)));
        prop_assert_eq!(patch.end_date, Some(task.recurrence.and_then(|series| series.end_date)));
        prop_assert_eq!(patch.description, Some(task.description));
        let reminders = patch.reminders.unwrap();
        prop_assert_eq!(
            reminders.iter().map(|given| (given.id, given.when)).collect::<Vec<_>>(),
            task.reminders.iter().map(|kept| (Some(kept.id), kept.when)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_streamed_task_tells_when_it_is_purged(task in any_task()) {
        let item = UpdateItem::Task(Box::new(task.clone()));
        let update = Update { action: UpdateAction::Deleted, item };
        let wire = update_to_wire(&update, &context());
        prop_assert_eq!(wire.action(), v1::UpdateAction::Deleted);
        prop_assert_eq!(wire.item, Some(Item::Task(task_to_wire(&task, &context()))));
    }
}

#[test]
fn a_profile_tells_its_etag_and_when_it_changed() {
    let alice = UserId::parse("alice").unwrap();
    let profile = Profile::default_of(alice);
    let expected = v1::Profile {
        time_zone: "UTC".into(),
        language: "en".into(),
        first_day_of_week: v1::Weekday::Monday.into(),
        updated_at: None,
        etag: "v0".into(),
    };
    assert_eq!(v1::Profile::from(&profile), expected);
    let changed = Profile {
        first_day_of_week: Weekday::Sunday,
        updated_at: Some("2030-01-01T00:00:00Z".parse().unwrap()),
        version: 4,
        ..profile
    };
    let wire = v1::Profile::from(&changed);
    assert_eq!(
        (wire.first_day_of_week(), wire.etag.as_str()),
        (v1::Weekday::Sunday, "v4")
    );
    assert_eq!(wire.updated_at.unwrap().to_string(), "2030-01-01T00:00:00Z");
}

#[test]
fn a_preview_and_stats_are_told_as_they_are() {
    let due = domain::Due::AllDay {
        date: date(2030, 1, 31),
        zone: "Europe/Berlin".parse().unwrap(),
    };
    let preview = Preview {
        occurrences: vec![(7, due.clone())],
        ends: true,
    };
    let occurrences = vec![v1::Occurrence {
        index: 7,
        due: Some((&due).into()),
    }];
    let expected = v1::PreviewOccurrencesResponse {
        occurrences,
        ends: true,
    };
    assert_eq!(v1::PreviewOccurrencesResponse::from(&preview), expected);
    let stats = TaskStats {
        total: 9,
        pending: 6,
        completed: 3,
        overdue: 2,
        due_today: 1,
    };
    let expected = v1::GetTaskStatsResponse {
        total: 9,
        pending: 6,
        completed: 3,
        overdue: 2,
        due_today: 1,
    };
    assert_eq!(v1::GetTaskStatsResponse::from(stats), expected);
}
