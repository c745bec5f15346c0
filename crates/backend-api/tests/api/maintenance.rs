//! What has been kept long enough goes.

mod deleted_accounts;

use backend_api::{Maintenance, Settings};
use domain::{EventId, Notification, NotificationId, ReminderId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use service_kit::{HandleBinding as _, testing::Database};

use crate::{
    served::{ALICE, Api, NOBODYS_ID, id, settings, user},
    tasks::full,
};

service_kit::on_every_database!(
    the_trash_is_emptied_after_its_retention,
    a_purged_predecessor_leaves_its_successor_whole,
    what_goes_goes_in_batches_and_completely,
    replicas_do_it_at_the_same_time,
    request_ids_are_forgotten,
    the_ids_of_deleted_notifications_are_forgotten,
    nothing_begins_in_a_drain,
);

const REQUEST: &str = "7f3b1c52-0c1f-4a57-8a53-2f6f6e1b9a01";

async fn tick(api: &Api) {
    tick_with(api, settings()).await;
}

async fn tick_with(api: &Api, settings: Settings) {
    Maintenance::new(api.kit.kit.clone(), settings)
        .run()
        .await
        .unwrap();
}

fn everything() -> Value {
    json!({ "filter": { "trash": "TRASH_FILTER_INCLUDE" }, "order_by": "title" })
}

async fn create_deleted(api: &Api, title: &str) -> String {
    let task = api.create_titled(title).await;
    api.ok("DeleteTask", json!({ "id": task })).await;
    task
}

async fn the_trash_is_emptied_after_its_retention(database: Database) {
    let api = Api::start(database).await;
    api.create_titled("kept").await;
    let old = create_deleted(&api, "old").await;
    api.advance(SignedDuration::from_secs(1));
    create_deleted(&api, "young").await;
    let purge_at = api.get(&old).await["purge_at"].clone();
    assert_eq!(purge_at, "2026-04-01T09:00:00Z");
    let told = api.told().await;

    api.kit.clock.set("2026-04-01T09:00:00Z".parse().unwrap());
    tick(&api).await;
    assert_eq!(api.titles(everything()).await, ["kept", "old", "young"]);
    api.advance(SignedDuration::from_micros(1));
    tick(&api).await;
    assert_eq!(api.titles(everything()).await, ["kept", "young"]);
    let refusal = api.refused("UndeleteTask", json!({ "id": old })).await;
    assert_eq!(refusal.reason, "NOT_FOUND");
    api.advance(SignedDuration::from_hours(24));
    tick(&api).await;
    assert_eq!(api.titles(everything()).await, ["kept"]);
    assert_eq!(api.told().await, told, "a purge tells nothing");
}

async fn a_purged_predecessor_leaves_its_successor_whole(database: Database) {
    let api = Api::start(database).await;
    let first = id(&api.create(full()).await);
    api.ok("CompleteTask", json!({ "id": first })).await;
    let second = api.make_successor(&first).await;
    api.ok("DeleteTask", json!({ "id": first })).await;
    let before = api.get(&second).await;
    api.advance(SignedDuration::from_hours(31 * 24));
    tick(&api).await;
    assert_eq!(
        api.refused("GetTask", json!({ "id": first })).await.reason,
        "NOT_FOUND"
    );
    assert_eq!(api.get(&second).await, before);

    // The series goes on, and what follows still knows where it began.
    api.ok("CompleteTask", json!({ "id": second })).await;
    let third = api.make_successor(&second).await;
    let third = api.get(&third).await;
    assert_eq!(third["parent_task_id"], first);
    assert_eq!(third["occurrence_index"], 2);
    // A successor that was purged is not missed either.
    let reopened = api.ok("ReopenTask", json!({ "id": second })).await;
    api.advance(SignedDuration::from_hours(31 * 24));
    tick(&api).await;
    assert_eq!(api.get(&second).await, reopened["task"]);
}

async fn what_goes_goes_in_batches_and_completely(database: Database) {
    let api = Api::start(database).await;
    for number in 0..5 {
        create_deleted(&api, &format!("task {number}")).await;
    }
    api.advance(SignedDuration::from_hours(31 * 24));
    let settings = Settings {
        batch: 2,
        ..settings()
    };
    tick_with(&api, settings).await;
    assert_eq!(api.titles(everything()).await, [""; 0]);
}

async fn replicas_do_it_at_the_same_time(database: Database) {
    let api = Api::start(database).await;
    for number in 0..20 {
        create_deleted(&api, &format!("task {number}")).await;
    }
    api.advance(SignedDuration::from_hours(31 * 24));
    let settings = Settings {
        batch: 3,
        ..settings()
    };
    let replicas = [
        Maintenance::new(api.kit.kit.clone(), settings.clone()),
        Maintenance::new(api.kit.another(api.kit.kit.app()).await, settings.clone()),
        Maintenance::new(api.kit.another(api.kit.kit.app()).await, settings),
    ];
    let runs = replicas.iter().map(Maintenance::run);
    for outcome in futures::future::join_all(runs).await {
        outcome.unwrap();
    }
    // What one replica held when another looked has gone with the first one's commit.
    assert_eq!(api.titles(everything()).await, [""; 0]);
}

async fn request_ids_are_forgotten(database: Database) {
    let api = Api::start(database).await;
    let made_at = api.kit.now();
    let request = json!({ "task": { "title": "Buy milk" }, "request_id": REQUEST });
    api.ok("CreateTask", request).await;
    let is_stored = || api.remembers("CreateTask", REQUEST, made_at);
    api.advance(SignedDuration::from_hours(24) - SignedDuration::from_micros(1));
    tick(&api).await;
    assert!(is_stored().await);
    api.advance(SignedDuration::from_micros(1));
    tick(&api).await;
    assert!(!is_stored().await);
}

async fn the_ids_of_deleted_notifications_are_forgotten(database: Database) {
    let api = Api::start(database).await;
    let task = api.create_titled("Buy milk").await;
    let kit = &api.kit.kit;
    let event: EventId = NOBODYS_ID.parse().unwrap();
    let reminder: ReminderId = NOBODYS_ID.parse().unwrap();
    let store_again = async || {
        let tx = kit.store().unwrap().begin().await.unwrap();
        let stored = tx
            .task_get(&user(ALICE), task.parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        let notification =
            Notification::of_reminder(event, reminder, kit.now(), &stored, kit.now());
        let is_new = tx
            .notification_insert_once(&notification)
            .await
            .unwrap()
            .is_some();
        tx.commit().await.unwrap();
        is_new
    };
    assert!(store_again().await);
    let tx = kit.store().unwrap().begin().await.unwrap();
    let notification = NotificationId::from(event);
    tx.notification_delete(&user(ALICE), notification, kit.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    api.advance(SignedDuration::from_hours(45 * 24));
    tick(&api).await;
    assert!(!store_again().await, "a late delivery brings nothing back");
    api.advance(SignedDuration::from_secs(1));
    tick(&api).await;
    assert!(store_again().await);
}

async fn nothing_begins_in_a_drain(database: Database) {
    let api = Api::start(database).await;
    let task = create_deleted(&api, "Buy milk").await;
    api.advance(SignedDuration::from_hours(31 * 24));
    api.kit.kit.lifecycle().drain();
    tick(&api).await;
    let read = api.kit.kit.read().await.unwrap();
    let stored = read
        .task_get(&user(ALICE), task.parse().unwrap())
        .await
        .unwrap();
    assert!(stored.is_some());
}
