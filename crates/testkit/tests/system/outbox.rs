//! Events that cannot be published, and those that cannot be handled.

use domain::{AppId, Topic};
use errand::services;
use proto::v1::UpdateAction;
use service_kit::{Consumer, OutboundEvent};
use testkit::{Database, Disturbance, Plan, System, eventually, on_every_database, task};
use tonic::Code;

on_every_database!(
    an_event_that_cannot_be_published_delays_nobody_else,
    a_dead_letter_is_replayed_to_its_consumer_alone,
);

async fn an_event_that_cannot_be_published_delays_nobody_else(database: Database) {
    let system = Plan::new(database).start().await;
    let (alice, bob) = (system.user("alice"), system.user("bob"));
    let mut screen = alice.watch(0, "").await;
    let refused = system.disturb(
        usize::MAX,
        Disturbance::Fail(Code::InvalidArgument),
        |call| {
            call.publishes(AppId::BackendApi, Topic::TaskCreated.name())
                && call.mentions("Unpublishable")
        },
    );
    let broken = alice.create(task("Unpublishable")).await;
    // The same user on another topic, and others on the same topic, go on.
    assert_eq!(screen.task().await, (UpdateAction::Created, broken.clone()));
    let of_bob = bob.create(task("Bob's")).await;
    assert_eq!(bob.history(&of_bob.id, 1).await, ["task.created"]);
    eventually("the event is parked", async || {
        (system.outbox().await.parked == 1).then_some(())
    })
    .await;
    let later = bob.create(task("Bob's second")).await;
    assert_eq!(bob.history(&later.id, 1).await, ["task.created"]);

    // What comes later in the same lane waits behind it, and so order holds.
    let behind = alice.create(task("Behind it")).await;
    alice.complete(&behind.id).await;
    assert_eq!(alice.history(&behind.id, 1).await, ["task.completed"]);
    assert_eq!(system.outbox().await.waiting, 1);
    refused.release();
    unpark(&system).await;
    assert_eq!(alice.history(&broken.id, 1).await, ["task.created"]);
    assert_eq!(
        alice.history(&behind.id, 2).await,
        ["task.created", "task.completed"]
    );
    system.finish().await;
}

/// As `errand outbox retry` does.
async fn unpark(system: &System) {
    let read = system.store().read().await.unwrap();
    let parked = read
        .outbox_parked(AppId::BackendApi, None, 10)
        .await
        .unwrap();
    drop(read);
    assert_eq!(parked.len(), 1);
    let row = parked[0].row.as_ref().unwrap();
    assert!(!row.reason.is_empty());
    let tx = system.store().begin().await.unwrap();
    let position = parked[0].position;
    assert!(tx.outbox_unpark(AppId::BackendApi, position).await.unwrap());
    tx.commit().await.unwrap();
}

/// What nobody can read is kept by each consumer of the topic, and what comes after it goes on.
#[tokio::test]
async fn a_poisoned_payload_is_kept_and_delays_nobody() {
    let mut system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let event = OutboundEvent {
        entry_id: "1".into(),
        data: br#"{"event_id":"poison","user_id":"alice"}"#.to_vec(),
        metadata: [("cloudevent.id", "poison"), ("partitionKey", "alice")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    };
    for topic in [Topic::TaskCompleted, Topic::TaskUpdates] {
        let kit = system.kit(AppId::BackendApi, 0);
        let pubsub = &kit.config().sidecar.pubsub;
        let published = kit
            .sidecar()
            .publish(pubsub, topic.name(), event.clone())
            .await;
        published.unwrap();
    }
    for (app, topic) in [
        (AppId::AuditService, Topic::TaskCompleted),
        (AppId::RecurringService, Topic::TaskCompleted),
        (AppId::RealtimeService, Topic::TaskUpdates),
    ] {
        let letters = eventually(&format!("a dead letter of {app}"), async || {
            let letters = system.dead_letters(app).await;
            (!letters.is_empty()).then_some(letters)
        })
        .await;
        assert_eq!(letters.len(), 1);
        assert_eq!(
            (letters[0].event_id.as_str(), letters[0].topic.as_str()),
            ("poison", topic.name())
        );
        assert_eq!(letters[0].payload, event.data);
        assert!(!letters[0].reason.is_empty());
    }
    let created = alice.create(task("After the poison")).await;
    alice.complete(&created.id).await;
    assert_eq!(
        alice.history(&created.id, 2).await,
        ["task.created", "task.completed"]
    );
    system.expect_dead_letters();
    system.finish().await;
}

/// The audit service's table is gone for a while: its event becomes a dead letter after so many
/// attempts. Once the table is back it is replayed, as `errand dlq replay` does.
async fn a_dead_letter_is_replayed_to_its_consumer_alone(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    system
        .execute("ALTER TABLE errand.audit_logs RENAME TO audit_logs_away")
        .await;
    let created = alice.create(task("Buy milk")).await;
    let letters = eventually("a dead letter", async || {
        let letters = system.dead_letters(AppId::AuditService).await;
        (!letters.is_empty()).then_some(letters)
    })
    .await;
    system
        .execute("ALTER TABLE errand.audit_logs_away RENAME TO audit_logs")
        .await;
    assert!(alice.audit_trail("").await.is_empty());

    let kit = system.kit(AppId::AuditService, 0);
    let service = services::service(kit, system.settings());
    let consumer = Consumer::new(kit.clone(), &service);
    for _ in 0..2 {
        consumer.replay(&letters[0]).await.unwrap();
        assert_eq!(alice.history(&created.id, 1).await, ["task.created"]);
    }
    let tx = system.store().begin().await.unwrap();
    for app in AppId::ALL {
        let letters = system.dead_letters(app).await;
        assert_eq!(letters.len(), usize::from(app == AppId::AuditService));
    }
    assert!(
        tx.dead_letter_delete(AppId::AuditService, &letters[0].event_id)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    system.finish().await;
}
