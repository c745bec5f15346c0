//! Events that no service can handle: kept beside their reason, handled by a person, in nobody's way.

use domain::{AppId, Topic};
use e2e::System;
use service_kit::{OutboundEvent, SidecarClient};
use store::DeadLetter;
use testkit::{eventually, instant, task};

/// Whose event it is said to be, and whose are behind it.
const USER: &str = "dead-letters";

/// What a sidecar delivers and no service can read.
const POISON: &str = r#"{"data":{},"event_id":"dead-letters-poison","user_id":"dead-letters"}"#;
const POISON_ID: &str = "dead-letters-poison";

/// What not even a sidecar can read.
const BARE: [&str; 2] = ["no event, dead-letters", "dead-letters, none either"];

/// Those that take what is published here.
const CONSUMERS: [AppId; 2] = [AppId::AuditService, AppId::RecurringService];

#[tokio::test]
async fn what_nobody_can_read_is_kept_once_and_holds_up_nobody() {
    let system = System::found();
    let user = system.user(USER).await;
    let first = user.create(0, daily()).await.unwrap();
    let sidecar = system.sidecar(AppId::BackendApi, 0);
    publish(&sidecar, POISON, ("cloudevent.id", POISON_ID)).await;
    publish(&sidecar, BARE[0], ("rawPayload", "true")).await;

    // What comes behind them on their partition.
    user.complete(1, &first.id).await.unwrap();
    let next = user.successor(0, &first.id).await;
    assert_eq!(user.history(&next.id, 1).await, ["task.created"]);
    let history = user.history(&first.id, 2).await;
    assert_eq!(history, ["task.created", "task.completed"]);
    for app in CONSUMERS {
        letters(&system, app, 2).await;
    }

    // A letter more is behind what the sidecar had made of the others on the dead letter topic.
    publish(&sidecar, BARE[1], ("rawPayload", "true")).await;
    for app in CONSUMERS {
        let kept = letters(&system, app, 3).await;
        for letter in &kept {
            assert_eq!(letter.topic, Topic::TaskCompleted.name(), "{letter:?}");
            assert_eq!(letter.attempts, 1, "{letter:?}");
        }
        let poison = kept.iter().find(|letter| letter.event_id == POISON_ID);
        let poison = poison.unwrap();
        assert_eq!(poison.payload, POISON.as_bytes());
        assert!(poison.reason.starts_with("event_type is ``"), "{poison:?}");
        for text in BARE {
            let mut kept = kept.iter();
            let letter = kept.find(|letter| letter.payload == text.as_bytes());
            let reason = &letter.unwrap().reason;
            assert!(reason.contains("no CloudEvent"), "{reason}");
        }
        handle(&system, app, &kept).await;
    }
}

/// Lists, shows, replays and drops the letters of a service.
async fn handle(system: &System, app: AppId, letters: &[DeadLetter]) {
    let listed = system
        .errand(["dlq", "list", "--service", app.as_str()])
        .await;
    for letter in letters {
        let entry = format!(
            "{app}  {}\n  topic:    task-completed\n  attempts: 1, the last at ",
            letter.event_id
        );
        assert!(listed.contains(&entry), "{listed}");
        let reason = format!("  reason:   {}\n", letter.reason);
        assert!(listed.contains(&reason), "{listed}");
    }
    let of = |verb| ["dlq", verb, "--service", app.as_str()];
    let shown = system
        .errand([&of("show")[..], &[POISON_ID]].concat())
        .await;
    for part in [
        "user:     dead-letters\n",
        "attempts: 1\n",
        "reason:   event_type is ``",
        "\"event_id\": \"dead-letters-poison\"",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }

    // Nothing was mended.
    let replay = [&of("replay")[..], &[POISON_ID]].concat();
    let failed = system.errand_failing(replay).await;
    for part in [
        "0 replayed, 1 failed\n",
        "errand: dead-letters-poison stays: ",
    ] {
        assert!(failed.contains(part), "{part}: {failed}");
    }
    let store = system.store().await;
    let read = store.read().await.unwrap();
    let poison = read.dead_letter_get(app, POISON_ID).await.unwrap();
    assert_eq!(poison.unwrap().attempts, 2, "{app}");

    let ids: Vec<&str> = letters
        .iter()
        .map(|letter| letter.event_id.as_str())
        .collect();
    let dropped = system.errand([&of("drop")[..], &ids].concat()).await;
    assert_eq!(dropped, "3 dropped\n");
    let listed = system
        .errand(["dlq", "list", "--service", app.as_str()])
        .await;
    assert!(ids.iter().all(|id| !listed.contains(id)), "{listed}");
}

/// The letters of a service that are of this test, once there are so many; there must be no more.
async fn letters(system: &System, app: AppId, count: usize) -> Vec<DeadLetter> {
    let store = system.store().await;
    eventually(&format!("{count} dead letters of {app}"), async || {
        let read = store.read().await.unwrap();
        let mut letters = read.dead_letter_list(Some(app), None, 100).await.unwrap();
        letters.retain(|letter| String::from_utf8_lossy(&letter.payload).contains(USER));
        assert!(letters.len() <= count, "{letters:?}");
        (letters.len() == count).then_some(letters)
    })
    .await
}

/// Publishes what a completed task of the user would be published as.
async fn publish(sidecar: &SidecarClient, data: &str, metadata: (&str, &str)) {
    let event = OutboundEvent {
        entry_id: "1".to_owned(),
        data: data.as_bytes().to_vec(),
        metadata: [metadata, ("partitionKey", USER)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    };
    let topic = Topic::TaskCompleted.name();
    sidecar.publish("pubsub", topic, event).await.unwrap();
}

fn daily() -> proto::v1::Task {
    proto::v1::Task {
        recurring_rule: "daily".into(),
        due: instant("2026-03-02T09:00:00Z", "UTC"),
        ..task("Water the plants")
    }
}
