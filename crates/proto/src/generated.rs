//! What the build script makes, in modules nested as the proto packages are: the generated code
//! names types of another package by a path that leads through them.

#![expect(
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "the generators' style is not ours"
)]

/// The compiled proto files with all they import, as a serialised `FileDescriptorSet`; for
/// reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/errand.bin"));

/// Package `errand`.
pub mod errand {
    /// Package `errand.v1`.
    pub mod v1 {
        include!(concat!(env!("OUT_DIR"), "/errand.v1.rs"));
        include!(concat!(env!("OUT_DIR"), "/errand.v1.serde.rs"));
    }
}

/// Package `google`.
pub mod google {
    /// Package `google.type`.
    pub mod r#type {
        include!(concat!(env!("OUT_DIR"), "/google.r#type.rs"));
        include!(concat!(env!("OUT_DIR"), "/google.r#type.serde.rs"));
    }
}
