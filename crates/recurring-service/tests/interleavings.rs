//! Every order in which a recurring task can be completed, reopened, deleted, brought back, and its
//! successor edited, while its events are handled late and twice.
//!
//! [`Model`] is the table: what each step does, in a few words. The same steps are taken on a
//! database, and after each the two have to agree.

use domain::recurrence::TimeZoneName;
use domain::{
    Actor, AppId, Change, DueInput, Event, NewTask, Payload, Task, TaskId, Title, Topic, UserId,
};
use jiff::SignedDuration;
use recurring_service::MakeNextOccurrence;
use service_kit::testing::{Database, TestKit};
use service_kit::{Context, Delivery, Handle as _, Kit, Received};

service_kit::on_every_database!(
    every_order_of_steps_ends_as_the_table_says,
    a_successor_is_told_of_as_the_services_own_doing,
    at_the_same_moment_one_of_many_makes_the_successor,
    reopening_at_the_same_moment_leaves_no_stray_successor,
    a_deleted_account_gets_no_successor,
);

/// The longest orders that are tried.
const STEPS: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Complete,
    Reopen,
    Delete,
    Undelete,
    /// Somebody edits the successor.
    Touch,
    /// The oldest event that has not been handled is.
    Handle,
    /// The first event that was handled comes again.
    HandleAgain,
}

const ALL: [Step; 7] = [
    Step::Complete,
    Step::Reopen,
    Step::Delete,
    Step::Undelete,
    Step::Touch,
    Step::Handle,
    Step::HandleAgain,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Successor {
    None,
    Untouched,
    Touched,
}

/// What should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Model {
    completed: bool,
    deleted: bool,
    successor: Successor,
    /// Successors made so far, those taken back included.
    made: usize,
    waiting: usize,
    handled: usize,
}

impl Model {
    const START: Self = Self {
        completed: false,
        deleted: false,
        successor: Successor::None,
        made: 0,
        waiting: 0,
        handled: 0,
    };

    /// What becomes of it, or None where the step is not possible.
    fn after(mut self, step: Step) -> Option<Self> {
        match step {
            Step::Complete if !self.completed && !self.deleted => {
                self.completed = true;
                self.waiting += 1;
            }
            Step::Reopen if self.completed && !self.deleted => {
                self.completed = false;
                if self.successor == Successor::Untouched {
                    self.successor = Successor::None;
                }
            }
            Step::Delete if !self.deleted => self.deleted = true,
            Step::Undelete if self.deleted => self.deleted = false,
            Step::Touch if self.successor == Successor::Untouched => {
                self.successor = Successor::Touched;
            }
            Step::Handle if self.waiting > 0 => {
                self.waiting -= 1;
                self.handled += 1;
                self.follow();
            }
            Step::HandleAgain if self.handled > 0 => self.follow(),
            _ => return None,
        }
        Some(self)
    }

    /// A completed task without a successor gets one, also in the trash.
    fn follow(&mut self) {
        if self.completed && self.successor == Successor::None {
            self.successor = Successor::Untouched;
            self.made += 1;
        }
    }
}

/// All orders of possible steps, of this length.
fn orders(length: usize) -> Vec<Vec<Step>> {
    let mut orders = vec![(Model::START, Vec::new())];
    for _ in 0..length {
        let longer = orders.iter().flat_map(|(model, order)| {
            ALL.into_iter().filter_map(move |step| {
                let after = model.after(step)?;
                Some((after, [order.as_slice(), &[step]].concat()))
            })
        });
        orders = longer.collect();
    }
    orders.into_iter().map(|(_, order)| order).collect()
}

/// One task on a database, and the events that told of its completions.
struct World<'a> {
    test: &'a TestKit,
    user: UserId,
    task: TaskId,
    waiting: Vec<Event>,
    handled: Vec<Event>,
    made: Vec<TaskId>,
}

