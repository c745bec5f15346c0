//! From events in any order to the audit trail that a user reads, on every database.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

mod large;
mod support;

use domain::{AppId, Topic};
use proto::v1;
use service_kit::testing::Database;
use tonic::Code;
use tonic_types::StatusExt as _;

use support::{World, record, sequences};

service_kit::on_every_database!(
    each_event_is_one_entry_whatever_their_order_and_however_often_they_come,
    two_replicas_with_the_same_events_record_each_once,
    an_entry_tells_what_was_and_what_became,
    every_filter_and_every_page_size_lists_the_same_trail,
    a_page_token_opens_its_own_list_alone,
    another_users_trail_is_not_seen,
    of_a_deleted_account_only_ids_and_times_are_kept,
    every_invalid_field_is_named,
);

async fn each_event_is_one_entry_whatever_their_order_and_however_often_they_come(
    database: Database,
) {
    let world = World::new(database).await;
    let (_, mut events) = world.history("alice").await;
    events.extend(world.history("bob").await.1);
    // Each topic arrives by itself; some twice in a batch, some again in a later one.
    let mut again = events.clone();
    again.rotate_left(3);
    for topic in [
        Topic::TaskDeleted,
        Topic::ReminderDue,
        Topic::TaskCompleted,
        Topic::TaskCreated,
    ] {
        let mut batch: Vec<_> = events
            .iter()
            .filter(|event| event.payload.topic() == topic)
            .cloned()
            .collect();
        batch.extend_from_within(..);
        record(&world.test.kit, &batch).await;
    }
    record(&world.test.kit, &again).await;
    for user in ["alice", "bob"] {
        let trail = world.trail(user, v1::ListAuditLogsRequest::default()).await;
        assert_eq!(sequences(&trail), [5, 4, 3, 2, 1]);
    }
}

async fn two_replicas_with_the_same_events_record_each_once(database: Database) {
    let world = World::new(database).await;
    let replica = world.test.another(AppId::AuditService).await;
    let mut events = Vec::new();
    for _ in 0..8 {
        events.extend(world.history("alice").await.1);
    }
    let backwards: Vec<_> = events.iter().rev().cloned().collect();
    tokio::join!(
        record(&world.test.kit, &events),
        record(&replica, &backwards)
    );
    let trail = world
        .trail("alice", v1::ListAuditLogsRequest::default())
        .await;
    assert_eq!(sequences(&trail), (1..=40).rev().collect::<Vec<_>>());
}

async fn an_entry_tells_what_was_and_what_became(database: Database) {
    let world = World::new(database).await;
    let (task, events) = world.history("alice").await;
    record(&world.test.kit, &events).await;
    let trail = world
        .trail("alice", v1::ListAuditLogsRequest::default())
        .await;
    let types: Vec<_> = trail
        .iter()
        .map(|entry| entry.event_type.as_str())
        .collect();
    let expected = [
        "task.deleted",
        "reminder.due",
        "task.updated",
        "task.completed",
        "task.created",
    ];
    assert_eq!(types, expected);
    for (entry, event) in trail.iter().zip(events.iter().rev()) {
        assert_eq!(entry.id, event.id.to_string());
        assert_eq!(entry.occurred_at, Some(event.occurred_at.into()));
        assert_eq!(
            (&*entry.entity_type, &entry.entity_id),
            ("task", &task.id.to_string())
        );
        assert_eq!(entry.actor, Some((&event.actor).into()));
        assert_eq!(entry.correlation_id, event.correlation_id.to_string());
        assert_eq!(entry.source, "audit-service");
        assert_eq!(entry.after, event.payload.task().map(v1::Task::from));
    }
    let [deleted, _, reopened, _, created] = trail.as_slice() else {
        panic!("{trail:?}")
    };
    assert_eq!(reopened.changed_fields, ["status", "completed_at"]);
    let status = |task: &Option<v1::Task>| task.as_ref().map(v1::Task::status);
    assert_eq!(status(&reopened.before), Some(v1::TaskStatus::Completed));
    assert_eq!(status(&reopened.after), Some(v1::TaskStatus::Pending));
    assert_eq!((&created.before, &deleted.before), (&None, &None));
}

