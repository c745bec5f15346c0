//! `errand backup` and `errand restore`.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use e2e::Trail;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{
    client::{titled, user},
    process::Home,
    up::make_newer,
};

/// How many tasks there are before the backup begins.
const BEFORE: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_a_client_writes_has_all_that_was_acknowledged() {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    let ann = home.user("ann", &home.data(), up.base()).await;
    let mut before = Vec::new();
    for number in 0..BEFORE {
        before.push(
            ann.create(0, titled(&format!("before {number}")))
                .await
                .unwrap()
                .id,
        );
    }
    let done = CancellationToken::new();
    let writing = async {
        let mut written = 0;
        while !done.is_cancelled() {
            ann.create(0, titled(&format!("meanwhile {written}")))
                .await
                .unwrap();
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
    let copy = home.path("copy");
    assert_eq!(printed, format!("copied to {}\n", copy.display()));
    assert!(written > 0);
    assert_only_the_owner_reads(&copy);
    assert_only_the_owner_reads(&copy.join("secret"));
    up.kill().await;

    let restored = home.path("restored");
    let named = ["restore", "copy", "--data-dir", restored.to_str().unwrap()];
    let printed = home.succeed(named).await;
    assert!(printed.contains("errand up --data-dir"), "{printed}");
    let up = home.up(&restored).await;
    // The token of then is still good: the secret is in the copy.
    let token = home.token("ann", &home.data()).await;
    let trail = Trail::settled(&user("ann", &token, up.base())).await;
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

    let home = Home::stopped().await;
    fs::create_dir_all(home.path("copy/holiday")).unwrap();
    let refused = home.run(["backup", "copy"]).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("copy is not empty"), "{refused:?}");
    assert_eq!(fs::read_dir(home.path("copy")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_restore_overwrites_nothing() {
    let home = backed_up().await;
    let refused = restore(&home, &home.data()).await;
    assert!(refused.contains("data is not empty"), "{refused}");

    let other = home.path("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("secret"), "of another installation").unwrap();
    let refused = restore(&home, &other).await;
    assert!(
        refused.contains("other is not empty, it has secret: name a new folder"),
        "{refused}"
    );
    let kept = fs::read_to_string(other.join("secret")).unwrap();
    assert_eq!(kept, "of another installation");
}

#[tokio::test]
async fn only_what_the_list_names_is_restored() {
    let home = backed_up().await;
    fs::write(home.path("copy/holiday.txt"), "not ours").unwrap();
    fs::write(home.path("copy/engine/holiday.txt"), "not ours").unwrap();
    let target = home.path("target");
    // An empty folder is as good as none.
    fs::create_dir(&target).unwrap();
    let named = ["restore", "copy", "--data-dir", target.to_str().unwrap()];
    home.succeed(named).await;
    assert_eq!(entries(&target), ["engine", "errand.db", "secret"]);
    assert_eq!(
        entries(&target.join("engine")),
        ["state.sqlite", "topics.sqlite"]
    );
    assert_only_the_owner_reads(&target.join("secret"));
    let up = home.up(&target).await;
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn what_is_no_backup_is_refused() {
    let home = Home::stopped().await;
    fs::create_dir(home.path("empty")).unwrap();
    for backup in ["data", "empty", "nowhere"] {
        let target = home.path("target");
        let named = ["restore", backup, "--data-dir", target.to_str().unwrap()];
        let refused = home.run(named).await;
        assert_eq!(refused.code, Some(1), "{refused:?}");
        let said = format!("errand: {backup} is no backup: it has no backup.json\n");
        assert_eq!(refused.stderr, said);
        assert!(!target.exists());
    }
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_leaves_nothing() {
    let home = backed_up().await;
    let list = home.path("copy/backup.json");
    let database = home.path("copy/errand.db");
    let (good_list, good_database) = (fs::read(&list).unwrap(), fs::read(&database).unwrap());
    let before = entries(&home.path(""));
    let target = home.path("target");
    let refused = async |words: &str| {
        let said = restore(&home, &target).await;
        assert!(said.contains(words), "{words}: {said}");
        assert_eq!(entries(&home.path("")), before);
        fs::write(&list, &good_list).unwrap();
        fs::write(&database, &good_database).unwrap();
    };
    let with_list = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_slice(&good_list).unwrap();
        change(&mut value);
        fs::write(&list, value.to_string()).unwrap();
    };

    let mut flipped = good_database.clone();
    flipped[good_database.len() / 2] ^= 1;
    fs::write(&database, flipped).unwrap();
    refused("copy/errand.db is not what was copied").await;

    fs::write(&database, &good_database[1..]).unwrap();
    refused("copy/errand.db has ").await;

    fs::remove_file(&database).unwrap();
    refused("copy/errand.db is missing").await;

    fs::remove_file(&database).unwrap();
    fs::create_dir(&database).unwrap();
    let said = restore(&home, &target).await;
    assert!(said.contains("copy/errand.db is missing"), "{said}");
    fs::remove_dir(&database).unwrap();
    fs::write(&database, &good_database).unwrap();

    fs::write(&list, "{").unwrap();
    refused("copy/backup.json is not a list of files").await;

    with_list(&|list| list["format"] = 2.into());
    refused("copy/backup.json has the format 2, and this version knows 1").await;

    with_list(&|list| {
        let files = list["files"].as_object_mut().unwrap();
        files.remove("errand.db");
    });
    refused("copy/backup.json does not name errand.db").await;

    fs::write(home.path("outside"), &good_database).unwrap();
    let before = entries(&home.path(""));
    let absolute = home.path("outside").display().to_string();
    for name in ["../outside", "engine/../../outside", &absolute] {
        with_list(&|list| list["files"][name] = list["files"]["errand.db"].clone());
        let said = restore(&home, &target).await;
        assert!(said.contains("which is not in the backup"), "{said}");
        assert_eq!(entries(&home.path("")), before);
    }
    fs::write(&list, &good_list).unwrap();
    fs::remove_file(&database).unwrap();
    std::os::unix::fs::symlink(home.path("outside"), &database).unwrap();
    let said = restore(&home, &target).await;
    assert!(
        said.contains(r#"names "errand.db", which is not in the backup"#),
        "{said}"
    );
    assert_eq!(entries(&home.path("")), before);
}

#[tokio::test]
async fn a_backup_of_a_newer_version_is_refused_and_leaves_nothing() {
    let home = Home::stopped().await;
    make_newer(&home);
    home.succeed(["backup", "copy"]).await;
    let before = entries(&home.path(""));
    let refused = restore(&home, &home.path("target")).await;
    assert!(refused.contains("newer"), "{refused}");
    assert_eq!(entries(&home.path("")), before);
}

/// Tries to restore, which must fail, and gives what was said.
async fn restore(home: &Home, target: &Path) -> String {
    let ended = home
        .run(["restore", "copy", "--data-dir", target.to_str().unwrap()])
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
fn assert_only_the_owner_reads(path: &Path) {
    let mode = fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

/// What is in a folder, by name.
fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn backed_up() -> Home {
    let home = Home::stopped().await;
    home.succeed(["backup", "copy"]).await;
    home
}