impl<'a> World<'a> {
    async fn new(test: &'a TestKit, user: &str) -> Self {
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

    async fn take(&mut self, step: Step) {
        self.test.clock.advance(SignedDuration::from_secs(1));
        let now = self.test.now();
        match step {
            Step::Complete => {
                let event = complete(self.test, &self.user, self.task).await;
                self.waiting.push(event);
            }
            Step::Reopen => {
                reopen(
                    &self.test.kit,
                    &self.test.context(self.user.as_str()),
                    self.task,
                )
                .await
            }
            Step::Delete => {
                self.change(self.task, |task| task.delete(now).unwrap())
                    .await
            }
            Step::Undelete => {
                self.change(self.task, |task| task.undelete(now).unwrap())
                    .await
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

    async fn handle(&mut self, event: &Event) {
        if let Some(made) = handle(&self.test.kit, event).await {
            self.made.push(made);
        }
    }

    async fn change(&self, task: TaskId, change: impl FnOnce(Task) -> Change) {
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

    async fn get(&self, task: TaskId) -> Task {
        let read = self.test.kit.read().await.unwrap();
        read.task_get(&self.user, task).await.unwrap().unwrap()
    }

    /// What is.
    async fn observe(&self) -> Model {
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
async fn complete(test: &TestKit, user: &UserId, task: TaskId) -> Event {
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
async fn reopen(kit: &Kit, context: &Context, task: TaskId) {
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
async fn handle(kit: &Kit, event: &Event) -> Option<TaskId> {
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

async fn every_order_of_steps_ends_as_the_table_says(database: Database) {
    let test = TestKit::start(AppId::RecurringService, database).await;
    let orders = orders(STEPS);
    assert!(orders.len() > 200, "{} orders", orders.len());
    for (number, order) in orders.into_iter().enumerate() {
        let mut world = World::new(&test, &format!("user-{number}")).await;
        let mut model = Model::START;
        for (index, step) in order.iter().enumerate() {
            world.take(*step).await;
            model = model.after(*step).unwrap();
            let taken = &order[..=index];
            assert_eq!(world.observe().await, model, "after {taken:?}");
        }
    }
}

async fn a_successor_is_told_of_as_the_services_own_doing(database: Database) {
    let test = TestKit::start(AppId::RecurringService, database).await;
    let mut world = World::new(&test, "alice").await;
    world.take(Step::Complete).await;
    let before = test.published(AppId::RecurringService).await.len();
    let cause = world.waiting[0].clone();
    world.take(Step::Handle).await;
    let told = test
        .published(AppId::RecurringService)
        .await
        .split_off(before);
    let topics: Vec<_> = told.iter().map(|event| event.payload.topic()).collect();
    assert_eq!(topics, [Topic::TaskCreated, Topic::TaskUpdates]);
    let successor = world.get(world.made[0]).await;
    for event in &told {
        assert_eq!(event.actor, Actor::service(AppId::RecurringService));
        assert_eq!(event.correlation_id, cause.correlation_id);
        assert_eq!(event.payload.task(), Some(&successor));
    }
    assert_eq!(told[0].sequence, cause.sequence + 1);
    let predecessor = world.get(world.task).await;
    assert_eq!(predecessor.version, 2, "the link is no edit");
    assert_eq!(predecessor.successor_task_id, Some(successor.id));
    assert_eq!(successor.parent_task_id, Some(predecessor.id));
    let distance = successor.due.unwrap().starts_at() - predecessor.due.unwrap().starts_at();
    assert_eq!(distance.total(jiff::Unit::Hour).unwrap(), 24.0);
}

async fn at_the_same_moment_one_of_many_makes_the_successor(database: Database) {
    let test = TestKit::start(AppId::RecurringService, database).await;
    let replica = test.another(AppId::RecurringService).await;
    for round in 0..20 {
        let mut world = World::new(&test, &format!("user-{round}")).await;
        world.take(Step::Complete).await;
        let event = world.waiting[0].clone();
        let (first, second, third) = tokio::join!(
            handle(&test.kit, &event),
            handle(&replica, &event),
            handle(&replica, &event)
        );
        world.made = [first, second, third].into_iter().flatten().collect();
        assert_eq!(world.made.len(), 1);
        assert_eq!(world.observe().await.successor, Successor::Untouched);
    }
}

async fn reopening_at_the_same_moment_leaves_no_stray_successor(database: Database) {
    let test = TestKit::start(AppId::RecurringService, database).await;
    let replica = test.another(AppId::RecurringService).await;
    for round in 0..20 {
        let mut world = World::new(&test, &format!("user-{round}")).await;
        world.take(Step::Complete).await;
        let event = world.waiting[0].clone();
        let context = test.context(world.user.as_str());
        let (made, ()) = tokio::join!(
            handle(&replica, &event),
            reopen(&test.kit, &context, world.task)
        );
        world.made.extend(made);
        world.handle(&event).await;
        let seen = world.observe().await;
        assert_eq!((seen.completed, seen.successor), (false, Successor::None));
    }
}

async fn a_deleted_account_gets_no_successor(database: Database) {
    let test = TestKit::start(AppId::RecurringService, database).await;
    let mut world = World::new(&test, "alice").await;
    world.take(Step::Complete).await;
    let event = world.waiting[0].clone();
    let work = test.kit.begin(&test.context("alice")).await.unwrap();
    work.tx()
        .account_tombstone(&world.user, test.now())
        .await
        .unwrap();
    work.commit().await.unwrap();
    let Payload::TaskCompleted { task } = &event.payload else {
        panic!("another event")
    };
    let delivery = Delivery::default();
    let received = Received {
        event: &event,
        delivery: &delivery,
    };
    let context = Context::of_event(AppId::RecurringService, &event, None);
    let mut work = test.kit.begin(&context).await.unwrap();
    MakeNextOccurrence
        .handle(task, &received, &mut work)
        .await
        .unwrap();
    let refused = work.commit().await.unwrap_err();
    assert!(matches!(
        service_kit::HandleError::from(refused),
        service_kit::HandleError::AccountDeleted
    ));
    assert_eq!(world.observe().await.successor, Successor::None);
}
