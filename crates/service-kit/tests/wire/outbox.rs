//! What the relay publishes, and how.

use std::collections::{BTreeMap, HashSet};

use domain::{AppId, Topic};
use service_kit::{Service, on_every_database, testing::Database};

use crate::{
    samples,
    world::{World, config, eventually},
};

async fn world() -> World {
    World::start(AppId::BackendApi, |_| Service::new(AppId::BackendApi)).await
}

async fn drained(world: &World) {
    eventually("the outbox is empty", async || {
        world.outbox().await.is_empty()
    })
    .await;
}

#[tokio::test]
async fn an_event_goes_out_as_a_cloud_event_of_our_making() {
    let world = world().await;
    world.publish(&[("alice|ä 100%", Topic::TaskCreated)]).await;
    drained(&world).await;
    let [published] = world.sidecar.published().try_into().unwrap();
    assert_eq!(published.topic, "task-created");
    let metadata: BTreeMap<_, _> = published.metadata.clone().into_iter().collect();
    let id = published.data["event_id"].as_str().unwrap();
    let expected = [
        ("cloudevent.id", id),
        ("cloudevent.source", "backend-api"),
        (
            "cloudevent.traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ),
        ("cloudevent.type", "task.created"),
        ("partitionKey", "alice|%C3%A4%20100%25"),
    ];
    let expected: BTreeMap<_, _> = expected
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    assert_eq!(metadata, expected);
    let json = serde_json::to_vec(&published.data).unwrap();
    let event = proto::event::decode(Topic::TaskCreated, &json).unwrap();
    assert_eq!(
        (event.sequence, event.user_id.as_str()),
        (1, "alice|ä 100%")
    );
    assert_eq!(
        event.payload,
        samples::payload(
            Topic::TaskCreated,
            samples::task("alice|ä 100%", "buy milk")
        )
    );
}

async fn of_one_user_and_topic_one_event_is_under_way_and_order_holds(database: Database) {
    let world = World::on(database, AppId::BackendApi, config(), |_| {
        Service::new(AppId::BackendApi)
    })
    .await;
    let users: Vec<String> = (0..30).map(|number| format!("user-{number}")).collect();
    for _ in 0..5 {
        for user in &users {
            world
                .publish(&[(user, Topic::TaskCreated), (user, Topic::TaskUpdates)])
                .await;
        }
    }
    drained(&world).await;
    let published = world.sidecar.published();
    assert_eq!(published.len(), 300, "each event once, for nothing failed");
    let mut in_call = HashSet::new();
    let mut last: BTreeMap<(String, String), i64> = BTreeMap::new();
    for event in &published {
        let key = event.metadata["partitionKey"].clone();
        assert!(
            in_call.insert((event.call, event.topic.clone(), key.clone())),
            "two of a lane in one call"
        );
        let sequence = event.data["sequence"].as_str().unwrap().parse().unwrap();
        let before = last
            .insert((event.topic.clone(), key), sequence)
            .unwrap_or(0);
        assert_eq!(sequence, before + 1);
    }
    let calls: HashSet<usize> = published.iter().map(|event| event.call).collect();
    assert!(calls.len() < 300, "events of different users share calls");
}

#[tokio::test]
async fn calls_are_bounded_in_rows_and_bytes() {
    let mut config = config();
    config.outbox.batch_rows = 3;
    config.outbox.batch_bytes = 8000;
    config.outbox.lease = std::time::Duration::from_hours(1);
    let world = World::with_config(AppId::BackendApi, config, |_| {
        Service::new(AppId::BackendApi)
    })
    .await;
    // Closed until all are there, so that they could share calls.
    world
        .sidecar
        .refuse(|_| Err(tonic::Status::unavailable("not yet")));
    for number in 0..10 {
        world
            .publish(&[(&format!("small-{number}"), Topic::TaskCreated)])
            .await;
    }
    for number in 0..4 {
        let owner = format!("large-{number}");
        let mut task = samples::task(&owner, "buy milk");
        task.description = domain::Description::parse(&"x".repeat(5000)).unwrap();
        world
            .publish_payload(&owner, samples::payload(Topic::TaskCreated, task))
            .await;
    }
    world.sidecar.accept_all();
    drained(&world).await;
    let mut sizes: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for event in world.sidecar.published() {
        let (rows, bytes) = sizes.entry(event.call).or_default();
        *rows += 1;
        *bytes += event.data.to_string().len();
    }
    assert_eq!(sizes.values().map(|(rows, _)| rows).sum::<usize>(), 14);
    for (rows, bytes) in sizes.values() {
        assert!(
            *rows <= 3 && (*bytes <= 8000 || *rows == 1),
            "{rows} rows of {bytes} bytes"
        );
    }
    assert!(sizes.values().any(|(rows, _)| 1 < *rows));
}

async fn a_user_with_very_many_events_does_not_keep_others_waiting(database: Database) {
    let mut config = config();
    config.outbox.batch_rows = 2;
    config.outbox.calls = 1;
    let world = World::on(database, AppId::BackendApi, config, |_| {
        Service::new(AppId::BackendApi)
    })
    .await;
    world
        .sidecar
        .refuse(|_| Err(tonic::Status::unavailable("not yet")));
    let mut work = world.kit.begin(&world.context("busy")).await.unwrap();
    for _ in 0..120 {
        work.publish(samples::payload(
            Topic::TaskCreated,
            samples::task("busy", "one of many"),
        ));
    }
    work.commit().await.unwrap();
    world.publish(&[("quiet", Topic::TaskCreated)]).await;
    world.sidecar.accept_all();
    drained(&world).await;
    let published = world.sidecar.published();
    let place = published
        .iter()
        .position(|event| event.metadata["partitionKey"] == "quiet")
        .unwrap();
    assert!(
        place < 60,
        "it went out as number {place} of {}",
        published.len()
    );
}

#[tokio::test]
async fn what_another_process_committed_is_found_without_being_told() {
    let world = world().await;
    let mut work = world.kit.begin(&world.context("alice")).await.unwrap();
    // A transaction of a process that has no relay: nobody is woken.
    work.publish(samples::payload(
        Topic::TaskCreated,
        samples::task("alice", "buy milk"),
    ));
    let other = world.database.open().await;
    drop(work);
    let tx = other.begin().await.unwrap();
    let event = samples::event(1, "alice", Topic::TaskCreated);
    let entry = store::OutboxEntry {
        event_id: event.id,
        topic: Topic::TaskCreated,
        user_id: event.user_id.clone(),
        occurred_at: event.occurred_at,
        correlation_id: event.correlation_id.clone(),
        source: AppId::BackendApi,
        actor_json: proto::event::actor_json(&event.actor),
        traceparent: None,
        data: proto::event::data_json(&event.payload),
    };
    tx.outbox_append(&[entry]).await.unwrap();
    tx.commit().await.unwrap();
    drained(&world).await;
    let [published] = world.sidecar.published().try_into().unwrap();
    assert_eq!(published.metadata["cloudevent.id"], event.id.to_string());
    assert!(!published.metadata.contains_key("cloudevent.traceparent"));
}

on_every_database!(
    of_one_user_and_topic_one_event_is_under_way_and_order_holds,
    a_user_with_very_many_events_does_not_keep_others_waiting
);
