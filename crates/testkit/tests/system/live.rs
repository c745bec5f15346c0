//! A change is shown at once, and audited once.

use domain::AppId;
use proto::v1::UpdateAction;
use testkit::{Database, Plan, on_every_database, task};

on_every_database!(a_created_task_is_shown_at_once_and_audited_once);

async fn a_created_task_is_shown_at_once_and_audited_once(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    let created = alice.create(task("Water the plants")).await;

    let (action, shown) = screen.task().await;
    assert_eq!(action, UpdateAction::Created);
    assert_eq!(shown, created);

    assert_eq!(alice.history(&created.id, 1).await, ["task.created"]);
    let trail = alice.audit_trail("").await;
    let entry = &trail[0];
    assert_eq!(trail.len(), 1);
    assert_eq!(entry.sequence, 1);
    assert_eq!(entry.source, AppId::BackendApi.as_str());
    assert_eq!(entry.actor.as_ref().unwrap().id, "alice");
    assert_eq!(entry.after.as_ref(), Some(&created));
    system.finish().await;
}