async fn every_filter_and_every_page_size_lists_the_same_trail(database: Database) {
    let world = World::new(database).await;
    let (first, mut events) = world.history("alice").await;
    let (second, more) = world.history("alice").await;
    events.extend(more);
    record(&world.test.kit, &events).await;
    let (third, sixth) = (events[2].occurred_at, events[5].occurred_at);
    let default = v1::ListAuditLogsRequest::default;
    let cases = [
        (default(), vec![10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
        (
            v1::ListAuditLogsRequest {
                task_id: first.id.to_string(),
                ..default()
            },
            vec![5, 4, 3, 2, 1],
        ),
        (
            v1::ListAuditLogsRequest {
                event_types: vec!["task.created".into(), "reminder.due".into()],
                ..default()
            },
            vec![9, 6, 4, 1],
        ),
        (
            v1::ListAuditLogsRequest {
                occurred_from: Some(third.into()),
                occurred_before: Some(sixth.into()),
                ..default()
            },
            // The sixth happens at the moment of the fifth.
            vec![4, 3],
        ),
        (
            v1::ListAuditLogsRequest {
                task_id: second.id.to_string(),
                event_types: vec!["task.deleted".into()],
                occurred_from: Some(third.into()),
                ..default()
            },
            vec![10],
        ),
    ];
    for (request, expected) in cases {
        for page_size in [0, 1, 3, 1000] {
            let request = v1::ListAuditLogsRequest {
                page_size,
                ..request.clone()
            };
            let trail = world.trail("alice", request.clone()).await;
            assert_eq!(sequences(&trail), expected, "{request:?}");
        }
    }
}

async fn a_page_token_opens_its_own_list_alone(database: Database) {
    let world = World::new(database).await;
    let (task, events) = world.history("alice").await;
    record(&world.test.kit, &events).await;
    let first = v1::ListAuditLogsRequest {
        page_size: 2,
        ..Default::default()
    };
    let page_token = world
        .list("alice", first.clone())
        .await
        .unwrap()
        .next_page_token;
    let next = v1::ListAuditLogsRequest {
        page_token: page_token.clone(),
        ..first.clone()
    };
    // Another size is the same list.
    let larger = v1::ListAuditLogsRequest {
        page_size: 3,
        ..next.clone()
    };
    let page = world.list("alice", larger).await.unwrap();
    assert_eq!(sequences(&page.audit_logs), [3, 2, 1]);
    let filtered = v1::ListAuditLogsRequest {
        task_id: task.id.to_string(),
        ..next.clone()
    };
    let forged = v1::ListAuditLogsRequest {
        page_token: format!("{page_token}A"),
        ..first
    };
    for (user, request) in [("bob", next), ("alice", filtered), ("alice", forged)] {
        let refused = world.list(user, request).await.unwrap_err();
        let details = refused.get_error_details();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(details.error_info().unwrap().reason, "INVALID_PAGE_TOKEN");
    }
}

async fn another_users_trail_is_not_seen(database: Database) {
    let world = World::new(database).await;
    let (task, events) = world.history("alice").await;
    record(&world.test.kit, &events).await;
    let of_task = v1::ListAuditLogsRequest {
        task_id: task.id.to_string(),
        ..Default::default()
    };
    for request in [v1::ListAuditLogsRequest::default(), of_task] {
        let nothing = v1::ListAuditLogsResponse::default();
        assert_eq!(world.list("bob", request).await.unwrap(), nothing);
    }
}

async fn of_a_deleted_account_only_ids_and_times_are_kept(database: Database) {
    let world = World::new(database).await;
    let (_, events) = world.history("alice").await;
    let context = world.test.context("alice");
    let work = world.test.kit.begin(&context).await.unwrap();
    work.tx()
        .account_tombstone(&context.user, world.test.now())
        .await
        .unwrap();
    work.commit().await.unwrap();
    record(&world.test.kit, &events).await;
    let trail = world
        .trail("alice", v1::ListAuditLogsRequest::default())
        .await;
    assert_eq!(sequences(&trail), [5, 4, 3, 2, 1]);
    for (entry, event) in trail.iter().zip(events.iter().rev()) {
        assert_eq!(entry.id, event.id.to_string());
        assert_eq!(entry.occurred_at, Some(event.occurred_at.into()));
        assert_eq!((&entry.before, &entry.after), (&None, &None));
        assert!(entry.changed_fields.is_empty());
    }
}

async fn every_invalid_field_is_named(database: Database) {
    let world = World::new(database).await;
    let default = v1::ListAuditLogsRequest::default;
    let bad_time = || {
        Some(proto::wkt::Timestamp {
            seconds: i64::MAX,
            nanos: 0,
        })
    };
    for (request, field) in [
        (
            v1::ListAuditLogsRequest {
                task_id: "7".into(),
                ..default()
            },
            "task_id",
        ),
        (
            v1::ListAuditLogsRequest {
                event_types: vec!["task.created".into(), "task.updates".into()],
                ..default()
            },
            "event_types[1]",
        ),
        (
            v1::ListAuditLogsRequest {
                occurred_from: bad_time(),
                ..default()
            },
            "occurred_from",
        ),
        (
            v1::ListAuditLogsRequest {
                occurred_before: bad_time(),
                ..default()
            },
            "occurred_before",
        ),
        (
            v1::ListAuditLogsRequest {
                page_size: -1,
                ..default()
            },
            "page_size",
        ),
    ] {
        let refused = world.list("alice", request).await.unwrap_err();
        let details = refused.get_error_details();
        let violations = &details.bad_request().unwrap().field_violations;
        let fields: Vec<_> = violations
            .iter()
            .map(|violation| violation.field.as_str())
            .collect();
        assert_eq!(
            (refused.code(), fields),
            (Code::InvalidArgument, vec![field])
        );
    }
}
