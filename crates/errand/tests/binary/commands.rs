//! The commands of an operator.

mod backup;
mod dlq;
mod doctor;
mod outbox;

use domain::AppId;

use crate::{
    client::{titled, user},
    process::{Home, ended},
};

/// Each of these commands is refused as misuse, in these words.
async fn assert_refused(home: &Home, wrong: &[(&[&str], &str)]) {
    for (command, words) in wrong {
        let ended = home.run(*command).await;
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(64), ""),
            "{command:?}: {ended:?}"
        );
        assert!(ended.stderr.contains(words), "{command:?}: {ended:?}");
    }
}

/// Every command whose help there is.
const COMMANDS: [&[&str]; 30] = [
    &[],
    &["up"],
    &["backend-api"],
    &["recurring-service"],
    &["notification-service"],
    &["audit-service"],
    &["realtime-service"],
    &["migrate"],
    &["token"],
    &["doctor"],
    &["dlq"],
    &["dlq", "list"],
    &["dlq", "show"],
    &["dlq", "replay"],
    &["dlq", "drop"],
    &["outbox"],
    &["outbox", "list"],
    &["outbox", "show"],
    &["outbox", "retry"],
    &["outbox", "drop"],
    &["backup"],
    &["restore"],
    &["user"],
    &["user", "reset"],
    &["user", "invite"],
    &["config"],
    &["topics"],
    &["help"],
    &["help", "up"],
    &["help", "dlq", "replay"],
];

#[tokio::test]
async fn every_command_teaches_itself() {
    let home = Home::new();
    for command in COMMANDS {
        let is_help = command.first() == Some(&"help");
        let arguments = command
            .iter()
            .copied()
            .chain((!is_help).then_some("--help"));
        let help = home.succeed(arguments).await;
        if is_help {
            let long = command[1..].iter().copied().chain(["--help"]);
            assert_eq!(help, home.succeed(long).await, "{command:?}");
        } else {
            let name = [&["errand"], command].concat().join("-");
            insta::assert_snapshot!(format!("help-of-{name}"), help);
        }
    }
}

#[tokio::test]
async fn a_token_is_printed_and_nothing_else() {
    let home = Home::new();
    let mut command = home.errand();
    command.args(["token", "--user", "ann", "--ttl", "15m"]);
    let ended = ended(command).await;
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended:?}"
    );
    let token = ended.stdout.strip_suffix('\n').unwrap();
    let is_base64 = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let parts: Vec<&str> = token.split('.').collect();
    assert!(
        parts.len() == 3 && parts.iter().all(|part| is_base64(part)),
        "{token}"
    );

    // Made before `up` ran for the first time, it is good afterwards.
    let up = home.up(&home.data()).await;
    user("ann", token, up.base())
        .create(0, titled("a task"))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_token_needs_a_user_and_a_time() {
    let home = Home::new();
    let long = "u".repeat(300);
    for user in ["", long.as_str()] {
        assert_refused(&home, &[(&["token", "--user", user], "user")]).await;
    }
    for time in ["soon", "0s", "31d", "-1h"] {
        let ttl = format!("--ttl={time}");
        let with_time = ["token", "--user", "ann", ttl.as_str()];
        assert_refused(&home, &[(&with_time, "--ttl")]).await;
    }
    assert!(!home.data().exists());
}

#[tokio::test]
async fn every_setting_is_listed() {
    let home = Home::new();
    let listed = home.succeed(["config"]).await;
    for part in [
        "data.dir\n",
        "  variable: ERRAND_DATA_DIR\n",
        "  variable: DATABASE_URL\n",
        "  variable: ERRAND_SECRET\n",
        "limits.requests_per_second\n",
    ] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let said = listed
        .lines()
        .filter(|line| line.starts_with("  variable: "));
    let keys: Vec<&str> = listed
        .lines()
        .filter(|line| !line.starts_with(' '))
        .collect();
    assert_eq!(said.count(), keys.len());
    assert!(keys.is_sorted_by(|one, next| one < next), "{keys:?}");
    // Two services have to agree on it.
    let trash = "retention.trash\n  how long a task stays in the trash before it is removed for good\n  \
                 variable: ERRAND_RETENTION_TRASH\n  default: 30days\n  for: backend-api, realtime-service\n";
    assert!(listed.contains(trash), "{listed}");
}

#[tokio::test]
async fn a_database_is_migrated_once() {
    let home = Home::new();
    let refused = home.run(["migrate"]).await;
    assert_eq!(refused.code, Some(64), "{refused:?}");
    assert!(refused.stderr.contains("DATABASE_URL"), "{refused:?}");

    let url = format!("sqlite://{}", home.path("migrated.db").display());
    let migrate = async || {
        let mut command = home.errand();
        command.arg("migrate").env("DATABASE_URL", &url);
        let ended = ended(command).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.stdout
    };
    assert_eq!(migrate().await, "applied m20261121_000001_create_tables\n");
    assert!(migrate().await.starts_with("nothing to do"));
}

#[tokio::test]
async fn there_is_nothing_to_settle_on_an_empty_database() {
    let home = Home::new();
    let nowhere = home.run(["dlq", "list"]).await;
    assert_eq!(nowhere.code, Some(1), "{nowhere:?}");
    assert!(nowhere.stderr.contains("errand up"), "{nowhere:?}");

    let _up = home.up(&home.data()).await;
    assert_eq!(home.succeed(["dlq", "list"]).await, "no dead letters\n");
    assert_eq!(
        home.succeed(["outbox", "list"]).await,
        "no event is parked\n"
    );
    for app in AppId::ALL {
        let all = ["--service", app.as_str(), "--all"];
        let dlq = |verb| ["dlq", verb].into_iter().chain(all);
        assert_eq!(home.succeed(dlq("replay")).await, "0 replayed, 0 failed\n");
        assert_eq!(home.succeed(dlq("drop")).await, "0 dropped\n");
    }
    assert_eq!(
        home.succeed(["outbox", "retry", "--all"]).await,
        "0 will be tried again\n"
    );
    assert_eq!(
        home.succeed(["outbox", "drop", "--all"]).await,
        "0 dropped\n"
    );

    let unknown = "01936f5e-8c5f-7d4b-9c7a-1f0f3a3c2b11";
    let of_audit = |verb| ["dlq", verb, "--service", "audit-service", unknown];
    assert_refused(
        &home,
        &[
            (&of_audit("show"), unknown),
            (&of_audit("replay"), unknown),
            (&["outbox", "drop", unknown], unknown),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_service_alone_says_what_it_lacks() {
    let home = Home::new();
    let mut command = home.errand();
    let port = crate::process::free_ports().to_string();
    let database = format!("sqlite://{}", home.path("none.db").display());
    command
        .arg("audit-service")
        .env("ERRAND_SERVER_PORT", port)
        .env("DATABASE_URL", database);
    let ended = ended(command).await;
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(1), ""),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("ERRAND_SECRET"), "{ended:?}");
}
