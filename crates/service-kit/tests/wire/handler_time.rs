//! A handler has its time, and so has the transaction around it.

use std::time::Duration;

use domain::{AppId, Topic};
use service_kit::{Service, TaskCompleted, on_every_database, testing::Database};

use crate::{
    handlers::Scripted,
    samples,
    world::{RETRY, SUCCESS, World, config, delivery, eventually},
};

/// Far more than the handler's time, and less than the database's own bounds.
const PATIENCE: Duration = Duration::from_secs(20);

async fn a_transaction_that_cannot_end_is_left_and_the_event_comes_again(database: Database) {
    let handler = Scripted::new(|task, work| {
        work.publish(samples::payload(Topic::TaskCreated, task.clone()));
        Ok(())
    });
    let mut config = config();
    config.delivery.handler_timeout = Duration::from_millis(200);
    let scripted = handler.clone();
    let world = World::on(database, AppId::RecurringService, config, |_| {
        Service::new(AppId::RecurringService).subscribe(TaskCompleted, scripted)
    })
    .await;
    // Another transaction holds the user's lock, which the handler's commit needs.
    let mut holder = world.kit.begin(&world.context("alice")).await.unwrap();
    let task = samples::task("alice", "first");
    holder.publish(samples::payload(Topic::TaskCreated, task));
    holder.flush().await.unwrap();
    let event = samples::event(1, "alice", Topic::TaskCompleted);
    let answer = tokio::time::timeout(PATIENCE, world.deliver(delivery(&event)));
    assert_eq!(answer.await, Ok(RETRY));
    holder.commit().await.unwrap();
    eventually("it succeeds", async || {
        world.deliver(delivery(&event)).await == SUCCESS
    })
    .await;
    eventually("all is out", async || world.outbox().await.is_empty()).await;
    let published = world.sidecar.published();
    assert_eq!(published.len(), 2, "its effect is there once");
    assert!(world.dead_letters().await.is_empty());
}

on_every_database!(a_transaction_that_cannot_end_is_left_and_the_event_comes_again);
