//! Every order in which a recurring task can be completed, reopened, deleted, brought back, and its
//! successor edited, while its events are handled late and twice.
//!
//! [`model::Model`] is the table: what each step does, in a few words. The same steps are taken on a
//! database, and after each the two have to agree.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

mod model;
mod world;

use std::collections::HashSet;

use domain::{Actor, AppId, Payload, Task, Topic};
use jiff::SignedDuration;
use recurring_service::MakeNextOccurrence;
use service_kit::testing::{Database, TestKit};
use service_kit::{Context, Delivery, Handle as _, HandleError, Received};

use model::{Model, Step, Successor, orders};
use world::{World, handle, reopen};

service_kit::on_every_database!(
    every_order_of_steps_ends_as_the_table_says,
    a_successor_is_told_of_as_the_services_own_doing,
    at_the_same_moment_one_of_many_makes_the_successor,
    reopening_at_the_same_moment_leaves_no_stray_successor,
    a_deleted_account_gets_no_successor,
);

/// The longest orders that are tried.
const STEPS: usize = 6;

async fn every_order_of_steps_ends_as_the_table_says(database: Database) {
    let test = TestKit::start(AppId::RecurringService, database).await;
    let orders = orders(STEPS);
    assert!(orders.len() > 200, "{} orders", orders.len());
    // Orders share their beginnings, which need to be looked at once.
    let mut looked_at = HashSet::new();
    for (number, order) in orders.into_iter().enumerate() {
        let mut world = World::new(&test, &format!("user-{number}")).await;
        let mut model = Model::START;
        for (index, step) in order.iter().enumerate() {
            world.take(*step).await;
            model = model.after(*step).unwrap();
            let taken = &order[..=index];
            if looked_at.insert(taken.to_vec()) {
                assert_eq!(world.observe().await, model, "after {taken:?}");
            }
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
    let starts_at = |task: Task| task.due.unwrap().starts_at();
    let distance = starts_at(successor).duration_since(starts_at(predecessor));
    assert_eq!(distance, SignedDuration::from_hours(24));
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
        HandleError::from(refused),
        HandleError::AccountDeleted
    ));
    assert_eq!(world.observe().await.successor, Successor::None);
}
