//! A folder with what `errand up` needs to see of a web app, run by the Node.js that the web app has.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use e2e::http_get;
use serde_json::Value;

use crate::process::{Home, Up, eventually, free_ports};

/// A home whose `errand up` runs the stand-in.
pub(crate) struct WebHome {
    pub(crate) home: Home,
    base: u16,
}

impl WebHome {
    pub(crate) fn new() -> Self {
        let home = Home::new();
        make_folder(&home.path("web"));
        Self {
            home,
            base: free_ports(),
        }
    }

    /// The folder with the stand-in.
    pub(crate) fn folder(&self) -> PathBuf {
        self.home.path("web")
    }

    /// The port of backend-api.
    pub(crate) fn base(&self) -> u16 {
        self.base
    }

    /// The port of the web app, after those of the services.
    pub(crate) fn port(&self) -> u16 {
        self.base + 5
    }

    /// Starts it on a data folder, and gives what it printed until it was ready.
    pub(crate) async fn up(&self, data: &Path) -> (Up, Vec<String>) {
        let mut command = self.home.errand();
        command
            .env("ERRAND_WEB_FOLDER", self.folder())
            .env("ERRAND_WEB_PORT", self.port().to_string())
            .env("ERRAND_WEB_SIGN_UP", "open")
            .env("ERRAND_AUTH_JWKS_INTERVAL", "1s")
            .env("ELSEWHERE", "not for the web app");
        let mut up = self.home.spawn_by(command, data, self.base);
        let printed = up.ready().await;
        (up, printed)
    }

    /// A page of the web app, if it answers.
    pub(crate) async fn page(&self, path: &str) -> Option<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port()));
        match http_get(address, path).await {
            Ok((200, body)) => Some(body),
            _ => None,
        }
    }

    /// What its process is, once it answers.
    pub(crate) async fn process(&self) -> Value {
        let answer = eventually("the web app", async || self.page("/process").await).await;
        serde_json::from_str(&answer).unwrap()
    }

    /// Waits until nobody answers at its port.
    pub(crate) async fn is_gone(&self) {
        eventually("the end of the web app", async || {
            self.page("/api/health").await.is_none().then_some(())
        })
        .await;
    }
}

fn make_folder(folder: &Path) {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/binary/web");
    fs::create_dir(folder).unwrap();
    symlink(node(), folder.join("node")).unwrap();
    for name in ["server.js", "user.js"] {
        fs::copy(sources.join(name), folder.join(name)).unwrap();
    }
}

/// The Node.js that the project pins.
fn node() -> PathBuf {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/tool");
    let printed = Command::new(tool).arg("node").output().unwrap();
    assert!(printed.status.success(), "{printed:?}");
    PathBuf::from(String::from_utf8(printed.stdout).unwrap().trim_end())
}
