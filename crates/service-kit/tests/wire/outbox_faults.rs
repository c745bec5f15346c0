//! What the relay does when publishing fails.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use dapr::dapr::proto::runtime::v1::BulkPublishRequest;
use domain::{AppId, Topic};
use service_kit::{Service, on_every_database, testing::Database};
use store::ParkedRow;
use tonic::{Code, Status};

use crate::world::{World, config, eventually, internal};

async fn world() -> World {
    World::start(AppId::BackendApi, |_| Service::new(AppId::BackendApi)).await
}

async fn parked(world: &World) -> Vec<ParkedRow> {
    let tx = world.store().read().await.unwrap();
    let parked = tx.outbox_parked(AppId::BackendApi, None, 1000).await;
    let rows = parked.unwrap().into_iter().map(|parked| parked.row);
    rows.collect::<Result<_, _>>().unwrap()
}

fn has(request: &BulkPublishRequest, owner: &str, topic: Topic) -> bool {
    let is_of = |owner: &str| {
        request
            .entries
            .iter()
            .any(|entry| entry.metadata["partitionKey"] == owner)
    };
    request.topic == topic.name() && is_of(owner)
}

fn topics_of(world: &World, owner: &str) -> Vec<String> {
    let published = world.sidecar.published();
    let of_owner = published
        .into_iter()
        .filter(|event| event.metadata["partitionKey"] == owner);
    of_owner.map(|event| event.topic).collect()
}

