//! A SQLite file on a disk without room, and one that would not be on a disk at all.

use domain::{Task, UserId};
use rustix::process::{Resource, getrlimit, setrlimit};
use store::{Outage, Store, StoreConfig, StoreError};

use super::{create, outage, whole};
use crate::harness::{Kind, TestDatabase, run};
use crate::samples::{task, user};

/// Set in the process that may write only small files.
const SMALL_FILES: &str = "ERRAND_TEST_SMALL_FILES";

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test tells itself where it is"
)]
fn a_full_disk_fails_the_request_and_loses_nothing() {
    if std::env::var_os(SMALL_FILES).is_some() {
        run(Kind::Sqlite, async |database| {
            fills_the_disk(database).await;
        });
        return;
    }
    // To SQLite a file that may not grow is a disk without room. The limit is the process's, so
    // this test runs again in one of its own; blocks are of 512 bytes.
    let output = std::process::Command::new("sh")
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -S -f 8192; exec \"$0\" --exact \"$1\" --nocapture")
        .arg(std::env::current_exe().unwrap())
        .arg("faults::disk::a_full_disk_fails_the_request_and_loses_nothing")
        .env(SMALL_FILES, "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("1 passed"),
        "{output:?}"
    );
}

async fn fills_the_disk(database: &TestDatabase) {
    let alice = user("alice");
    let mut acknowledged = Vec::new();
    let error = loop {
        let task = large(&alice);
        match create(&database.store, &task).await {
            Ok(()) => acknowledged.push(task.id.0.simple().to_string()),
            Err(error) => break error,
        }
        assert!(acknowledged.len() < 10_000, "the disk is never full");
    };
    assert_eq!(outage(&error), Some(Outage::Disk), "{error:?}");
    assert!(error.to_string().contains("disk is full"), "{error}");
    // As long as it is full, nothing else is said.
    for _ in 0..3 {
        let error = create(&database.store, &large(&alice)).await.unwrap_err();
        assert_eq!(outage(&error), Some(Outage::Disk), "{error:?}");
    }
    let stored = whole(database).await;
    assert_eq!(stored, acknowledged.iter().cloned().collect());

    // Once there is room the same store goes on.
    let mut limit = getrlimit(Resource::Fsize);
    limit.current = limit.maximum;
    setrlimit(Resource::Fsize, limit).unwrap();
    let after = large(&alice);
    create(&database.store, &after).await.unwrap();
    acknowledged.push(after.id.0.simple().to_string());
    let stored = whole(database).await;
    assert_eq!(stored, acknowledged.into_iter().collect());
}

/// A task that takes up room.
fn large(owner: &UserId) -> Task {
    Task {
        description: domain::Description::parse(&"x".repeat(10_000)).unwrap(),
        ..task(owner, "another")
    }
}

#[test]
fn a_sqlite_store_that_would_lose_a_commit_does_not_open() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let error = Store::connect(&StoreConfig::new("sqlite::memory:"))
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::NotDurable), "{error:?}");
        let folder = tempfile::tempdir().unwrap();
        let missing = format!("sqlite://{}", folder.path().join("missing.db").display());
        let error = Store::connect(&StoreConfig::new(missing))
            .await
            .unwrap_err();
        assert!(error.is_transient(), "{error:?}");
        assert!(
            !folder.path().join("missing.db").exists(),
            "a store makes no file"
        );
    });
}
