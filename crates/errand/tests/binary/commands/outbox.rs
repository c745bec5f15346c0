//! `errand outbox`, on events that the sidecar really refused.

use std::{fs, net::SocketAddr};

use domain::{AppId, CorrelationId, EventId, Topic, UserId};
use e2e::{Trail, User};
use proto::v1::{CreateTaskRequest, Task};
use service_kit::testing::execute;
use sidecar::SidecarConfig;
use store::{OutboxEntry, ParkedRow};
use tokio::process::Child;
use uuid::Uuid;

use super::{assert_refused, doctor::assert_told};
use crate::{
    client::{left, open, titled},
    engine::Beside,
    process::{Home, eventually, free_ports},
};

/// The largest message that the sidecar takes, in bytes: enough for anything but [`LARGE`].
const LARGEST: usize = 16 << 10;

/// A description that makes an event larger than that.
const LARGE: usize = 9_000;

#[tokio::test]
async fn what_was_refused_is_listed_shown_dropped_and_tried_again() {
    let home = Home::stopped().await;

    // A service by itself, beside a sidecar that takes only small messages.
    let port = free_ports();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let small = |config: &mut SidecarConfig| config.max_message_bytes = LARGEST;
    let beside = Beside::open(&home.data(), AppId::BackendApi, address, small).await;
    let alone = backend(&home, port, &beside);
    let (ann, bob) = (
        home.user("ann", &home.data(), port).await,
        home.user("bob", &home.data(), port).await,
    );
    let large = "é".repeat(LARGE);
    create(&ann, "Large, and dropped", &large).await;
    create(&bob, "Large, and tried again", &large).await;
    // Each change is told to the other services, and to the screens.
    let rows = parked(&home, 4).await;
    let behind = ann.create(0, titled("Behind the large one")).await.unwrap();
    let of = |user: &str, topic: Topic| {
        let entries = rows.iter().map(|parked| &parked.row.entry);
        let entry = entries
            .filter(|entry| entry.user_id.as_str() == user)
            .find(|entry| entry.topic == topic);
        entry.unwrap().event_id.to_string()
    };
    let of_ann = of("ann", Topic::TaskCreated);

    let listed = home.succeed(["outbox", "list"]).await;
    for parked in &rows {
        assert!(0 < parked.row.attempts, "{parked:?}");
        for part in [
            format!("backend-api  {}\n", parked.row.entry.event_id),
            format!("  topic:    {}\n", parked.row.entry.topic.name()),
            format!("  attempts: {}, the last at ", parked.row.attempts),
            format!("  reason:   {}\n", parked.reason),
        ] {
            assert!(listed.contains(&part), "{part}: {listed}");
        }
    }
    let shown = home.succeed(["outbox", "show", &of_ann]).await;
    for part in ["user:     ann\n", "Large, and dropped", "happened: "] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("Large, and tried again"), "{shown}");

    stop(alone).await;
    beside.close().await;

    // Parked is parked, also after a restart beside a sidecar that takes large messages.
    let up = home.up(&home.data()).await;
    let (ann, bob) = (
        home.user("ann", &home.data(), up.base()).await,
        home.user("bob", &home.data(), up.base()).await,
    );
    let told = home.run(["doctor"]).await;
    assert_told(&told, "outbox", "4 events cannot be published");
    assert_told(&told, "outbox", "errand outbox list");
    assert!(ann.all_logs().await.unwrap().is_empty());

    // One id that is not there, and nothing is done.
    let unknown = "01936f5e-8c5f-7d4b-9c7a-1f0f3a3c2b11";
    for verb in ["show", "retry", "drop"] {
        let refused = home.run(["outbox", verb, &of_ann, unknown]).await;
        assert_eq!(refused.code, Some(64), "{refused:?}");
        let said = format!(
            "errand: no parked event has the id {unknown}: \
             `errand outbox list` shows those there are\n"
        );
        assert_eq!((refused.stdout.as_str(), refused.stderr), ("", said));
    }
    assert_eq!(parked(&home, 4).await, rows);

    // Nobody is told of what is dropped; what waited behind it goes on.
    let both = [&of_ann, &of("ann", Topic::TaskUpdates)];
    let drop = ["outbox", "drop"]
        .into_iter()
        .chain(both.map(String::as_str));
    assert_eq!(home.succeed(drop).await, "2 dropped\n");
    let logs = eventually("an entry of what waited", async || {
        let logs = ann.all_logs().await.unwrap();
        (!logs.is_empty()).then_some(logs)
    })
    .await;
    let told: Vec<&str> = logs.iter().map(|log| log.entity_id.as_str()).collect();
    assert_eq!(told, [behind.id]);

    // What is tried again is told once.
    let retried = home.succeed(["outbox", "retry", "--all"]).await;
    assert_eq!(retried, "2 will be tried again\n");
    let trail = Trail::settled(&bob).await;
    trail.assert_whole("bob");
    let told: Vec<&str> = trail.logs.iter().map(|log| log.id.as_str()).collect();
    assert_eq!(told, [of("bob", Topic::TaskCreated)]);
    eventually("an empty outbox", async || {
        let now = left(&home.data()).await;
        now.is_nothing().then_some(())
    })
    .await;
    assert_eq!(
        home.succeed(["outbox", "list"]).await,
        "no event is parked\n"
    );
    let said = home.succeed(["doctor"]).await;
    assert!(said.contains("ok       outbox: "), "{said}");
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn what_may_not_be_published_waits_and_the_doctor_says_for_what() {
    let home = Home::stopped().await;
    let port = free_ports();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let forbidding = |config: &mut SidecarConfig| {
        for component in &mut config.pubsub {
            let topics = component.publish_topics.as_mut().unwrap();
            assert!(topics.remove(Topic::TaskCreated.name()));
        }
    };
    let beside = Beside::open(&home.data(), AppId::BackendApi, address, forbidding).await;
    let alone = backend(&home, port, &beside);
    let ann = home.user("ann", &home.data(), port).await;
    create(&ann, "Not to be told", "").await;
    // The screens' event of the same change goes out, in a call of its own.
    let told = eventually("a doctor who knows of one event", async || {
        let told = home.run(["doctor"]).await;
        let outbox = "ok       outbox: 1 event waits, none is parked\n";
        let is_known = told.stdout.contains("look at  publishing: ");
        (is_known && told.stdout.contains(outbox)).then_some(told)
    })
    .await;
    for words in [
        "task-created of backend-api waits since ",
        "topic task-created is not allowed for app id backend-api",
        "publishingScopes",
    ] {
        assert_told(&told, "publishing", words);
    }
    stop(alone).await;
    beside.close().await;

    // With the right to, it goes out by itself.
    let up = home.up(&home.data()).await;
    let said = eventually("an outbox without it", async || {
        let said = home.run(["doctor"]).await;
        (said.code == Some(0)).then_some(said)
    })
    .await;
    let publishing = "ok       publishing: nothing is held up\n";
    assert!(said.stdout.contains(publishing), "{said:?}");
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn an_event_that_cannot_be_read_hides_no_other() {
    let home = Home::stopped().await;
    let events = park(&home, &["ann", "bob", "carol"]).await;
    let break_two = "UPDATE errand.outbox SET topic = 'task-eaten' WHERE user_id = 'ann';
         UPDATE errand.outbox SET occurred_at = 'at noon' WHERE user_id = 'bob'";
    execute(&database(&home), break_two).await;

    let listed = home.succeed(["outbox", "list"]).await;
    let [ann, bob, carol] = &events[..] else {
        panic!("{events:?}")
    };
    for part in [
        format!(
            "backend-api  {ann}\n  topic:    task-eaten\n  error:    \
             the column topic of a row in outbox holds an impossible value\n"
        ),
        format!(
            "backend-api  {bob}\n  topic:    task-created\n  error:    \
             the column occurred_at of a row in outbox holds an impossible value\n"
        ),
        format!("backend-api  {carol}\n  topic:    task-created\n  user:     carol\n"),
    ] {
        assert!(listed.contains(&part), "{part}: {listed}");
    }
    let shown = home.succeed(["outbox", "show", bob]).await;
    assert!(
        shown.contains("error:    the column occurred_at"),
        "{shown}"
    );
    assert_eq!(
        home.succeed(["outbox", "drop", ann]).await,
        "1 dropped\n",
        "it can be thrown away all the same"
    );
    let listed = home.succeed(["outbox", "list"]).await;
    assert!(!listed.contains(ann) && listed.contains(bob), "{listed}");
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let home = Home::new();
    let wrong: [(&[&str], &str); 4] = [
        (&["outbox", "show"], "EVENT_ID"),
        (&["outbox", "retry"], "EVENT_ID"),
        (&["outbox", "drop", "one", "--all"], "--all"),
        (&["outbox", "mend"], "mend"),
    ];
    assert_refused(&home, &wrong).await;
    assert!(!home.data().exists());
}

/// An event of each user that was parked, as the database has it, and their ids.
async fn park(home: &Home, users: &[&str]) -> Vec<String> {
    let store = open(&home.data()).await;
    let now = "2026-03-02T09:00:00Z".parse().unwrap();
    let entries: Vec<OutboxEntry> = users
        .iter()
        .zip(1..)
        .map(|(user, number)| OutboxEntry {
            event_id: EventId(Uuid::from_u128(number)),
            topic: Topic::TaskCreated,
            user_id: UserId::parse(user).unwrap(),
            occurred_at: now,
            correlation_id: CorrelationId::parse("request-1").unwrap(),
            source: AppId::BackendApi,
            actor_json: "{}".to_owned(),
            traceparent: None,
            data: "{}".to_owned(),
        })
        .collect();
    let tx = store.begin().await.unwrap();
    tx.outbox_append(&entries).await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    let park = "UPDATE errand.outbox SET parked_at = occurred_at, last_failure = 'too large'";
    execute(&database(home), park).await;
    entries
        .iter()
        .map(|entry| entry.event_id.to_string())
        .collect()
}

fn database(home: &Home) -> String {
    format!("sqlite://{}", home.data().join("errand.db").display())
}

/// Starts backend-api on the database of the data folder, beside the sidecar.
fn backend(home: &Home, port: u16, beside: &Beside) -> Child {
    let secret = fs::read_to_string(home.data().join("secret")).unwrap();
    let mut variables = vec![
        ("DATABASE_URL", database(home)),
        ("ERRAND_SECRET", secret),
        ("ERRAND_AUTH_LOCAL", "true".to_owned()),
        ("ERRAND_OUTBOX_BACKOFF", "10ms".to_owned()),
    ];
    variables.extend(beside.variables());
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    home.service(AppId::BackendApi, port, &variables)
}

/// Ends a service as a supervisor does.
async fn stop(mut service: Child) {
    crate::process::terminate(&service).await;
    let status = service.wait().await.unwrap();
    assert_eq!(status.code(), Some(0));
}

/// Makes a task whose event the sidecar refuses, as soon as the service answers.
async fn create(user: &User, title: &str, description: &str) {
    eventually("a service that answers", async || {
        let task = Task {
            title: title.to_owned(),
            description: description.to_owned(),
            ..Task::default()
        };
        let request = CreateTaskRequest {
            task: Some(task),
            ..CreateTaskRequest::default()
        };
        user.tasks(0).create_task(request).await.ok()
    })
    .await;
}

/// Waits until so many events are parked, and gives them.
async fn parked(home: &Home, count: usize) -> Vec<ParkedRow> {
    let store = open(&home.data()).await;
    let rows = eventually("the parked events", async || {
        let read = store.read().await.unwrap();
        let parked = read.outbox_parked(AppId::BackendApi, None, 10).await;
        let rows = parked.unwrap().into_iter().map(|parked| parked.row);
        let rows: Vec<_> = rows.collect::<Result<_, _>>().unwrap();
        (rows.len() == count).then_some(rows)
    })
    .await;
    store.close().await;
    rows
}