async fn an_event_that_cannot_be_published_is_parked_and_delays_nobody_else(database: Database) {
    let world = World::on(database, AppId::BackendApi, config(), |_| {
        Service::new(AppId::BackendApi)
    })
    .await;
    world.sidecar.refuse(|request| {
        if has(request, "mallory", Topic::TaskCreated) {
            return Err(internal("kafka: Failed to deliver 1 messages."));
        }
        Ok(())
    });
    let users: Vec<String> = (0..20).map(|number| format!("user-{number}")).collect();
    for user in users.iter().map(String::as_str).chain(["mallory"]) {
        world
            .publish(&[(user, Topic::TaskCreated), (user, Topic::TaskUpdates)])
            .await;
    }
    world.publish(&[("mallory", Topic::TaskCreated)]).await;
    eventually("it is parked", async || !parked(&world).await.is_empty()).await;
    eventually("the others are out", async || {
        world.outbox().await.is_empty()
    })
    .await;
    for user in &users {
        let mut topics = topics_of(&world, user);
        topics.sort();
        topics.dedup();
        assert_eq!(topics, ["task-created", "task-updates"], "{user}");
    }
    assert_eq!(
        topics_of(&world, "mallory"),
        ["task-updates"],
        "another topic of the same user goes on"
    );
    let [row] = parked(&world).await.try_into().unwrap();
    assert!(row.reason.contains("Failed to deliver"), "{}", row.reason);
    assert_eq!(
        (row.row.sequence, row.row.entry.topic),
        (1, Topic::TaskCreated)
    );
    assert!(5 <= row.row.attempts, "{} attempts", row.row.attempts);

    // The operator mends it: the parked one goes out, and the one behind it, in order.
    world.sidecar.accept_all();
    let tx = world.store().begin().await.unwrap();
    assert!(
        tx.outbox_unpark(AppId::BackendApi, row.row.position)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    eventually("both are out", async || {
        topics_of(&world, "mallory")
            .iter()
            .filter(|topic| *topic == "task-created")
            .count()
            == 2
    })
    .await;
}

#[tokio::test]
async fn two_that_cannot_be_published_are_both_found() {
    let world = world().await;
    world
        .sidecar
        .refuse(|_| Err(Status::unavailable("not yet")));
    for number in 0..40 {
        world
            .publish(&[(&format!("user-{number}"), Topic::TaskCreated)])
            .await;
    }
    world.sidecar.refuse(|request| {
        let is_bad = ["user-3", "user-31"]
            .iter()
            .any(|user| has(request, user, Topic::TaskCreated));
        if is_bad {
            Err(internal("too large"))
        } else {
            Ok(())
        }
    });
    eventually("the others are out", async || {
        world.outbox().await.is_empty() && parked(&world).await.len() == 2
    })
    .await;
    let owners: Vec<String> = parked(&world)
        .await
        .into_iter()
        .map(|row| row.row.entry.user_id.to_string())
        .collect();
    assert_eq!(owners, ["user-3", "user-31"]);
}

#[tokio::test]
async fn nothing_is_parked_while_the_sidecar_or_the_broker_is_away() {
    for code in [
        Code::Unavailable,
        Code::Internal,
        Code::PermissionDenied,
        Code::DeadlineExceeded,
    ] {
        let world = world().await;
        world.sidecar.set_canaries_fail(true);
        world
            .sidecar
            .refuse(move |_| Err(Status::new(code, "away")));
        world
            .publish(&[("alice", Topic::TaskCreated), ("bob", Topic::TaskCreated)])
            .await;
        world.publish(&[("alice", Topic::TaskUpdates)]).await;
        let before = world.sidecar.calls();
        eventually("it is tried many times", async || {
            before + 30 <= world.sidecar.calls()
        })
        .await;
        assert!(parked(&world).await.is_empty(), "{code:?}");
        assert!(
            world.outbox().await.iter().all(|row| row.attempts == 0),
            "{code:?}"
        );
        world.sidecar.accept_all();
        eventually("all is out", async || world.outbox().await.is_empty()).await;
        assert_eq!(world.sidecar.published().len(), 3, "{code:?}");
    }
}

#[tokio::test]
async fn of_a_topic_that_takes_nothing_nothing_is_parked() {
    let world = world().await;
    world.sidecar.take_away(|topic, _| topic == "task-created");
    for number in 0..6 {
        world
            .publish(&[(&format!("user-{number}"), Topic::TaskCreated)])
            .await;
        world
            .publish(&[(&format!("user-{number}"), Topic::TaskUpdates)])
            .await;
    }
    eventually("another topic goes on", async || {
        world.sidecar.published().len() == 6
    })
    .await;
    let before = world.sidecar.calls();
    eventually("it is tried many times", async || {
        before + 60 <= world.sidecar.calls()
    })
    .await;
    assert!(parked(&world).await.is_empty());
    world.sidecar.accept_all();
    eventually("the rest is out", async || world.outbox().await.is_empty()).await;
}

/// A broker that comes back takes events on some partitions long before others.
#[tokio::test]
async fn of_a_partition_that_is_away_nothing_is_parked() {
    const AWAY: [&str; 3] = ["user-1", "user-4", "user-5"];
    let world = world().await;
    world
        .sidecar
        .take_away(|topic, key| topic == "task-created" && AWAY.contains(&key));
    let users: Vec<String> = (0..8).map(|number| format!("user-{number}")).collect();
    for user in &users {
        world.publish(&[(user, Topic::TaskCreated)]).await;
    }
    eventually("other partitions go on", async || {
        world.sidecar.published().len() == users.len() - AWAY.len()
    })
    .await;
    eventually("each event is tried many times", async || {
        let rows = world.outbox().await;
        rows.len() == AWAY.len() && rows.iter().all(|row| 10 <= row.attempts)
    })
    .await;
    assert!(parked(&world).await.is_empty());
    // Whoever comes later need not wait for them.
    world.publish(&[("user-0", Topic::TaskCreated)]).await;
    eventually("others go on", async || {
        world.outbox().await.len() == AWAY.len()
    })
    .await;
    world.sidecar.accept_all();
    eventually("the rest is out", async || world.outbox().await.is_empty()).await;
}

/// There is always one of them whose time has come for another attempt.
#[tokio::test]
async fn many_events_of_partitions_that_are_away_leave_room_for_others() {
    const AWAY: usize = 50;
    let mut config = config();
    config.outbox.calls = 1;
    config.outbox.backoff = Duration::from_millis(1);
    config.outbox.max_backoff = Duration::from_millis(1);
    let world = World::with_config(AppId::BackendApi, config, |_| {
        Service::new(AppId::BackendApi)
    })
    .await;
    world
        .sidecar
        .take_away(|topic, key| topic == "task-created" && key.starts_with("away-"));
    for number in 0..AWAY {
        world
            .publish(&[(&format!("away-{number}"), Topic::TaskCreated)])
            .await;
    }
    eventually("each stands alone", async || {
        let rows = world.outbox().await;
        rows.len() == AWAY && rows.iter().all(|row| 1 <= row.attempts)
    })
    .await;
    world
        .publish(&[("bob", Topic::TaskCreated), ("bob", Topic::TaskUpdates)])
        .await;
    eventually("others are out", async || {
        topics_of(&world, "bob").len() == 2
    })
    .await;
    // An event is taken out of the outbox after it has been published.
    eventually("only those are left", async || {
        world.outbox().await.len() == AWAY
    })
    .await;
    world.sidecar.accept_all();
    eventually("the rest is out", async || world.outbox().await.is_empty()).await;
}

#[tokio::test]
async fn a_call_that_failed_after_it_was_done_is_repeated_with_the_same_ids() {
    let world = world().await;
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    // Kafka's component may write part of a call and then say that it failed.
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    world.sidecar.refuse(move |request| {
        let ids = request
            .entries
            .iter()
            .map(|entry| entry.metadata["cloudevent.id"].clone());
        kept.lock().unwrap().extend(ids);
        match counted.fetch_add(1, Ordering::SeqCst) {
            0 => Err(internal("kafka: Failed to deliver 1 messages.")),
            _ => Ok(()),
        }
    });
    world.publish(&[("alice", Topic::TaskCreated)]).await;
    eventually("it is out", async || world.outbox().await.is_empty()).await;
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_sidecar_that_dies_is_waited_for() {
    let world = world().await;
    world.publish(&[("alice", Topic::TaskCreated)]).await;
    eventually("it is out", async || world.outbox().await.is_empty()).await;
    world.sidecar.kill();
    world.publish(&[("alice", Topic::TaskCreated)]).await;
    eventually("the row waits", async || world.outbox().await.len() == 1).await;
    assert!(parked(&world).await.is_empty());
}

on_every_database!(
    an_event_that_cannot_be_published_is_parked_and_delays_nobody_else,
    why_an_event_waits_is_noted_until_it_is_out,
);

async fn why_an_event_waits_is_noted_until_it_is_out(database: Database) {
    let world = World::on(database, AppId::BackendApi, config(), |_| {
        Service::new(AppId::BackendApi)
    })
    .await;
    let failing = async || {
        let read = world.store().read().await.unwrap();
        read.outbox_failing(AppId::BackendApi).await.unwrap()
    };
    world.sidecar.refuse(|request| {
        if request.topic == Topic::TaskCreated.name() {
            return Err(Status::permission_denied("topic is not allowed"));
        }
        Ok(())
    });
    world
        .publish(&[("alice", Topic::TaskUpdates), ("alice", Topic::TaskCreated)])
        .await;
    eventually("it is noted", async || failing().await.is_some()).await;
    let noted = failing().await.unwrap();
    assert_eq!(noted.topic, "task-created");
    assert!(noted.reason.contains("topic is not allowed"), "{noted:?}");
    assert!(parked(&world).await.is_empty());
    world.sidecar.accept_all();
    eventually("all are out", async || world.outbox().await.is_empty()).await;
    assert_eq!(failing().await, None);
}
