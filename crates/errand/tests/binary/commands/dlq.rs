//! `errand dlq`, on events that a service really could not handle.

use std::{fs, net::SocketAddr, path::Path};

use domain::{AppId, Topic};
use service_kit::testing::{Database, TestDatabase, execute};
use store::DeadLetter;

use super::{assert_refused, doctor::assert_told};
use crate::{
    client::{open, titled},
    engine::Beside,
    process::{Home, ended, eventually, free_ports},
};

/// What no consumer can read.
const POISON: &str = r#"{"event_id": "poison", "user_id": "ann", "data": {}}"#;

/// The poison is published as `task-completed`, which these two take.
const POISONED: [AppId; 2] = [AppId::AuditService, AppId::RecurringService];

#[tokio::test]
async fn what_nobody_can_read_is_listed_shown_and_dropped() {
    let home = poisoned().await;
    let up = home.up(&home.data()).await;
    for app in POISONED {
        one_letter(&home, app).await;
    }

    let listed = home.succeed(["dlq", "list"]).await;
    for app in POISONED {
        assert!(listed.contains(&format!("{app}  poison\n")), "{listed}");
    }
    let of_one = ["dlq", "list", "--service", "audit-service"];
    let listed = home.succeed(of_one).await;
    insta::assert_snapshot!("list-of-dead-letters", masked(&listed));
    let first = home.succeed(["dlq", "list", "--limit", "1"]).await;
    assert!(first.contains("There are more"), "{first}");
    assert_eq!(first.matches("  reason: ").count(), 1, "{first}");

    let shown = home.succeed(of_audit("show", "poison")).await;
    insta::assert_snapshot!("show-of-a-dead-letter", masked(&shown));

    let told = home.run(["doctor"]).await;
    assert_told(&told, "dead letters", "2 events could not be handled");
    assert_told(&told, "dead letters", "errand dlq list");

    // Nothing was mended: it fails again and stays, for this service alone.
    let failed = home.run(of_audit("replay", "poison")).await;
    assert_eq!(failed.code, Some(1), "{failed:?}");
    assert_eq!(failed.stdout, "0 replayed, 1 failed\n");
    assert_eq!(failed.stderr.lines().count(), 1, "{failed:?}");
    for part in ["errand: poison stays: ", "cannot be decoded"] {
        assert!(failed.stderr.contains(part), "{part}: {failed:?}");
    }
    let [audit, recurring] = POISONED;
    assert_eq!(one_letter(&home, audit).await.attempts, 2);
    assert_eq!(one_letter(&home, recurring).await.attempts, 1);

    // Named twice, it is dropped once.
    let twice = of_audit("drop", "poison").into_iter().chain(["poison"]);
    assert_eq!(home.succeed(twice).await, "1 dropped\n");
    let listed = home.succeed(["dlq", "list"]).await;
    assert!(!listed.contains("audit-service"), "{listed}");
    assert!(listed.contains("recurring-service"), "{listed}");
    for verb in ["show", "replay", "drop"] {
        let refused = home.run(of_audit(verb, "poison")).await;
        assert_eq!(refused.code, Some(64), "{refused:?}");
        let said = "errand: audit-service has no dead letter poison: \
                    `errand dlq list` shows those there are\n";
        assert_eq!(
            (refused.stdout.as_str(), refused.stderr.as_str()),
            ("", said)
        );
    }
    let all = ["dlq", "drop", "--service", "recurring-service", "--all"];
    assert_eq!(home.succeed(all).await, "1 dropped\n");
    assert_eq!(home.succeed(["dlq", "list"]).await, "no dead letters\n");
    let said = home.succeed(["doctor"]).await;
    assert!(said.contains("ok       dead letters: none"), "{said}");
    assert_eq!(up.terminate().await, Some(0));
}

