//! What cannot be handled until a person has mended something.

use domain::AppId;
use testkit::{eventually, task};

use crate::Turn;

/// How often an event is tried that fails in a way that nobody foresaw.
const ATTEMPTS: u32 = 5;

/// The table of the audit trail is gone for a while. The events that come meanwhile are given up, in
/// time, and wait for whoever brings it back.
#[tokio::test]
async fn what_was_mended_is_replayed_and_has_its_effect_once() {
    let turn = Turn::begin().await;
    let system = &turn.system;
    let user = system.user("letters-mended").await;
    let rename = "ALTER TABLE errand.audit_logs RENAME TO audit_logs_away";
    system.sql(rename).await;
    let mut ids = Vec::new();
    for replica in 0..system.replicas() {
        let created = user.create(replica, task("Water the plants")).await;
        ids.push(created.unwrap().id);
    }
    let store = system.store().await;
    let letters = eventually("a dead letter of each event", async || {
        let read = store.read().await.unwrap();
        let app = AppId::AuditService;
        let letters = read.dead_letter_list(Some(app), None, 10).await.unwrap();
        (letters.len() == ids.len()).then_some(letters)
    })
    .await;
    for letter in &letters {
        assert_eq!(letter.topic, "task-created", "{letter:?}");
        assert_eq!(letter.user_id.as_deref(), Some(user.name()));
        assert_eq!(letter.attempts, ATTEMPTS, "{letter:?}");
        assert!(letter.reason.contains("audit_logs"), "{letter:?}");
    }
    let replay = ["dlq", "replay", "--service", "audit-service", "--all"];
    let failed = system.errand_failing(replay).await;
    assert!(failed.contains("0 replayed, 2 failed\n"), "{failed}");

    let rename = "ALTER TABLE errand.audit_logs_away RENAME TO audit_logs";
    system.sql(rename).await;
    assert_eq!(system.errand(replay).await, "2 replayed, 0 failed\n");
    let logs = user.all_logs().await.unwrap();
    let told: Vec<&str> = logs.iter().map(|log| log.entity_id.as_str()).collect();
    assert_eq!(told, ids);
    assert_eq!(system.errand(["dlq", "list"]).await, "no dead letters\n");
    turn.end().await;
}
