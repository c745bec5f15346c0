//! What the engine's files hold through restarts, copies and failures.

mod retention;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use bytes::Bytes;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{
    Concurrency, Engine, EngineConfig, EngineError, Group, LOG_FILE, Partition, Record,
    StateOperation, StorageError, TopicConfig, copy_files,
};
use crate::clock::Clock;

/// A clock that stands until it is turned, in milliseconds.
#[derive(Clone, Default)]
struct Hands(Arc<AtomicU64>);

impl Hands {
    fn turn(&self, by: Duration) {
        self.0
            .fetch_add(u64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let milliseconds = Arc::clone(&self.0);
        let start = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        Clock::new(move || start + Duration::from_millis(milliseconds.load(Ordering::SeqCst)))
    }
}

const TOPIC: &str = "topic";
const RETENTION: Duration = Duration::from_mins(15);

async fn open(folder: &Path, hands: &Hands) -> Engine {
    let mut config = EngineConfig::new(folder);
    config.clock = hands.clock();
    config.purge_interval = Duration::from_hours(1);
    config.topics = vec![TopicConfig {
        name: TOPIC.to_owned(),
        partitions: 1,
        retention: RETENTION,
    }];
    Engine::open(config).await.unwrap()
}

fn records(values: &[&str]) -> Vec<Record> {
    let record = |value: &&str| Record {
        key: Some("key".to_owned()),
        partition: None,
        headers: BTreeMap::from([("a".to_owned(), "b".to_owned())]),
        value: Bytes::copy_from_slice(value.as_bytes()),
    };
    values.iter().map(record).collect()
}

async fn partition(engine: &Engine) -> Arc<Partition> {
    Arc::clone(&engine.log().topic(TOPIC).await.unwrap().partitions[0])
}

/// The offsets and values from an offset on.
async fn events(engine: &Engine, from: u64) -> Vec<(u64, String)> {
    let partition = partition(engine).await;
    let fetched = engine.log().fetch(&partition, from, 1000).await.unwrap();
    let event = |message: &Arc<super::Message>| {
        (
            message.offset,
            String::from_utf8(message.value.to_vec()).unwrap(),
        )
    };
    fetched.messages.iter().map(event).collect()
}

async fn join(engine: &Engine, name: &str) -> Group {
    let topic = engine.log().topic(TOPIC).await.unwrap();
    engine.log().join(name, &topic).await.unwrap()
}

fn named(events: &[(u64, &str)]) -> Vec<(u64, String)> {
    events
        .iter()
        .map(|(offset, value)| (*offset, (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn events_and_positions_survive_a_restart() {
    let folder = TempDir::new().unwrap();
    let hands = Hands::default();
    let engine = open(folder.path(), &hands).await;
    engine
        .log()
        .append(TOPIC, records(&["one", "two", "three"]))
        .await
        .unwrap();
    let group = join(&engine, "group").await;
    engine.log().mark(&group, &*partition(&engine).await, 2);
    engine.close().await;

    let engine = open(folder.path(), &hands).await;
    assert_eq!(
        events(&engine, 0).await,
        named(&[(0, "one"), (1, "two"), (2, "three")])
    );
    let group = join(&engine, "group").await;
    assert_eq!(engine.log().position(&group, &*partition(&engine).await), 2);
    engine
        .log()
        .append(TOPIC, records(&["four"]))
        .await
        .unwrap();
    assert_eq!(events(&engine, 3).await, named(&[(3, "four")]));
    engine.close().await;
}

#[tokio::test]
async fn more_is_read_than_memory_holds() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path(), &Hands::default()).await;
    let values: Vec<_> = (0..1000).map(|number| number.to_string()).collect();
    let values: Vec<_> = values.iter().map(String::as_str).collect();
    engine.log().append(TOPIC, records(&values)).await.unwrap();
    let partition = partition(&engine).await;
    let (mut position, mut found) = (0, Vec::new());
    while position < 1000 {
        let fetched = engine.log().fetch(&partition, position, 64).await.unwrap();
        assert!(fetched.messages.len() <= 64);
        position = fetched.next;
        found.extend(fetched.messages.iter().map(|message| message.offset));
    }
    assert_eq!(found, (0..1000).collect::<Vec<u64>>());
    engine.close().await;
}

/// An engine goes on while its files are copied, and one can be opened from the copy.
#[tokio::test]
async fn a_copy_holds_events_positions_and_state() {
    let folder = TempDir::new().unwrap();
    let hands = Hands::default();
    let engine = open(&folder.path().join("engine"), &hands).await;
    let (log, group) = (engine.log(), join(&engine, "group").await);
    log.append(TOPIC, records(&["one", "two"])).await.unwrap();
    log.mark(&group, &*partition(&engine).await, 1);
    // A position travels with the next commit.
    log.append(TOPIC, records(&["three"])).await.unwrap();
    let value = StateOperation::Upsert {
        key: "key".to_owned(),
        value: b"value".to_vec(),
        etag: None,
        concurrency: Concurrency::LastWrite,
        ttl: None,
    };
    engine.state().apply(vec![value]).await.unwrap().unwrap();

    let copy = folder.path().join("copy");
    copy_files(&folder.path().join("engine"), &copy).unwrap();
    log.append(TOPIC, records(&["later"])).await.unwrap();
    engine.close().await;

    let restored = open(&copy, &hands).await;
    assert_eq!(
        events(&restored, 0).await,
        named(&[(0, "one"), (1, "two"), (2, "three")])
    );
    let group = join(&restored, "group").await;
    let partition = partition(&restored).await;
    assert_eq!(restored.log().position(&group, &partition), 1);
    let state = restored.state().get(vec!["key".to_owned()]).await.unwrap();
    assert_eq!(state[0].as_ref().unwrap().value, b"value");
    restored.close().await;
}

#[tokio::test]
async fn a_topic_may_get_more_partitions_and_never_fewer() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path(), &Hands::default()).await;
    engine.log().append(TOPIC, records(&["one"])).await.unwrap();
    let topic = |partitions| TopicConfig {
        name: TOPIC.to_owned(),
        partitions,
        retention: RETENTION,
    };
    engine.create_topic(&topic(3)).await.unwrap();
    engine.create_topic(&topic(2)).await.unwrap();
    assert_eq!(engine.log().topic(TOPIC).await.unwrap().partitions.len(), 3);
    assert_eq!(events(&engine, 0).await, named(&[(0, "one")]));
    engine.close().await;
}

/// A disk that is full fails the call and nothing else: what was acknowledged stays, offsets have
/// no gap, and when there is room again the next call succeeds.
#[tokio::test]
async fn a_full_disk_fails_the_call_and_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path(), &Hands::default()).await;
    engine.log().append(TOPIC, records(&["one"])).await.unwrap();
    engine.log().limit_pages(Some(0)).await;
    let large = "x".repeat(100_000);
    let refused = engine.log().append(TOPIC, records(&[&large])).await;
    assert!(
        matches!(refused, Err(StorageError::Failed(_))),
        "{refused:?}"
    );
    engine.log().limit_pages(None).await;
    engine.log().append(TOPIC, records(&["two"])).await.unwrap();
    assert_eq!(events(&engine, 0).await, named(&[(0, "one"), (1, "two")]));
    engine.close().await;

    let engine = open(folder.path(), &Hands::default()).await;
    assert_eq!(events(&engine, 0).await, named(&[(0, "one"), (1, "two")]));
    engine.close().await;
}

