use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use domain::Topic;
use proto::event::{decode, event_json};

use crate::fixed::events;

/// Messages as version 1 wrote them. They are never changed: a message that is written in another
/// way gets a fixture of its own beside them.
fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/v1"))
}

#[test]
fn every_fixture_is_still_read() {
    for (name, event) in events() {
        let json = fs::read(folder().join(name).with_extension("json")).unwrap();
        assert_eq!(
            decode(event.payload.topic(), &json).unwrap(),
            event,
            "{name}"
        );
    }
}

#[test]
fn what_is_written_today_is_what_the_fixtures_hold() {
    for (name, event) in events() {
        let json = fs::read_to_string(folder().join(name).with_extension("json")).unwrap();
        let written = String::from_utf8(event_json(&event)).unwrap();
        assert_eq!(written, json.trim_end(), "{name}");
    }
}

#[test]
fn every_fixture_has_its_event_and_every_topic_a_fixture() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let named: BTreeSet<String> = events()
        .iter()
        .map(|(name, _)| format!("{name}.json"))
        .collect();
    assert_eq!(files, named);
    let topics: BTreeSet<Topic> = events()
        .iter()
        .map(|(_, event)| event.payload.topic())
        .collect();
    assert_eq!(topics, BTreeSet::from(Topic::ALL));
}
