//! `errand backup` and `errand restore`.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use tokio_util::sync::CancellationToken;

use crate::{client::User, process::Home, trail::Trail, up::make_newer};

/// How many tasks there are before the backup begins.
const BEFORE: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_a_client_writes_has_all_that_was_acknowledged() {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    let user = User::new(&home.token("ann", &home.data()).await, up.base());
    let mut before = Vec::new();
    for number in 0..BEFORE {
        before.push(user.create(&format!("before {number}")).await.unwrap().id);
    }
    let done = CancellationToken::new();
    let writing = async {
        let mut written = 0;
        while !done.is_cancelled() {
            user.create(&format!("meanwhile {written}")).await.unwrap();
            written += 1;
        }
        written
    };
    let copying = async {
        let printed = home.succeed(["backup", "copy"]).await;
        done.cancel();
        printed
    };
    let (written, printed) = tokio::join!(writing, copying);
    assert_eq!(printed, "copied to copy\n");
    assert!(written > 0);
    assert_only_the_owner_reads(&home.path("copy"));
    up.kill().await;

    let restored = home.path("restored");
    let named = ["restore", "copy", "--data-dir", restored.to_str().unwrap()];
    let printed = home.succeed(named).await;
    assert!(printed.contains("errand up --data-dir"), "{printed}");
    let up = home.up(&restored).await;
    // The token of then is still good: the secret is in the copy.
    let token = home.token("ann", &home.data()).await;
    let trail = Trail::settled(&User::new(&token, up.base())).await;
    trail.assert_whole("ann");
    for id in before {
        assert!(trail.tasks.contains_key(&id), "{id}");
    }
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn a_backup_goes_into_a_folder_of_its_own() {
    let home = Home::new();
    let nothing = home.run(["backup", "copy"]).await;
    assert_eq!(nothing.code, Some(1), "{nothing:?}");
    assert!(nothing.stderr.contains("nothing to copy"), "{nothing:?}");
    assert!(!home.path("copy").exists());

    let home = stopped().await;
    fs::create_dir_all(home.path("copy/holiday")).unwrap();
    let refused = home.run(["backup", "copy"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("copy is not empty"), "{refused:?}");
    assert_eq!(fs::read_dir(home.path("copy")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_restore_overwrites_nothing() {
    let home = backed_up().await;
    let refused = home.run(["restore", "copy"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("there is data in"), "{refused:?}");

    let other = home.path("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("secret"), "of another installation").unwrap();
    let refused = restore(&home, "copy", &other).await;
    assert!(refused.contains("there is data in"), "{refused}");
    let kept = fs::read_to_string(other.join("secret")).unwrap();
    assert_eq!(kept, "of another installation");
}

#[tokio::test]
async fn a_damaged_backup_is_refused() {
    let home = backed_up().await;
    let target = home.path("target");

    let refused = restore(&home, "data", &target).await;
    assert!(refused.contains("is no backup"), "{refused}");
    let refused = restore(&home, "nowhere", &target).await;
    assert!(refused.contains("is no backup"), "{refused}");

    let database = home.path("copy/errand.db");
    let mut content = fs::read(&database).unwrap();
    let middle = content.len() / 2;
    content[middle] ^= 1;
    fs::write(&database, &content).unwrap();
    let refused = restore(&home, "copy", &target).await;
    assert!(
        refused.contains("copy/errand.db is not what was copied"),
        "{refused}"
    );

    fs::remove_file(&database).unwrap();
    let refused = restore(&home, "copy", &target).await;
    assert!(
        refused.contains("copy/errand.db is not what was copied"),
        "{refused}"
    );

    fs::write(home.path("copy/backup.json"), "{").unwrap();
    let refused = restore(&home, "copy", &target).await;
    assert!(
        refused.contains("backup.json is not what was copied"),
        "{refused}"
    );
    assert!(!target.exists());
}

#[tokio::test]
async fn a_backup_of_a_newer_version_is_refused_and_leaves_nothing() {
    let home = stopped().await;
    make_newer(&home);
    home.succeed(["backup", "copy"]).await;
    let target = home.path("target");
    let refused = restore(&home, "copy", &target).await;
    assert!(refused.contains("newer"), "{refused}");
    assert!(!target.join("errand.db").exists() && !target.join("engine").exists());
}

/// Tries to restore, which must fail, and gives what was said.
async fn restore(home: &Home, backup: &str, target: &Path) -> String {
    let ended = home
        .run(["restore", backup, "--data-dir", target.to_str().unwrap()])
        .await;
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(1), ""),
        "{ended:?}"
    );
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    ended.stderr
}

/// What people have to do, and the secret, are nobody else's business in a copy either.
fn assert_only_the_owner_reads(folder: &PathBuf) {
    let mode = fs::metadata(folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

async fn stopped() -> Home {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    assert_eq!(up.terminate().await, Some(0));
    home
}

async fn backed_up() -> Home {
    let home = stopped().await;
    home.succeed(["backup", "copy"]).await;
    home
}