/// Its sidecar cannot give it to any handler, and puts it on the dead letter topic as it is. It is
/// kept from there, and holds up nothing that comes after it.
#[tokio::test]
async fn what_no_sidecar_can_read_is_kept_and_holds_up_nothing() {
    let home = Home::stopped().await;
    let topic = Topic::TaskCompleted.name();
    publish(&home, async |beside| {
        beside.publish_bare(topic, "ann", "no event").await;
        beside.publish(topic, "poison", "ann", POISON).await;
        beside.publish_bare(topic, "ann", "no event").await;
        beside.publish_bare(topic, "ann", "none either").await;
    })
    .await;
    let up = home.up(&home.data()).await;
    for app in POISONED {
        let letters = letters(&home, app, 3).await;
        for (payload, reason) in [
            (
                "no event",
                "the sidecar could not read it: it is no CloudEvent in JSON",
            ),
            // Its sidecar has sorted it.
            (
                r#"{"data":{},"event_id":"poison","user_id":"ann"}"#,
                "event_type is ``",
            ),
            (
                "none either",
                "the sidecar could not read it: it is no CloudEvent in JSON",
            ),
        ] {
            let mut letters = letters.iter();
            let letter = letters.find(|letter| letter.payload == payload.as_bytes());
            let letter = letter.unwrap_or_else(|| panic!("{app} has not kept {payload}"));
            assert_eq!((letter.topic.as_str(), letter.attempts), (topic, 1));
            assert!(letter.reason.starts_with(reason), "{}", letter.reason);
        }
    }
    let dropped = home.succeed(["dlq", "drop", "--service", "audit-service", "--all"]);
    assert_eq!(dropped.await, "3 dropped\n");
    assert_eq!(up.terminate().await, Some(0));
}

/// The table of the audit trail is gone for a while. Once it is back, the event that could not be
/// kept is replayed: its entry is there once, however often.
#[tokio::test]
async fn what_was_mended_is_replayed_and_has_its_effect_once() {
    let home = Home::new();
    fs::write(home.path("errand.toml"), "[delivery]\nmax_attempts = 2\n").unwrap();
    let up = home.up(&home.data()).await;
    let user = home.user("ann", &home.data(), up.base()).await;
    change(
        &home.data(),
        "ALTER TABLE errand.audit_logs RENAME TO audit_logs_away",
    )
    .await;
    user.create(0, titled("Water the plants")).await.unwrap();
    let letter = one_letter(&home, AppId::AuditService).await;
    assert_eq!(letter.attempts, 2);

    let event = letter.event_id.as_str();
    let failed = home.run(of_audit("replay", event)).await;
    assert_eq!(failed.code, Some(1), "{failed:?}");
    assert!(failed.stderr.contains("no such table"), "{failed:?}");
    let again = one_letter(&home, AppId::AuditService).await;
    assert_eq!(again.attempts, 3);
    assert_eq!(again.first_at, letter.first_at);
    assert!(letter.last_at < again.last_at);

    change(
        &home.data(),
        "ALTER TABLE errand.audit_logs_away RENAME TO audit_logs",
    )
    .await;
    assert!(user.all_logs().await.unwrap().is_empty());
    for _ in 0..2 {
        let replayed = home.succeed(of_audit("replay", event)).await;
        assert_eq!(replayed, "1 replayed, 0 failed\n");
        let logs = user.all_logs().await.unwrap();
        let ids: Vec<&str> = logs.iter().map(|log| log.id.as_str()).collect();
        assert_eq!(ids, [event]);
        assert_eq!(home.succeed(["dlq", "list"]).await, "no dead letters\n");
        // As if the command had been killed between the effect and the end of the letter.
        keep(&home.data(), &letter).await;
    }
    assert_eq!(up.terminate().await, Some(0));
}

