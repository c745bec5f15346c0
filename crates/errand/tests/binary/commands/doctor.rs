//! `errand doctor`, of folders in order and out of order.

mod sidecar;

use std::{
    fs::{self, File},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use service_kit::testing::{Database, TestDatabase, execute};

use crate::{
    client::titled,
    process::{Ended, Home, ended, free_ports},
    up::make_newer,
};

#[tokio::test]
async fn what_runs_is_in_order() {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    let said = home.succeed(["doctor"]).await;
    assert!(said.ends_with("everything is in order\n"), "{said}");
    let (data, pid, base) = (home.data(), up.pid(), up.base());
    let holder = format!(
        "ok       data folder: {} is in use by process {pid} since ",
        data.display()
    );
    let ports = format!(
        "ok       ports: {base} to {} are in use by process {pid}, which works on this data folder\n",
        base + 4
    );
    for part in [
        holder.as_str(),
        ports.as_str(),
        "ok       permissions:",
        "ok       disk space: ",
        "ok       schema:",
        "ok       database:",
        "ok       clock: nothing in the data is later than now",
        "ok       outbox:",
        "ok       dead letters: none",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[tokio::test]
async fn the_ports_of_the_installation_are_looked_at() {
    let home = Home::stopped().await;
    let base = free_ports();
    let doctor = async |base: u16| {
        let base = base.to_string();
        home.run(["doctor", "--port-base", &base]).await
    };
    let free = doctor(base).await;
    let said = format!("ok       ports: {base} to {} are free\n", base + 4);
    assert!(free.stdout.contains(&said), "{free:?}");

    let taken = TcpListener::bind(("127.0.0.1", base + 2)).unwrap();
    let told = doctor(base).await;
    let said = format!(
        "127.0.0.1:{}, which notification-service wants, is in use by another program",
        base + 2
    );
    assert_told(&told, "ports", &said);
    assert_told(&told, "ports", "errand up --port-base");

    // Those of the Errand that runs here are others, and in order; these are still taken.
    let up = home.up(&home.data()).await;
    assert_told(&doctor(base).await, "ports", &said);
    let own = doctor(up.base()).await;
    assert!(
        own.stdout.contains("which works on this data folder\n"),
        "{own:?}"
    );
    drop(taken);
    assert_eq!(doctor(base).await.code, Some(0));
}

#[tokio::test]
async fn a_change_that_is_still_to_come_is_told() {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    let user = home.user("ann", &home.data(), up.base()).await;
    user.create(0, titled("Water the plants")).await.unwrap();
    let database = format!("sqlite://{}", home.data().join("errand.db").display());
    let later = "UPDATE errand.tasks SET updated_at = '2999-01-01T00:00:00+00:00'";
    execute(&database, later).await;
    let ended = home.run(["doctor"]).await;
    assert_told(
        &ended,
        "clock",
        "a task was changed at 2999-01-01T00:00:00Z",
    );
    assert_told(&ended, "clock", "Set the clock of this machine");
}

#[tokio::test]
async fn the_clock_of_postgresql_is_compared() {
    let home = Home::new();
    let database = TestDatabase::create(Database::Postgres).await;
    let mut command = home.errand();
    command.arg("doctor").env("DATABASE_URL", database.url());
    let ended = ended(command).await;
    for part in [
        "ok       schema: ",
        "ok       clock: that of the database shows the same\n",
        "ok       dead letters: none\n",
    ] {
        assert!(ended.stdout.contains(part), "{part}: {ended:?}");
    }
}

#[tokio::test]
async fn looking_at_nothing_makes_nothing() {
    let home = Home::new();
    let ended = home.run(["doctor"]).await;
    assert_told(&ended, "data folder", "`errand up` makes it");
    assert_told(&ended, "database", "there is none yet");
    assert!(!home.data().exists(), "{ended:?}");
}

#[tokio::test]
async fn what_others_can_read_is_closed() {
    let home = Home::stopped().await;
    fs::set_permissions(home.data(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_told(
        &home.run(["doctor"]).await,
        "permissions",
        "chmod -R go-rwx",
    );
}

#[tokio::test]
async fn a_database_that_is_none_is_named() {
    let home = Home::stopped().await;
    let database = home.data().join("errand.db");
    fs::write(
        &database,
        "this is not a database, but long enough ".repeat(50),
    )
    .unwrap();
    let ended = home.run(["doctor"]).await;
    assert_told(&ended, "schema", "not a database");
    assert_told(&ended, "database", "not a database");
}

#[tokio::test]
async fn a_newer_and_an_unmade_schema_are_told_apart() {
    let home = Home::stopped().await;
    make_newer(&home);
    assert_told(
        &home.run(["doctor"]).await,
        "schema",
        "m20991231_000001_create_tables",
    );
    assert!(home.data().join("errand.db").exists());

    let home = Home::new();
    fs::create_dir(home.data()).unwrap();
    fs::write(home.data().join("errand.db"), "").unwrap();
    let ended = home.run(["doctor"]).await;
    assert_told(&ended, "schema", "m20261121_000001_create_tables to do");
    assert_told(&ended, "schema", "errand up");
}

#[tokio::test]
async fn a_service_without_sidecar_and_secret_is_told_so() {
    let home = Home::new();
    let database = home.path("one.db");
    let mut command = home.errand();
    // A port that nobody can listen on.
    command
        .arg("doctor")
        .env(
            "DATABASE_URL",
            format!("sqlite://{}", Path::display(&database)),
        )
        .env("DAPR_GRPC_PORT", "1");
    let ended = ended(command).await;
    assert_told(&ended, "secret", "ERRAND_SECRET is not set");
    assert_told(&ended, "sidecar", "DAPR_GRPC_PORT (now 1)");
    assert!(!database.exists(), "{ended:?}");
}

#[tokio::test]
async fn the_brokers_topics_are_those_that_are_shown() {
    let home = Home::stopped().await;
    let file = home.path("topics");
    let updates = "Topic: task-updates\tPartitionCount: 1\tConfigs: retention.ms=900000\n";
    fs::write(&file, updates).unwrap();
    let told = home.run(["doctor".as_ref(), "--topics".as_ref(), file.as_os_str()]);
    let told = told.await;
    assert_told(&told, "topics", "the broker has no task-created, ");
    assert_told(&told, "topics", "; task-updates has 1 of 3 partitions");

    let mut command = home.errand();
    command.args(["doctor", "--topics", "-"]);
    command.stdin(File::open(&file).unwrap());
    let piped = ended(command).await;
    // All the rest may change meanwhile, such as the room on the disk.
    let of_topics = |said: &str| {
        let line = said.lines().find(|line| line.contains(" topics: "));
        line.expect("the topics were looked at").to_owned()
    };
    assert_eq!(of_topics(&piped.stdout), of_topics(&told.stdout));

    let nothing = home.run(["doctor", "--topics", "nothing"]).await;
    assert_eq!(nothing.code, Some(1));
    assert!(
        nothing.stderr.contains("cannot read nothing"),
        "{nothing:?}"
    );
}

/// Something is wrong with what was looked at, and the words are in what is said of it.
pub(super) fn assert_told(ended: &Ended, what: &str, words: &str) {
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let mut lines = ended.stdout.lines();
    let told = lines.find(|line| {
        line.starts_with(&format!("look at  {what}: "))
            || line.starts_with(&format!("broken   {what}: "))
    });
    let told = told.unwrap_or_else(|| panic!("nothing of {what}: {}", ended.stdout));
    let mend = lines.next().unwrap_or_default();
    assert!(
        told.contains(words) || mend.contains(words),
        "{words}: {}",
        ended.stdout
    );
}
