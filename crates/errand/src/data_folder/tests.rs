//! Who gets a data folder, and who is told about it.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use secrecy::ExposeSecret as _;

use super::*;

fn folder_in(parent: &tempfile::TempDir) -> DataFolder {
    DataFolder::find(Some(&parent.path().join("data")), |_| None).unwrap()
}

#[test]
fn the_named_folder_comes_before_the_variables() {
    let variable = |name: &str| Some(format!("/of/{name}"));
    let found = |named: Option<&str>, variable: &dyn Fn(&str) -> Option<String>| {
        DataFolder::find(named.map(Path::new), variable).map(|folder| folder.path)
    };
    assert_eq!(
        found(Some("/named"), &variable).unwrap(),
        Path::new("/named")
    );
    assert_eq!(
        found(None, &variable).unwrap(),
        Path::new("/of/ERRAND_DATA_DIR")
    );
    let home_only = |name: &str| (name == "HOME").then(|| "/home/ann".to_owned());
    assert_eq!(
        found(None, &home_only).unwrap(),
        Path::new("/home/ann/.local/share/errand")
    );
    assert!(matches!(
        found(None, &|_| None),
        Err(DataFolderError::Nowhere)
    ));
}

#[test]
fn a_second_holder_is_told_who_the_first_is() {
    let parent = tempfile::tempdir().unwrap();
    let folder = folder_in(&parent);
    let mut held = folder.hold().unwrap();
    held.sign(&Holder {
        pid: 7,
        since: "2026-03-29T07:00:00Z".to_owned(),
        address: "127.0.0.1:8000".to_owned(),
        web: None,
    })
    .unwrap();
    let refusal = folder.hold().unwrap_err().to_string();
    assert!(
        refusal.contains("process 7 since 2026-03-29T07:00:00Z, which answers at 127.0.0.1:8000"),
        "{refusal}"
    );
    drop(held);
    // The next one has not signed yet, and must not be taken for the last.
    let _held = folder.hold().unwrap();
    let refusal = folder.hold().unwrap_err().to_string();
    assert!(refusal.contains("in use by another process"), "{refusal}");
}

#[test]
fn who_looks_sees_who_holds_the_folder() {
    let parent = tempfile::tempdir().unwrap();
    let folder = folder_in(&parent);
    assert_eq!(folder.look().unwrap(), Occupancy::Absent);
    assert!(!folder.path().exists());
    let mut held = folder.hold().unwrap();
    assert_eq!(folder.look().unwrap(), Occupancy::Held(None));
    let holder = Holder {
        pid: 7,
        since: "2026-03-29T07:00:00Z".to_owned(),
        address: "127.0.0.1:8000".to_owned(),
        web: None,
    };
    held.sign(&holder).unwrap();
    assert_eq!(folder.look().unwrap(), Occupancy::Held(Some(holder)));
    drop(held);
    assert_eq!(folder.look().unwrap(), Occupancy::Free);
}

#[test]
fn who_looks_is_in_nobodys_way() {
    let parent = tempfile::tempdir().unwrap();
    let folder = folder_in(&parent);
    folder.hold().unwrap();
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                folder.look().unwrap();
            }
        });
        for _ in 0..1_000 {
            let held = folder.hold();
            if held.is_err() {
                is_done.store(true, Ordering::Relaxed);
            }
            held.unwrap();
        }
        is_done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn the_secret_is_made_once() {
    let parent = tempfile::tempdir().unwrap();
    let folder = folder_in(&parent);
    let first = folder.secret().unwrap();
    let second = folder.secret().unwrap();
    assert_eq!(first.expose_secret(), second.expose_secret());
    assert_eq!(first.expose_secret().len(), 64);
}
