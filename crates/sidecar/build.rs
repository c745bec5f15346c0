//! Makes the server trait of `dapr.proto.runtime.v1.Dapr`, with a default answer for every method.
//!
//! The trait that the `dapr` crate exports has 88 methods and no defaults. From the crate's own
//! descriptor set the same trait is made with defaults that answer UNIMPLEMENTED; the message types
//! stay the crate's.

use std::{env, error::Error, fs, path::Path};

use prost::Message as _;
use prost_types::FileDescriptorSet;

/// The descriptor set of the `dapr` crate (its `src/dapr/types.bin`), of the version in the name.
const DESCRIPTORS: &str = "dapr-0.20.0.bin";

#[expect(
    clippy::disallowed_methods,
    reason = "cargo hands a build script its folder this way"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={DESCRIPTORS}");
    println!("cargo:rerun-if-changed=build.rs");
    let mut descriptors = FileDescriptorSet::decode(fs::read(DESCRIPTORS)?.as_slice())?;
    for file in &mut descriptors.file {
        file.service.retain(|service| service.name() == "Dapr");
    }
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    tonic_prost_build::configure()
        .build_client(false)
        .generate_default_stubs(true)
        .emit_rerun_if_changed(false)
        .extern_path(".dapr.proto.common.v1", "::dapr::dapr::proto::common::v1")
        .extern_path(".dapr.proto.runtime.v1", "::dapr::dapr::proto::runtime::v1")
        .extern_path(".google.rpc", "::dapr::google::rpc")
        .out_dir(Path::new(&out))
        .compile_fds(descriptors)?;
    Ok(())
}