/// Beside a database of its own there is no data folder.
#[tokio::test]
async fn dead_letters_in_postgresql_are_handled_alike() {
    let home = Home::new();
    let database = TestDatabase::create(Database::Postgres).await;
    let at = "2026-03-29T07:00:00Z".parse().unwrap();
    let letter = DeadLetter {
        consumer: AppId::AuditService,
        event_id: "poison".to_owned(),
        topic: Topic::TaskCompleted.name().to_owned(),
        user_id: Some("ann".to_owned()),
        reason: "it cannot be read".to_owned(),
        attempts: 1,
        content_type: "application/json".to_owned(),
        payload: POISON.into(),
        first_at: at,
        last_at: at,
    };
    let store = database.open().await;
    let tx = store.begin().await.unwrap();
    tx.dead_letter_put(&letter).await.unwrap();
    tx.commit().await.unwrap();

    let errand = async |arguments: &[&str]| {
        let mut command = home.errand();
        command.args(arguments).env("DATABASE_URL", database.url());
        ended(command).await
    };
    let listed = errand(&["dlq", "list"]).await;
    assert!(listed.stdout.contains("it cannot be read"), "{listed:?}");
    let shown = errand(&of_audit("show", "poison")).await;
    assert!(shown.stdout.contains("2026-03-29T07:00:00Z"), "{shown:?}");
    let failed = errand(&of_audit("replay", "poison")).await;
    assert_eq!(failed.stdout, "0 replayed, 1 failed\n", "{failed:?}");
    let read = store.read().await.unwrap();
    let kept = read.dead_letter_get(AppId::AuditService, "poison").await;
    let kept = kept.unwrap().unwrap();
    assert_eq!((kept.attempts, kept.first_at), (2, at));
    assert!(at < kept.last_at);
    let dropped = errand(&of_audit("drop", "poison")).await;
    assert_eq!(dropped.stdout, "1 dropped\n", "{dropped:?}");
    let listed = errand(&["dlq", "list"]).await;
    assert_eq!(listed.stdout, "no dead letters\n", "{listed:?}");
    assert!(!home.data().exists());
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let home = Home::new();
    let wrong: [(&[&str], &str); 6] = [
        (&["dlq", "show", "poison"], "--service"),
        (&["dlq", "show", "--service", "audit-service"], "EVENT_ID"),
        (
            &[
                "dlq",
                "drop",
                "--service",
                "audit-service",
                "poison",
                "--all",
            ],
            "--all",
        ),
        (
            &["dlq", "replay", "--service", "nobody", "--all"],
            "must be one of backend-api",
        ),
        (&["dlq", "list", "--limit", "0"], "--limit"),
        (&["dlq", "mend"], "mend"),
    ];
    assert_refused(&home, &wrong).await;
    assert!(!home.data().exists());
}

/// A data folder that `errand up` made and left, into whose topics somebody has published poison.
async fn poisoned() -> Home {
    let home = Home::stopped().await;
    publish(&home, async |beside| {
        let topic = Topic::TaskCompleted.name();
        beside.publish(topic, "poison", "ann", POISON).await;
    })
    .await;
    home
}

/// Publishes into the topics of a data folder on which nothing works.
async fn publish(home: &Home, publishing: impl AsyncFnOnce(&Beside)) {
    // Nobody answers there: the sidecar is only published through.
    let nobody = SocketAddr::from(([127, 0, 0, 1], free_ports()));
    let beside = Beside::open(&home.data(), AppId::BackendApi, nobody, |_config| {}).await;
    publishing(&beside).await;
    beside.close().await;
}

/// Waits until a service has a dead letter, and gives it; there must be no other.
async fn one_letter(home: &Home, app: AppId) -> DeadLetter {
    letters(home, app, 1).await.remove(0)
}

/// Waits until a service has so many dead letters, and gives them; there must be no more.
async fn letters(home: &Home, app: AppId, count: usize) -> Vec<DeadLetter> {
    let store = open(&home.data()).await;
    let letters = eventually(&format!("{count} dead letters of {app}"), async || {
        let read = store.read().await.unwrap();
        let letters = read.dead_letter_list(Some(app), None, 10).await.unwrap();
        assert!(letters.len() <= count, "{letters:?}");
        (letters.len() == count).then_some(letters)
    })
    .await;
    store.close().await;
    letters
}

/// Keeps a dead letter once more.
async fn keep(data: &Path, letter: &DeadLetter) {
    let store = open(data).await;
    let tx = store.begin().await.unwrap();
    tx.dead_letter_put(letter).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
}

/// Changes the database of a data folder behind everybody's back.
async fn change(data: &Path, sql: &str) {
    let url = format!("sqlite://{}", data.join("errand.db").display());
    execute(&url, sql).await;
}

fn of_audit<'a>(verb: &'a str, event: &'a str) -> [&'a str; 5] {
    ["dlq", verb, "--service", "audit-service", event]
}

/// A text without the times in it.
fn masked(text: &str) -> String {
    let is_time = |word: &str| word.len() == 20 && word.ends_with('Z') && word.contains('T');
    let lines = text.lines().map(|line| {
        let words = line.split(' ');
        let words = words.map(|word| if is_time(word) { "[time]" } else { word });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}
