//! Sidecars beside those of the engine.

use std::{
    fs::{self, File},
    net::SocketAddr,
    path::PathBuf,
    process::Stdio,
};

use e2e::{System, http_get};
use tempfile::TempDir;
use testkit::eventually;
use tokio::process::{Child, Command};
use tonic::transport::{Channel, Endpoint};

use crate::{
    authority::Identity,
    engine::{App, dapr_folder, free_port, program},
};

/// How a sidecar is started.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Whose it is.
    pub(crate) app_id: String,
    /// The app, if it has one.
    pub(crate) app: Option<App>,
    /// The file that it is configured by.
    pub(crate) configuration: PathBuf,
    /// The folder that it works in: it finds the others by a file there.
    pub(crate) folder: PathBuf,
    /// What it proves who it is by, if it can.
    pub(crate) identity: Option<Identity>,
}

/// A sidecar that runs. Dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Sidecar {
    /// Where other sidecars reach it.
    pub(crate) internal: SocketAddr,
    api: SocketAddr,
    _process: Child,
    _folder: TempDir,
}

impl Plan {
    /// A sidecar without an app, configured as those of the engine and among them.
    pub(crate) fn beside(system: &System, app_id: &str) -> Self {
        Self {
            app_id: app_id.to_owned(),
            app: None,
            configuration: dapr_folder("local").join("configuration.yaml"),
            folder: system.folder().join("sidecars"),
            identity: None,
        }
    }

    /// Starts it, and returns when it can be used.
    pub(crate) async fn start(&self) -> Sidecar {
        let [api, http, internal] = [free_port(), free_port(), free_port()];
        let folder = TempDir::new().unwrap();
        let log = folder.path().join("daprd.log");
        let mut process = self.command(api, http, internal, &folder).spawn().unwrap();
        let health = async || {
            let ended = process.try_wait().unwrap();
            let said = || fs::read_to_string(&log).unwrap();
            assert!(ended.is_none(), "{} ended: {}", self.app_id, said());
            let (status, _) = http_get(http, "/v1.0/healthz").await.ok()?;
            (status == 204).then(said)
        };
        let said = eventually(&format!("the sidecar of {}", self.app_id), health).await;
        // One that cannot find the others may call itself healthy all the same.
        assert!(!said.contains("INIT_COMPONENT_FAILURE"), "{said}");
        Sidecar {
            internal,
            api,
            _process: process,
            _folder: folder,
        }
    }

    /// It has no environment but what is said here, and ends with the thread of its test.
    fn command(
        &self,
        api: SocketAddr,
        http: SocketAddr,
        internal: SocketAddr,
        folder: &TempDir,
    ) -> Command {
        let log = File::create(folder.path().join("daprd.log")).unwrap();
        let resources = folder.path().join("resources");
        fs::create_dir(&resources).unwrap();
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program("ERRAND_TEST_DAPRD"))
            .args(["--app-id", &self.app_id, "--app-protocol", "grpc"])
            .args(["--dapr-listen-addresses", "127.0.0.1"])
            .args(["--dapr-grpc-port", &api.port().to_string()])
            .args(["--dapr-http-port", &http.port().to_string()])
            .args(["--dapr-internal-grpc-listen-address", "127.0.0.1"])
            .args(["--dapr-internal-grpc-port", &internal.port().to_string()])
            .args(["--enable-metrics=false", "--resources-path"])
            .arg(resources)
            .arg("--config")
            .arg(&self.configuration)
            .env_clear()
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true);
        if let Some(app) = &self.app {
            command
                .args(["--app-channel-address", &app.address.ip().to_string()])
                .args(["--app-port", &app.address.port().to_string()])
                .env("APP_API_TOKEN", &app.token);
        }
        if let Some(identity) = &self.identity {
            command
                .args(["--enable-mtls", "--sentry-address"])
                .arg(identity.sentry.to_string())
                .env("DAPR_TRUST_ANCHORS", &identity.trust_anchors)
                .env("NAMESPACE", &identity.namespace);
        }
        command
    }
}

impl Sidecar {
    /// A channel to its API, which is where its app calls it.
    pub(crate) fn channel(&self) -> Channel {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.api));
        endpoint.unwrap().connect_lazy()
    }
}
