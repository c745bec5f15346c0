//! From events in any order to the audit trail that a user reads, on every database.

use audit_service::{AuditGrpc, RecordEvents};
use domain::recurrence::TimeZoneName;
use domain::{
    AppId, Change, Event, NewTask, ReminderInput, ReminderTime, Task, Title, Topic,
};
use jiff::SignedDuration;
use proto::v1;
use proto::v1::audit_service_server::AuditService as _;
use service_kit::testing::{Database, TestKit};
use service_kit::{Context, Delivery, HandleBatch as _, Kit, Received};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

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

struct World {
    test: TestKit,
    grpc: AuditGrpc,
}

impl World {
    async fn new(database: Database) -> Self {
        let test = TestKit::start(AppId::AuditService, database).await;
        let grpc = AuditGrpc::new(test.kit.clone());
        Self { test, grpc }
    }

    /// A task that is made, done, reminded of and deleted, a second between each; and the events
    /// that tell of it.
    async fn history(&self, user: &str) -> (Task, Vec<Event>) {
        let before = self.events().await.len();
        let created = self.create(user).await;
        let reminder = created.reminders[0].clone();
        let now = self.tick();
        let task = self.change(created, |task| task.complete(now).unwrap()).await;
        let now = self.tick();
        let task = self.change(task, |task| task.reopen(None, now).unwrap().task).await;
        self.tick();
        let mut work = self.test.kit.begin(&self.test.context(user)).await.unwrap();
        work.publish(task.clone().reminder_due(&reminder));
        work.commit().await.unwrap();
        let now = self.tick();
        let task = self.change(task, |task| task.delete(now).unwrap()).await;
        (task, self.events().await.split_off(before))
    }

    async fn create(&self, user: &str) -> Task {
        let time = self.test.now() + SignedDuration::from_hours(1);
        let new = NewTask {
            reminders: vec![ReminderInput { id: None, when: ReminderTime::At(time) }],
            ..NewTask::titled(Title::parse("Water the plants").unwrap())
        };
        let mut work = self.test.kit.begin(&self.test.context(user)).await.unwrap();
        let (owner, now) = (work.user().clone(), work.now());
        let change = Task::create(new, owner, &TimeZoneName::utc(), now, work.ids()).unwrap();
        work.record(&change);
        work.commit().await.unwrap();
        change.after
    }

    async fn change(&self, task: Task, change: impl FnOnce(Task) -> Change) -> Task {
        let user = task.user_id.clone();
        let change = change(task);
        let mut work = self.test.kit.begin(&self.test.context(user.as_str())).await.unwrap();
        work.record(&change);
        work.commit().await.unwrap();
        change.after
    }

    fn tick(&self) -> jiff::Timestamp {
        self.test.clock.advance(SignedDuration::from_secs(1));
        self.test.now()
    }

    /// The audited events so far.
    async fn events(&self) -> Vec<Event> {
        let events = self.test.published(AppId::AuditService).await.into_iter();
        events.filter(|event| event.payload.topic().is_audited()).collect()
    }

    async fn list(
        &self,
        user: &str,
        request: v1::ListAuditLogsRequest,
    ) -> Result<v1::ListAuditLogsResponse, Status> {
        let request = self.test.request(user, request);
        Ok(self.grpc.list_audit_logs(request).await?.into_inner())
    }

    /// Every page of a list.
    async fn trail(&self, user: &str, mut request: v1::ListAuditLogsRequest) -> Vec<v1::AuditLog> {
        let mut trail = Vec::new();
        loop {
            let page = self.list(user, request.clone()).await.unwrap();
            trail.extend(page.audit_logs);
            if page.next_page_token.is_empty() {
                return trail;
            }
            request.page_token = page.next_page_token;
        }
    }
}

/// Records a batch as the kit does.
async fn record(kit: &Kit, batch: &[Event]) {
    let delivery = Delivery::default();
    let received: Vec<_> =
        batch.iter().map(|event| Received { event, delivery: &delivery }).collect();
    let context = Context::of_event(AppId::AuditService, &batch[0], None);
    let mut work = kit.begin(&context).await.unwrap();
    RecordEvents.handle_batch(&received, &mut work).await.unwrap();
    work.commit().await.unwrap();
}

fn sequences(trail: &[v1::AuditLog]) -> Vec<i64> {
    trail.iter().map(|entry| entry.sequence).collect()
}

