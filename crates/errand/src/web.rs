//! The web app beside the services: a program of its own, which `errand up` runs as a child.
//!
//! It is not Rust and not in the binary: it comes as a folder that has a `server.js` and the `node`
//! that runs it, as `scripts/web build` makes it. Errand gives it a sidecar through which it calls
//! the services, a secret, and a place for its database, and trusts the tokens that it issues.

mod app;
mod folder;
mod log;
mod process;
mod settings;
mod variables;

pub use self::{
    app::{WebApp, WebHealthError, health, reached_at},
    folder::{WebFolder, WebFolderError},
    process::WebProcess,
    settings::{WEB_PORT, WebSettings},
    variables::Variables,
};

/// The id under which the web app's sidecar calls services: the one that a cluster lets in.
pub const APP_ID: &str = "web";
