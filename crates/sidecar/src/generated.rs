//! The server trait of the Dapr API, made by `build.rs`.
#![expect(
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated code keeps its generator's style"
)]

tonic::include_proto!("dapr.proto.runtime.v1");
