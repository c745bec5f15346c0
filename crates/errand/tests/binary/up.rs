//! `errand up`: what it says, what it refuses, and how it ends.

use std::{fs, net::TcpListener};

use crate::{
    client::{left, titled, user},
    process::{Ended, Home, ended, eventually, free_ports},
};
use e2e::Trail;

/// The name under which the database has its only migration, and one of the same length that a
/// later version might have.
const MIGRATIONS: [&[u8]; 2] = [
    b"m20261121_000001_create_tables",
    b"m20991231_000001_create_tables",
];

#[tokio::test]
async fn it_says_where_everything_answers_and_what_to_try() {
    let home = Home::new();
    let (data, base) = (home.data(), free_ports());
    let mut up = home.spawn(&data, base);
    let printed = up.ready().await.join("\n");
    let masked = printed
        .replace(data.to_str().unwrap(), "[data]")
        .lines()
        .map(|line| {
            (0..5).fold(line.to_owned(), |line, offset| {
                line.replace(&(base + offset).to_string(), &format!("[base+{offset}]"))
            })
        })
        .collect::<Vec<_>>();
    insta::assert_snapshot!(masked.join("\n"));
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn a_second_one_is_told_who_holds_the_folder() {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    let ended = refused(&home, &["up", "--port-base", &free_ports().to_string()]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_one_line(&ended);
    for part in [
        &format!("is in use by process {}", up.pid()),
        &format!("which answers at 127.0.0.1:{}", up.base()),
        "--data-dir",
    ] {
        assert!(ended.stderr.contains(part), "{part}: {ended:?}");
    }
}

#[tokio::test]
async fn a_port_in_use_is_named_with_the_service_that_wants_it() {
    let home = Home::new();
    let base = free_ports();
    let _taken = TcpListener::bind(("127.0.0.1", base + 3)).unwrap();
    let ended = refused(&home, &["up", "--port-base", &base.to_string()]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_one_line(&ended);
    let address = format!("audit-service cannot listen on 127.0.0.1:{}", base + 3);
    for part in [address.as_str(), "--port-base"] {
        assert!(ended.stderr.contains(part), "{part}: {ended:?}");
    }
}

#[tokio::test]
async fn two_run_beside_each_other() {
    let home = Home::new();
    let [one, other] = ["one", "other"].map(|name| home.path(name));
    let (first, second) = tokio::join!(home.up(&one), home.up(&other));
    for (data, up) in [(&one, &first), (&other, &second)] {
        let user = home.user("ann", data, up.base()).await;
        let title = data.file_name().unwrap().to_str().unwrap();
        user.create(0, titled(title)).await.unwrap();
        let titles: Vec<String> = user
            .all_tasks()
            .await
            .unwrap()
            .into_iter()
            .map(|task| task.title)
            .collect();
        assert_eq!(titles, [title]);
    }
    // The token of one is worth nothing to the other.
    let stranger = home.user("ann", &one, second.base()).await;
    let refusal = stranger.all_tasks().await.unwrap_err();
    assert_eq!(refusal.code(), tonic::Code::Unauthenticated, "{refusal:?}");
    assert_eq!(first.terminate().await, Some(0));
    assert_eq!(second.terminate().await, Some(0));
}

#[tokio::test]
async fn sigterm_loses_nothing() {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    let token = home.token("ann", &home.data()).await;
    let ann = user("ann", &token, up.base());
    for number in 0..20 {
        ann.create(0, titled(&format!("task {number}")))
            .await
            .unwrap();
    }
    assert_eq!(up.terminate().await, Some(0));

    // What was not published before the end is published after the next beginning.
    let up = home.up(&home.data()).await;
    let trail = Trail::settled(&user("ann", &token, up.base())).await;
    trail.assert_whole("ann");
    assert_eq!(trail.logs.len(), 20);
    eventually("an empty outbox", async || {
        let now = left(&home.data()).await;
        now.is_nothing().then_some(())
    })
    .await;
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    assert_eq!(up.terminate().await, Some(0));
    make_newer(&home);

    let ended = refused(&home, &["up", "--port-base", &free_ports().to_string()]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_one_line(&ended);
    for part in [
        "newer than this program",
        "m20991231_000001",
        "run the version",
    ] {
        assert!(ended.stderr.contains(part), "{part}: {ended:?}");
    }
}

#[tokio::test]
async fn unknown_settings_are_named() {
    let home = Home::new();
    fs::write(home.path("errand.toml"), "[server]\nmax_conections = 5\n").unwrap();
    let mut command = home.errand();
    command.arg("up").env("ERRAND_LOGG", "debug");
    let ended = ended(command).await;
    assert_eq!(ended.code, Some(64), "{ended:?}");
    for part in [
        "server.max_conections (errand.toml)",
        "ERRAND_LOGG (environment)",
        "ERRAND_LOG?",
    ] {
        assert!(ended.stderr.contains(part), "{part}: {ended:?}");
    }
    assert!(!home.data().exists());
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_used_is_named() {
    let home = Home::new();
    fs::write(home.data(), "a file").unwrap();
    let ended = refused(&home, &["up", "--port-base", &free_ports().to_string()]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_one_line(&ended);
    assert!(
        ended.stderr.contains(home.data().to_str().unwrap()),
        "{ended:?}"
    );

    let home = Home::new();
    fs::create_dir(home.data()).unwrap();
    fs::write(
        home.data().join("errand.db"),
        "this is not a database, but long enough ".repeat(50),
    )
    .unwrap();
    let ended = refused(&home, &["up", "--port-base", &free_ports().to_string()]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_one_line(&ended);
    assert!(ended.stderr.contains("errand.db"), "{ended:?}");
}

#[tokio::test]
async fn without_a_command_it_says_what_there_is() {
    let home = Home::new();
    let bare = refused(&home, &[]).await;
    assert_eq!(bare.code, Some(64), "{bare:?}");
    assert!(bare.stderr.contains("errand up"), "{bare:?}");

    let mut command = home.errand();
    command.env("SERVICE", "backend");
    let unknown = ended(command).await;
    assert_eq!(unknown.code, Some(64), "{unknown:?}");
    assert!(
        unknown
            .stderr
            .contains("SERVICE=backend is none of backend-api"),
        "{unknown:?}"
    );
}

/// Gives the stopped database of a home the look of one that a later version has migrated.
pub(crate) fn make_newer(home: &Home) {
    let file = home.data().join("errand.db");
    let mut content = fs::read(&file).unwrap();
    let [known, unknown] = MIGRATIONS;
    let places: Vec<usize> = content
        .windows(known.len())
        .enumerate()
        .filter_map(|(place, window)| (window == known).then_some(place))
        .collect();
    assert!(!places.is_empty());
    for place in places {
        content[place..place + unknown.len()].copy_from_slice(unknown);
    }
    fs::write(&file, content).unwrap();
}

async fn refused(home: &Home, arguments: &[&str]) -> Ended {
    home.run(arguments).await
}

/// Beside the log, whose lines begin with their time, there is one line.
fn assert_one_line(ended: &Ended) {
    let lines = ended
        .stderr
        .lines()
        .filter(|line| line.starts_with("errand: "));
    assert_eq!(lines.count(), 1, "{ended:?}");
    assert!(ended.stdout.is_empty(), "{ended:?}");
}
