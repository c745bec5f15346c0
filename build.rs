//! Generates Rust from `proto/`; the build script of `crates/proto`.
//!
//! It needs no `protoc`: protox compiles the files. Cargo runs it in `crates/proto`, so every path
//! starts from that crate's manifest.

use std::{
    env,
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};

#[expect(
    clippy::disallowed_methods,
    reason = "the environment is how cargo speaks to a build script"
)]
fn main() -> Result<(), Box<dyn Error>> {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?;
    let root = Path::new(&manifest).join("../..");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let includes = [root.join("proto"), root.join("third_party")];

    let mut files = Vec::new();
    for include in &includes {
        // A folder's own line makes cargo notice files that are added to it or go from it.
        println!("cargo:rerun-if-changed={}", include.display());
        collect_proto_files(include, &mut files)?;
    }
    files.sort();
    for file in &files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    println!("cargo:rerun-if-changed={}", root.join("build.rs").display());

    let mut compiler = protox::Compiler::new(&includes)?;
    compiler
        .include_imports(true)
        .include_source_info(true)
        .open_files(&files)?;
    // The comments stay in: reflection then describes each field to `grpcurl describe`.
    let descriptors = compiler.encode_file_descriptor_set();
    fs::write(out.join("errand.bin"), &descriptors)?;

    // The well-known types are the crate's own, because their JSON form has to be canonical.
    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        .compile_well_known_types(true)
        .extern_path(".google.protobuf", "crate::wkt")
        .out_dir(&out)
        .compile_fds(compiler.file_descriptor_set())?;
    pbjson_build::Builder::new()
        .register_descriptors(&descriptors)?
        .out_dir(&out)
        .extern_path(".google.protobuf", "crate::wkt")
        .preserve_proto_field_names()
        // Fields are only ever added: who reads an event of a newer version skips what is new.
        .ignore_unknown_fields()
        .build(&[".errand", ".google.type"])?;
    Ok(())
}

/// Adds every `.proto` file under `folder` to `files`.
fn collect_proto_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect_proto_files(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "proto")
        {
            files.push(path);
        }
    }
    Ok(())
}
