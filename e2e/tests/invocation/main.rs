//! Calls to services through the sidecar of another app, as the web app makes them.
//!
//! Beside the system that `scripts/with-system` starts, each test starts sidecars of its own: that of
//! the caller, and, where callers have certificates, sentry and a second sidecar of each service that
//! is called. A service answers all of its sidecars, as they have its token.

#![expect(
    clippy::unwrap_used,
    reason = "all of this is a test, what its tests share included"
)]

mod access;
mod arrival;
mod authority;
mod callbacks;
mod caller;
mod certificates;
mod engine;
mod mesh;
mod methods;
mod sidecar;
mod tasks;
mod updates;
