//! Dapr's own certificate authority.

use std::{fs, net::SocketAddr, path::Path, process::Stdio};

use tempfile::TempDir;
use testkit::eventually;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use crate::engine::{dapr_folder, free_port, program};

/// A sentry that runs, with a root of its own. Dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Authority {
    address: SocketAddr,
    trust_anchors: String,
    _process: Child,
    _folder: TempDir,
}

/// What a sidecar gets a certificate with.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// Where sentry answers.
    pub(crate) sentry: SocketAddr,
    /// The roots that are believed.
    pub(crate) trust_anchors: String,
    /// The namespace that the certificate is for.
    pub(crate) namespace: String,
}

impl Authority {
    /// Starts one, and returns when it signs.
    pub(crate) async fn start() -> Self {
        let address = free_port();
        let folder = TempDir::new().unwrap();
        // Where there is no root it makes one, takes that for somebody's change two seconds later,
        // and is away for a moment then. So the one that makes it is another one.
        let mut maker = run(address, folder.path()).await;
        maker.kill().await.unwrap();
        let process = run(address, folder.path()).await;
        Self {
            address,
            trust_anchors: fs::read_to_string(folder.path().join("ca.crt")).unwrap(),
            _process: process,
            _folder: folder,
        }
    }

    /// With what a sidecar in a namespace gets its certificate.
    pub(crate) fn identity(&self, namespace: &str) -> Identity {
        Identity {
            sentry: self.address,
            trust_anchors: self.trust_anchors.clone(),
            namespace: namespace.to_owned(),
        }
    }
}

/// It ends with the thread of its test.
async fn run(address: SocketAddr, folder: &Path) -> Child {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "KILL", "--"])
        .arg(program("ERRAND_TEST_SENTRY"))
        .arg("--issuer-credentials")
        .arg(folder)
        .arg("--config")
        .arg(dapr_folder("kubernetes").join("configuration.yaml"))
        .args(["--listen-address", &address.ip().to_string()])
        .args(["--port", &address.port().to_string()])
        .args(["--healthz-port", "0", "--enable-metrics=false"])
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut process = command.spawn().unwrap();
    eventually("sentry", async || {
        let ended = process.try_wait().unwrap();
        assert!(ended.is_none(), "sentry ended: {ended:?}");
        TcpStream::connect(address).await.ok()
    })
    .await;
    process
}
