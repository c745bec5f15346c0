//! Users with tasks, the tick, and the way of an event back to its handler.

use domain::recurrence::TimeZoneName;
use domain::{
    AppId, Change, Event, EventId, NewTask, Notification, Payload, ReminderInput, ReminderTime,
    Task, Title, Topic, Update, UpdateAction, UpdateItem,
};
use jiff::SignedDuration;
use notification_service::{NotificationGrpc, Remind, StoreNotification};
use service_kit::testing::{Database, TestKit};
use service_kit::{Context, Delivery, Handle as _, HandleBinding as _, Kit, Received, ReminderDue};
use std::collections::HashSet;
use tonic::Status;
use tonic_types::StatusExt as _;

pub struct World {
    pub test: TestKit,
    pub grpc: NotificationGrpc,
    /// The events of `task-updates` that a test has seen.
    seen: HashSet<EventId>,
}

impl World {
    pub async fn new(database: Database) -> Self {
        let test = TestKit::start(AppId::NotificationService, database).await;
        let grpc = NotificationGrpc::new(test.kit.clone());
        Self {
            test,
            grpc,
            seen: HashSet::new(),
        }
    }

    /// A task with reminders in so many seconds from now.
    pub async fn task(&self, user: &str, reminders: &[i64]) -> Task {
        let reminder = |seconds: &i64| {
            let time = self.test.now() + SignedDuration::from_secs(*seconds);
            ReminderInput {
                id: None,
                when: ReminderTime::At(time),
            }
        };
        let new = NewTask {
            reminders: reminders.iter().map(reminder).collect(),
            ..NewTask::titled(Title::parse("Call the plumber").unwrap())
        };
        let mut work = self.test.kit.begin(&self.test.context(user)).await.unwrap();
        let (owner, now) = (work.user().clone(), work.now());
        let change = Task::create(new, owner, &TimeZoneName::utc(), now, work.ids()).unwrap();
        work.tx().task_record(&change).await.unwrap();
        work.commit().await.unwrap();
        change.after
    }

    /// Changes a task as backend-api does.
    pub async fn change(&self, task: &Task, change: impl FnOnce(Task) -> Change) {
        let context = self.test.context(task.user_id.as_str());
        let work = self.test.kit.begin(&context).await.unwrap();
        let stored = work
            .tx()
            .task_get_for_update(&task.user_id, task.id)
            .await
            .unwrap()
            .unwrap();
        work.tx().task_record(&change(stored)).await.unwrap();
        work.commit().await.unwrap();
    }

    /// The task as it is stored.
    pub async fn stored(&self, task: &Task) -> Task {
        let read = self.test.kit.read().await.unwrap();
        read.task_get(&task.user_id, task.id)
            .await
            .unwrap()
            .unwrap()
    }

    pub async fn tombstone(&self, user: &str) {
        let context = self.test.context(user);
        let work = self.test.kit.begin(&context).await.unwrap();
        work.tx()
            .account_tombstone(&context.user, self.test.now())
            .await
            .unwrap();
        work.commit().await.unwrap();
    }

    pub fn advance(&self, seconds: i64) {
        self.test.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub async fn tick(&self) {
        tick(&self.test.kit).await;
    }

    /// The `reminder-due` events so far.
    pub async fn due(&self) -> Vec<Event> {
        let events = self
            .test
            .published(AppId::NotificationService)
            .await
            .into_iter();
        events
            .filter(|event| event.payload.topic() == Topic::ReminderDue)
            .collect()
    }

    /// Handles an event as the kit does.
    pub async fn deliver(&self, event: &Event) {
        let delivery = Delivery::default();
        let received = Received {
            event,
            delivery: &delivery,
        };
        let context = Context::of_event(AppId::NotificationService, event, None);
        let mut work = self.test.kit.begin(&context).await.unwrap();
        let data = <ReminderDue as service_kit::EventType>::data(&event.payload).unwrap();
        StoreNotification
            .handle(data, &received, &mut work)
            .await
            .unwrap();
        work.commit().await.unwrap();
    }

    /// A reminder goes off now, and the user is told.
    pub async fn notify(&mut self, user: &str) -> (Task, Notification) {
        let before = self.due().await.len();
        let task = self.task(user, &[0]).await;
        self.tick().await;
        let event = self.due().await.remove(before);
        self.deliver(&event).await;
        let frames = self.frames().await;
        match frames.as_slice() {
            [
                Update {
                    action: UpdateAction::Created,
                    item: UpdateItem::Notification(told),
                },
            ] => (task, (**told).clone()),
            _ => panic!("{frames:?}"),
        }
    }

    /// What open screens have been told since the last call.
    pub async fn frames(&mut self) -> Vec<Update> {
        let events = self.test.published(AppId::NotificationService).await;
        let new = events
            .into_iter()
            .filter(|event| self.seen.insert(event.id));
        new.filter_map(|event| match event.payload {
            Payload::Updates(update) => Some(update),
            _ => None,
        })
        .collect()
    }

    pub async fn notification(&self, told: &Notification) -> Option<Notification> {
        let read = self.test.kit.read().await.unwrap();
        read.notification_get(&told.user_id, told.id).await.unwrap()
    }
}

pub async fn tick(kit: &Kit) {
    Remind::new(kit.clone()).run().await.unwrap();
}

pub fn reason(status: &Status) -> String {
    status
        .get_error_details()
        .error_info()
        .unwrap()
        .reason
        .clone()
}

/// The fields that a status names.
pub fn fields(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let violations = &details.bad_request().unwrap().field_violations;
    violations
        .iter()
        .map(|violation| violation.field.clone())
        .collect()
}