async fn each_event_is_one_entry_whatever_their_order_and_however_often_they_come(
    database: Database,
) {
    let world = World::new(database).await;
    let (_, mut events) = world.history("alice").await;
    events.extend(world.history("bob").await.1);
    // Each topic arrives by itself; some twice in a batch, some again in a later one.
    let mut again = events.clone();
    again.rotate_left(3);
    for topic in [Topic::TaskDeleted, Topic::ReminderDue, Topic::TaskCompleted, Topic::TaskCreated] {
        let mut batch: Vec<_> =
            events.iter().filter(|event| event.payload.topic() == topic).cloned().collect();
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
    tokio::join!(record(&world.test.kit, &events), record(&replica, &backwards));
    let trail = world.trail("alice", v1::ListAuditLogsRequest::default()).await;
    assert_eq!(sequences(&trail), (1..=40).rev().collect::<Vec<_>>());
}

async fn an_entry_tells_what_was_and_what_became(database: Database) {
    let world = World::new(database).await;
    let (task, events) = world.history("alice").await;
    record(&world.test.kit, &events).await;
    let trail = world.trail("alice", v1::ListAuditLogsRequest::default()).await;
    let types: Vec<_> = trail.iter().map(|entry| entry.event_type.as_str()).collect();
    let expected =
        ["task.deleted", "reminder.due", "task.updated", "task.completed", "task.created"];
    assert_eq!(types, expected);
    for (entry, event) in trail.iter().zip(events.iter().rev()) {
        assert_eq!(entry.id, event.id.to_string());
        assert_eq!(entry.occurred_at, Some(event.occurred_at.into()));
        assert_eq!((&*entry.entity_type, &entry.entity_id), ("task", &task.id.to_string()));
        assert_eq!(entry.actor, Some((&event.actor).into()));
        assert_eq!(entry.correlation_id, event.correlation_id.to_string());
        assert_eq!(entry.source, "audit-service");
        assert_eq!(entry.after, event.payload.task().map(v1::Task::from));
    }
    let [deleted, _, reopened, _, created] = trail.as_slice() else { panic!("{trail:?}") };
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
            v1::ListAuditLogsRequest { task_id: first.id.to_string(), ..default() },
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
            let request = v1::ListAuditLogsRequest { page_size, ..request.clone() };
            let trail = world.trail("alice", request.clone()).await;
            assert_eq!(sequences(&trail), expected, "{request:?}");
        }
    }
}

async fn a_page_token_opens_its_own_list_alone(database: Database) {
    let world = World::new(database).await;
    let (task, events) = world.history("alice").await;
    record(&world.test.kit, &events).await;
    let first = v1::ListAuditLogsRequest { page_size: 2, ..Default::default() };
    let page_token = world.list("alice", first.clone()).await.unwrap().next_page_token;
    let next = v1::ListAuditLogsRequest { page_token: page_token.clone(), ..first.clone() };
    // Another size is the same list.
    let larger = v1::ListAuditLogsRequest { page_size: 3, ..next.clone() };
    let page = world.list("alice", larger).await.unwrap();
    assert_eq!(sequences(&page.audit_logs), [3, 2, 1]);
    let filtered = v1::ListAuditLogsRequest { task_id: task.id.to_string(), ..next.clone() };
    let forged = v1::ListAuditLogsRequest { page_token: format!("{page_token}A"), ..first };
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
    let of_task = v1::ListAuditLogsRequest { task_id: task.id.to_string(), ..Default::default() };
    for request in [v1::ListAuditLogsRequest::default(), of_task] {
        assert_eq!(world.list("bob", request).await.unwrap(), Default::default());
    }
}

async fn of_a_deleted_account_only_ids_and_times_are_kept(database: Database) {
    let world = World::new(database).await;
    let (_, events) = world.history("alice").await;
    let context = world.test.context("alice");
    let work = world.test.kit.begin(&context).await.unwrap();
    work.tx().account_tombstone(&context.user, world.test.now()).await.unwrap();
    work.commit().await.unwrap();
    record(&world.test.kit, &events).await;
    let trail = world.trail("alice", v1::ListAuditLogsRequest::default()).await;
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
    let bad_time = || Some(proto::wkt::Timestamp { seconds: i64::MAX, nanos: 0 });
    for (request, field) in [
        (v1::ListAuditLogsRequest { task_id: "7".into(), ..default() }, "task_id"),
        (
            v1::ListAuditLogsRequest {
                event_types: vec!["task.created".into(), "task.updates".into()],
                ..default()
            },
            "event_types[1]",
        ),
        (v1::ListAuditLogsRequest { occurred_from: bad_time(), ..default() }, "occurred_from"),
        (v1::ListAuditLogsRequest { occurred_before: bad_time(), ..default() }, "occurred_before"),
        (v1::ListAuditLogsRequest { page_size: -1, ..default() }, "page_size"),
    ] {
        let refused = world.list("alice", request).await.unwrap_err();
        let details = refused.get_error_details();
        let violations = &details.bad_request().unwrap().field_violations;
        let fields: Vec<_> = violations.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!((refused.code(), fields), (Code::InvalidArgument, vec![field]));
    }
}
