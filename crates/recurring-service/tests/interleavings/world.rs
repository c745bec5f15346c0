//! One task on a database, and the steps that are taken with it.

use domain::recurrence::TimeZoneName;
use domain::{
    AppId, Change, DueInput, Event, NewTask, Payload, Task, TaskId, Title, Topic, UserId,
};
use jiff::SignedDuration;
use recurring_service::MakeNextOccurrence;
use service_kit::testing::TestKit;
use service_kit::{Context, Delivery, Handle as _, Kit, Received};

use crate::model::{Model, Step, Successor};

/// One task on a database, and the events that told of its completions.
pub struct World<'a> {
    pub test: &'a TestKit,
    pub user: UserId,
    pub task: TaskId,
    pub waiting: Vec<Event>,
    pub handled: Vec<Event>,
    pub made: Vec<TaskId>,
}

impl<'a> World<'a> {
    pub async fn new(test: &'a TestKit, user: &str) -> Self {
        let context = test.context(user);
        let mut work = test.kit.begin(&context).await.unwrap();
        let due = test.now() + SignedDuration::from_hours(1);
        let new = NewTask {
            due: Some(DueInput::At {
                time: due,
                zone: None,
            }),
            rule: Some("daily".parse().unwrap()),
            ..NewTask::titled(Title::parse("Water the plants").unwrap())
        };
        let (user, now) = (context.user.clone(), work.now());
        let change =
            Task::create(new, user.clone(), &TimeZoneName::utc(), now, work.ids()).unwrap();
        work.tx().task_record(&change).await.unwrap();
        work.record(&change);
        work.commit().await.unwrap();
        let task = change.after.id;
        Self {
            test,
            user,
            task,
            waiting: vec![],
            handled: vec![],
            made: vec![],
        }
    }

    pub async fn take(&mut self, step: Step) {
        self.test.clock.advance(SignedDuration::from_secs(1));
        let now = self.test.now();
        match step {
            Step::Complete => {
                let event = complete(self.test, &self.user, self.task).await;
                self.waiting.push(event);
            }
            Step::Reopen => {
                let context = self.test.context(self.user.as_str());
                reopen(&self.test.kit, &context, self.task).await;
            }
            Step::Delete => {
                let delete = |task: Task| task.delete(now).unwrap();
                self.change(self.task, delete).await;
            }
            Step::Undelete => {
                let undelete = |task: Task| task.undelete(now).unwrap();
                self.change(self.task, undelete).await;
            }
            Step::Touch => {
                // Completing it is an edit like any other.
                let successor = self.get(self.task).await.successor_task_id.unwrap();
                self.change(successor, |task| task.complete(now).unwrap())
                    .await;
            }
            Step::Handle => {
                let event = self.waiting.remove(0);
                self.handle(&event).await;
                self.handled.push(event);
            }
            Step::HandleAgain => {
                let event = self.handled[0].clone();
                self.handle(&event).await;
            }
        }
    }

    pub async fn handle(&mut self, event: &Event) {
        if let Some(made) = handle(&self.test.kit, event).await {
            self.made.push(made);
        }
    }

    pub async fn change(&self, task: TaskId, change: impl FnOnce(Task) -> Change) {
        let mut work = self
            .test
            .kit
            .begin(&self.test.context(self.user.as_str()))
            .await
            .unwrap();
        let task = work
            .tx()
            .task_get_for_update(&self.user, task)
            .await
            .unwrap()
            .unwrap();
        let change = change(task);
        work.tx().task_record(&change).await.unwrap();
        work.record(&change);
        work.commit().await.unwrap();
    }

    pub async fn get(&self, task: TaskId) -> Task {
        let read = self.test.kit.read().await.unwrap();
        read.task_get(&self.user, task).await.unwrap().unwrap()
    }

    /// What is.
    pub async fn observe(&self) -> Model {
        let task = self.get(self.task).await;
        let mut successor = Successor::None;
        for made in &self.made {
            let made = self.get(*made).await;
            if task.successor_task_id == Some(made.id) {
                assert_eq!(made.predecessor_task_id, Some(task.id));
                assert!(!made.is_deleted());
                successor = if made.version == 1 {
                    Successor::Untouched
                } else {
                    Successor::Touched
                };
            } else {
                assert!(
                    made.is_deleted(),
                    "a successor that nothing links to is in the trash"
                );
                assert_eq!(made.predecessor_task_id, None);
            }
        }
        assert_eq!(
            task.successor_task_id.is_some(),
            successor != Successor::None
        );
        Model {
            completed: task.completed_at().is_some(),
            deleted: task.is_deleted(),
            successor,
            made: self.made.len(),
            waiting: self.waiting.len(),
            handled: self.handled.len(),
        }
    }
}

/// Completes a task as backend-api does, and gives the event that tells of it.
pub async fn complete(test: &TestKit, user: &UserId, task: TaskId) -> Event {
    let mut work = test.kit.begin(&test.context(user.as_str())).await.unwrap();
    let task = work
        .tx()
        .task_get_for_update(user, task)
        .await
        .unwrap()
        .unwrap();
    let change = task.complete(work.now()).unwrap();
    work.tx().task_record(&change).await.unwrap();
    work.record(&change);
    let draft = work
        .drafts()
        .iter()
        .find(|draft| draft.payload.topic() == Topic::TaskCompleted);
    let draft = draft.unwrap().clone();
    let sequences = work.commit().await.unwrap();
    draft.sequenced(sequences[0])
}

/// Reopens a task as backend-api does, until it gets through.
pub async fn reopen(kit: &Kit, context: &Context, task: TaskId) {
    kit.transact(context, |mut work| async move {
        let user = work.user().clone();
        let task = work.tx().task_get_for_update(&user, task).await?.unwrap();
        let successor = match task.successor_task_id {
            Some(successor) => work.tx().task_get_for_update(&user, successor).await?,
            None => None,
        };
        let reopened = task.reopen(successor, work.now())?;
        for change in [Some(reopened.task), reopened.taken_back]
            .into_iter()
            .flatten()
        {
            work.tx().task_record(&change).await?;
            work.record(&change);
        }
        work.commit().await?;
        Ok(())
    })
    .await
    .unwrap();
}

/// Handles an event as the kit does, and gives the task that was made.
pub async fn handle(kit: &Kit, event: &Event) -> Option<TaskId> {
    let Payload::TaskCompleted { task } = &event.payload else {
        panic!("another event")
    };
    let delivery = Delivery::default();
    let received = Received {
        event,
        delivery: &delivery,
    };
    let context = Context::of_event(AppId::RecurringService, event, None);
    let mut work = kit.begin(&context).await.unwrap();
    MakeNextOccurrence
        .handle(task, &received, &mut work)
        .await
        .unwrap();
    let made = work.drafts().iter().find_map(|draft| match &draft.payload {
        Payload::TaskCreated { task } => Some(task.id),
        _ => None,
    });
    work.commit().await.unwrap();
    made
}
