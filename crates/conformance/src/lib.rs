//! What a Dapr sidecar must do, stated as cases that run against any of them.
//!
//! A case talks only the Dapr gRPC API to sidecars, and serves only `AppCallback` as a scripted app.
//! What it runs against is a [`Target`]: the embedded sidecar, or real `daprd` with its broker and
//! its database. [`conformance_suite!`] makes one test of every case there is, so that no case can
//! be left out on one of them. Where the behaviour of Dapr is odd, the case states the oddity.

mod app;
mod cases;
mod echo;
mod target;
mod topics;
mod wait;
mod world;

pub use cases::{CASES, Case, run};
pub use target::{
    BindingSpec, GroupSpec, HealthSpec, PubSubSpec, RunningSidecar, SecretsSource, SecretsSpec,
    SidecarSpec, Target,
};
