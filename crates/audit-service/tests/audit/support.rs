//! Users with a history, and the way of events to their handler.

use audit_service::{AuditGrpc, RecordEvents};
use domain::recurrence::TimeZoneName;
use domain::{AppId, Change, Event, NewTask, ReminderInput, ReminderTime, Task, Title};
use jiff::{SignedDuration, Timestamp};
use proto::v1;
use proto::v1::audit_service_server::AuditService as _;
use service_kit::testing::{Database, TestKit};
use service_kit::{Context, Delivery, HandleBatch as _, Kit, Received};
use tonic::Status;

pub struct World {
    pub test: TestKit,
    pub grpc: AuditGrpc,
}

impl World {
    pub async fn new(database: Database) -> Self {
        let test = TestKit::start(AppId::AuditService, database).await;
        let grpc = AuditGrpc::new(test.kit.clone());
        Self { test, grpc }
    }

    /// A task that is made, done, reminded of and deleted, a second between each; and the events
    /// that tell of it.
    pub async fn history(&self, user: &str) -> (Task, Vec<Event>) {
        let before = self.events().await.len();
        let created = self.create(user).await;
        let reminder = created.reminders[0].clone();
        let now = self.tick();
        let task = self
            .change(created, |task| task.complete(now).unwrap())
            .await;
        let now = self.tick();
        let task = self
            .change(task, |task| task.reopen(None, now).unwrap().task)
            .await;
        self.tick();
        let mut work = self.test.kit.begin(&self.test.context(user)).await.unwrap();
        work.publish(task.clone().reminder_due(&reminder));
        work.commit().await.unwrap();
        let now = self.tick();
        let task = self.change(task, |task| task.delete(now).unwrap()).await;
        (task, self.events().await.split_off(before))
    }

    pub async fn create(&self, user: &str) -> Task {
        let time = self.test.now() + SignedDuration::from_hours(1);
        let new = NewTask {
            reminders: vec![ReminderInput {
                id: None,
                when: ReminderTime::At(time),
            }],
            ..NewTask::titled(Title::parse("Water the plants").unwrap())
        };
        let mut work = self.test.kit.begin(&self.test.context(user)).await.unwrap();
        let (owner, now) = (work.user().clone(), work.now());
        let change = Task::create(new, owner, &TimeZoneName::utc(), now, work.ids()).unwrap();
        work.record(&change);
        work.commit().await.unwrap();
        change.after
    }

    pub async fn change(&self, task: Task, change: impl FnOnce(Task) -> Change) -> Task {
        let user = task.user_id.clone();
        let change = change(task);
        let mut work = self
            .test
            .kit
            .begin(&self.test.context(user.as_str()))
            .await
            .unwrap();
        work.record(&change);
        work.commit().await.unwrap();
        change.after
    }

    pub fn tick(&self) -> Timestamp {
        self.test.clock.advance(SignedDuration::from_secs(1));
        self.test.now()
    }

    /// The audited events so far.
    pub async fn events(&self) -> Vec<Event> {
        let events = self.test.published(AppId::AuditService).await.into_iter();
        events
            .filter(|event| event.payload.topic().is_audited())
            .collect()
    }

    pub async fn list(
        &self,
        user: &str,
        request: v1::ListAuditLogsRequest,
    ) -> Result<v1::ListAuditLogsResponse, Status> {
        let request = self.test.request(user, request);
        Ok(self.grpc.list_audit_logs(request).await?.into_inner())
    }

    /// Every page of a list.
    pub async fn trail(
        &self,
        user: &str,
        mut request: v1::ListAuditLogsRequest,
    ) -> Vec<v1::AuditLog> {
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
pub async fn record(kit: &Kit, batch: &[Event]) {
    let delivery = Delivery::default();
    let received: Vec<_> = batch
        .iter()
        .map(|event| Received {
            event,
            delivery: &delivery,
        })
        .collect();
    let context = Context::of_event(AppId::AuditService, &batch[0], None);
    let mut work = kit.begin(&context).await.unwrap();
    RecordEvents
        .handle_batch(&received, &mut work)
        .await
        .unwrap();
    work.commit().await.unwrap();
}

pub fn sequences(trail: &[v1::AuditLog]) -> Vec<i64> {
    trail.iter().map(|entry| entry.sequence).collect()
}