#[tokio::test]
async fn a_closed_engine_refuses() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path(), &Hands::default()).await;
    engine.close().await;
    let refused = engine.log().append(TOPIC, records(&["one"])).await;
    assert!(matches!(refused, Err(StorageError::Closed)), "{refused:?}");
}

#[tokio::test]
async fn a_folder_is_held_until_it_is_closed() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path(), &Hands::default()).await;
    let refused = Engine::open(EngineConfig::new(folder.path())).await;
    let holder = match refused {
        Err(EngineError::Held { holder, .. }) => holder,
        other => panic!("{other:?}"),
    };
    assert_eq!(holder, Some(std::process::id()));
    engine.close().await;
    open(folder.path(), &Hands::default()).await.close().await;
}

#[tokio::test]
async fn a_file_of_an_older_version_is_brought_forward() {
    let folder = TempDir::new().unwrap();
    let engine = open(folder.path(), &Hands::default()).await;
    let group = join(&engine, "group").await;
    engine.log().mark(&group, &*partition(&engine).await, 7);
    engine.close().await;
    Connection::open(folder.path().join(LOG_FILE))
        .unwrap()
        .execute_batch("ALTER TABLE positions DROP COLUMN seen_at; PRAGMA user_version = 1")
        .unwrap();

    let engine = open(folder.path(), &Hands::default()).await;
    let group = join(&engine, "group").await;
    assert_eq!(engine.log().position(&group, &*partition(&engine).await), 7);
    engine.close().await;
}

#[tokio::test]
async fn a_newer_file_is_refused() {
    let folder = TempDir::new().unwrap();
    open(folder.path(), &Hands::default()).await.close().await;
    let file = folder.path().join(LOG_FILE);
    Connection::open(&file)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let refused = Engine::open(EngineConfig::new(folder.path())).await;
    assert!(
        matches!(refused, Err(EngineError::Newer { found: 99, .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = TempDir::new().unwrap();
    std::fs::write(
        folder.path().join(LOG_FILE),
        "not a database, but long enough to be read",
    )
    .unwrap();
    let refused = Engine::open(EngineConfig::new(folder.path())).await;
    assert!(
        matches!(refused, Err(EngineError::Open { .. })),
        "{refused:?}"
    );
}
