//! What the rest of the code takes for granted about the proto files.

use std::collections::BTreeSet;

use domain::{MaskField, ProfileField, TaskField};
use prost::Message as _;
use prost_types::{FileDescriptorProto, FileDescriptorSet};

fn descriptors() -> FileDescriptorSet {
    FileDescriptorSet::decode(proto::FILE_DESCRIPTOR_SET).unwrap()
}

/// The names of the fields of a message of `errand.v1`.
fn fields(message: &str) -> BTreeSet<String> {
    descriptors()
        .file
        .into_iter()
        .filter(|file| file.package() == "errand.v1")
        .flat_map(|file| file.message_type)
        .find(|descriptor| descriptor.name() == message)
        .unwrap()
        .field
        .into_iter()
        .map(|field| field.name().into())
        .collect()
}

fn known<F: MaskField>() -> BTreeSet<String> {
    let settable = F::ALL.iter().map(|field| field.name());
    settable
        .chain(F::IGNORED.iter().copied())
        .map(String::from)
        .collect()
}

#[test]
fn an_update_mask_knows_every_field_of_its_message() {
    assert_eq!(known::<TaskField>(), fields("Task"));
    assert_eq!(known::<ProfileField>(), fields("Profile"));
}

#[test]
fn the_messages_of_all_topics_begin_with_the_same_header() {
    let created = fields("TaskCreated");
    for message in [
        "TaskUpdated",
        "TaskCompleted",
        "TaskDeleted",
        "ReminderDue",
        "TaskUpdates",
    ] {
        assert_eq!(fields(message), created, "{message}");
    }
}

#[test]
fn reflection_can_tell_of_every_service_with_its_comments() {
    let descriptors = descriptors();
    let services: BTreeSet<String> = descriptors
        .file
        .iter()
        .flat_map(|file| &file.service)
        .map(|service| service.name().into())
        .collect();
    let expected = [
        "Account",
        "Audit",
        "Notification",
        "Profile",
        "Task",
        "Update",
    ];
    assert_eq!(
        services,
        expected.map(|name| format!("{name}Service")).into()
    );
    let comments = descriptors
        .file
        .iter()
        .filter_map(|file| file.source_code_info.as_ref());
    assert!(
        comments
            .flat_map(|info| &info.location)
            .any(|place| { place.leading_comments().contains("Marks a task as done.") })
    );
    // Whoever reads the set needs no other file.
    let names: BTreeSet<&str> = descriptors
        .file
        .iter()
        .map(FileDescriptorProto::name)
        .collect();
    for file in &descriptors.file {
        assert!(
            file.dependency
                .iter()
                .all(|name| names.contains(name.as_str())),
            "{file:?}"
        );
    }
}
