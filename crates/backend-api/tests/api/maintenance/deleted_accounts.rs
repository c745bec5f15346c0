//! What is left of deleted accounts.

use std::time::Duration;

use backend_api::Settings;
use domain::{Actor, CorrelationId, Event, Topic};
use jiff::SignedDuration;
use serde_json::json;
use service_kit::testing::Database;
use store::{AuditEntry, AuditFilter};

use super::{everything, tick, tick_with};
use crate::served::{ALICE, Api, BOB, NOBODYS_ID, settings, user};

service_kit::on_every_database!(
    a_deletion_that_was_cut_off_is_finished,
    the_audit_trail_of_a_deleted_account_loses_its_contents,
    a_deleted_account_may_come_back_after_its_tombstone,
);

/// Writes the tombstone, and gets no further.
async fn tombstone(api: &Api) {
    let tx = api.kit.kit.store().unwrap().begin().await.unwrap();
    tx.account_tombstone(&user(ALICE), api.kit.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn a_deletion_that_was_cut_off_is_finished(database: Database) {
    let api = Api::start(database).await;
    for number in 0..5 {
        api.create_titled(&format!("task {number}")).await;
    }
    api.ok("UpdateProfile", json!({ "profile": { "language": "de" } }))
        .await;
    let request = json!({ "task": { "title": "Bob's" } });
    api.call(BOB, "CreateTask", request).await.unwrap();
    tombstone(&api).await;
    assert_eq!(api.titles(everything()).await.len(), 5);
    let settings = Settings {
        batch: 2,
        ..settings()
    };
    tick_with(&api, settings).await;
    assert_eq!(api.titles(everything()).await, [""; 0]);
    let profile = api.ok("GetProfile", json!({})).await["profile"].clone();
    assert_eq!(profile["language"], "en");
    let bobs = api.call(BOB, "ListTasks", json!({})).await.unwrap();
    assert_eq!(bobs["tasks"].as_array().unwrap().len(), 1);
}

/// The entry that the audit service makes of an event.
fn entry(event: &Event) -> Option<AuditEntry> {
    let topic = event.payload.topic();
    let task = event.payload.task().filter(|_| topic.is_audited())?;
    Some(AuditEntry {
        event_id: event.id,
        user_id: event.user_id.clone(),
        sequence: event.sequence,
        topic,
        occurred_at: event.occurred_at,
        task_id: task.id,
        actor: event.actor.clone(),
        correlation_id: event.correlation_id.clone(),
        source: event.source,
        data: Some(proto::event::data_json(&event.payload)),
    })
}

async fn audit(api: &Api, name: &str) -> Vec<AuditEntry> {
    let read = api.kit.kit.read().await.unwrap();
    let filter = AuditFilter::default();
    read.audit_list(&user(name), &filter, None, 100)
        .await
        .unwrap()
}

async fn the_audit_trail_of_a_deleted_account_loses_its_contents(database: Database) {
    let api = Api::start(database).await;
    for name in [ALICE, BOB] {
        for number in 0..5 {
            let request = json!({ "task": { "title": format!("task {number}") } });
            api.call(name, "CreateTask", request).await.unwrap();
        }
    }
    let entries: Vec<AuditEntry> = api.events().await.iter().filter_map(entry).collect();
    let tx = api.kit.kit.store().unwrap().begin().await.unwrap();
    tx.audit_insert_many(&entries).await.unwrap();
    tx.commit().await.unwrap();
    let (alices, bobs) = (audit(&api, ALICE).await, audit(&api, BOB).await);
    assert_eq!((alices.len(), bobs.len()), (5, 5));
    api.ok("DeleteAccount", json!({ "confirm_user_id": ALICE }))
        .await;
    let settings = Settings {
        batch: 2,
        ..settings()
    };
    tick_with(&api, settings).await;
    let erased: Vec<AuditEntry> = alices
        .into_iter()
        .map(|entry| AuditEntry {
            data: None,
            actor: Actor {
                token_id: None,
                ..entry.actor
            },
            ..entry
        })
        .collect();
    assert_eq!(audit(&api, ALICE).await, erased);
    assert_eq!(audit(&api, BOB).await, bobs);

    // An event that was under way when the account went is stored late, and erased at the next tick.
    let late = AuditEntry {
        event_id: NOBODYS_ID.parse().unwrap(),
        sequence: 6,
        topic: Topic::TaskDeleted,
        correlation_id: CorrelationId::parse("late").unwrap(),
        data: Some("{}".into()),
        ..erased[0].clone()
    };
    let tx = api.kit.kit.store().unwrap().begin().await.unwrap();
    tx.audit_insert_many(std::slice::from_ref(&late))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    api.advance(SignedDuration::from_secs(60));
    tick(&api).await;
    let data = audit(&api, ALICE).await.into_iter().map(|entry| entry.data);
    assert_eq!(data.collect::<Vec<_>>(), vec![None; 6]);
}

async fn a_deleted_account_may_come_back_after_its_tombstone(database: Database) {
    let api = Api::start(database).await;
    api.create_titled("before").await;
    api.ok("DeleteAccount", json!({ "confirm_user_id": ALICE }))
        .await;
    let settings = Settings {
        tombstones: Duration::from_hours(1),
        ..settings()
    };
    let is_away = async || {
        let request = json!({ "task": { "title": "after" } });
        match api.call(ALICE, "CreateTask", request).await {
            Ok(_) => false,
            Err(refusal) => refusal.reason == "ACCOUNT_DELETED",
        }
    };
    // The first tick after a moment of rest finds nothing left; the tombstone goes when its time
    // is over.
    api.advance(SignedDuration::from_hours(1));
    tick_with(&api, settings.clone()).await;
    tick_with(&api, settings.clone()).await;
    assert!(is_away().await);
    api.advance(SignedDuration::from_secs(1));
    tick_with(&api, settings).await;
    assert!(!is_away().await);
    // The numbers go on: what comes now is later than all that was.
    let told = api.told().await;
    let expected = [
        "task-created #1 before v1",
        "task-updates #1 Created before v1",
        "task-updates #2 account deleted",
        "task-created #2 after v1",
        "task-updates #3 Created after v1",
    ];
    assert_eq!(told, expected);
}
