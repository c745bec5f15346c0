//! One more replica of a service beside those of the engine, whose supervisor is the test.

use std::{
    fs::File,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use domain::AppId;
use e2e::{System, http_get};
use service_kit::config::environment;
use testkit::eventually;
use tokio::process::{Child, Command};

/// What the sidecar and the service know each other by.
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A replica that runs. Dropped, it is killed.
pub struct OwnReplica {
    app: AppId,
    /// Which one it is, from 0; its ports are those that the engine would give it.
    pub number: usize,
    folder: PathBuf,
    address: SocketAddr,
    broker: SocketAddr,
    sidecar: Child,
    service: Child,
    /// How often the sidecar was started.
    pub sidecar_starts: usize,
}

impl OwnReplica {
    /// Starts one with these settings, whose sidecar goes by this way to the broker, and waits until
    /// it is ready.
    pub async fn start(
        system: &System,
        app: AppId,
        broker: SocketAddr,
        settings: &[(&str, &str)],
    ) -> Self {
        let number = system.replicas();
        let address = system.address(app, number);
        let folder = system.folder().to_owned();
        let mut service = ending_with_its_test(&program("ENGINE_BINARY"));
        service
            .arg(app.as_str())
            .env("DAPR_API_TOKEN", TOKEN)
            .env("APP_API_TOKEN", TOKEN)
            .env("DAPR_GRPC_PORT", port(address, 100))
            .env("ERRAND_SERVER_PORT", port(address, 0))
            .env("ERRAND_PROCESS_INSTANCE", (number + 1).to_string())
            .env("ERRAND_SECRETS_STORE", "secretstore")
            .env("ERRAND_AUTH_LOCAL", "true")
            .envs(settings.iter().copied())
            .current_dir(&folder);
        let log = folder.join(format!("log/{app}-{}.log", number + 1));
        let service = logging(service, &log).spawn().unwrap();
        let sidecar = sidecar(app, number, address, &folder, broker);
        let replica = Self {
            app,
            number,
            folder,
            address,
            broker,
            sidecar,
            service,
            sidecar_starts: 1,
        };
        eventually("one more replica", async || {
            replica.is_ready().await.then_some(())
        })
        .await;
        replica
    }

    /// Whether the service says that it is ready.
    pub async fn is_ready(&self) -> bool {
        let answer = http_get(self.address, "/ready").await;
        answer.is_ok_and(|(status, _)| status == 200)
    }

    /// Starts the sidecar again if it has ended, as a supervisor does.
    pub fn look_after(&mut self) {
        if let Some(status) = self.sidecar.try_wait().unwrap() {
            assert!(status.success(), "the sidecar ended with {status}");
            self.sidecar = sidecar(
                self.app,
                self.number,
                self.address,
                &self.folder,
                self.broker,
            );
            self.sidecar_starts += 1;
        }
    }

    /// Ends it in order.
    pub async fn end(mut self) {
        for process in [&mut self.service, &mut self.sidecar] {
            if let Some(pid) = process.id() {
                let pid = pid.to_string();
                let asked = Command::new("kill").args(["-TERM", &pid]).status().await;
                assert!(asked.unwrap().success());
            }
            let ended = tokio::time::timeout(Duration::from_secs(40), process.wait()).await;
            ended.expect("it ends").unwrap();
        }
    }
}

/// As `scripts/engine-folder.sh` starts it.
fn sidecar(
    app: AppId,
    number: usize,
    service: SocketAddr,
    folder: &Path,
    broker: SocketAddr,
) -> Child {
    let dapr = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dapr/local");
    let mut command = ending_with_its_test(&program("ERRAND_TEST_DAPRD"));
    command
        .args(["--app-id", app.as_str(), "--app-protocol", "grpc"])
        .args(["--app-channel-address", "127.0.0.1"])
        .args(["--app-port", &port(service, 0)])
        .args(["--dapr-listen-addresses", "127.0.0.1"])
        .args(["--dapr-grpc-port", &port(service, 100)])
        .args(["--dapr-http-port", &port(service, 200)])
        .args(["--dapr-internal-grpc-listen-address", "127.0.0.1"])
        .args(["--dapr-internal-grpc-port", &port(service, 300)])
        .args(["--enable-metrics=false", "--resources-path"])
        .arg(dapr.join("resources"))
        .arg("--config")
        .arg(dapr.join("configuration.yaml"))
        .args([
            "--enable-app-health-check",
            "--app-health-probe-interval",
            "1",
        ])
        .args(["--app-health-threshold", "60"])
        .args(["--dapr-graceful-shutdown-seconds", "5"])
        .env("DAPR_API_TOKEN", TOKEN)
        .env("APP_API_TOKEN", TOKEN)
        .env("KAFKA_BROKERS", broker.to_string())
        .current_dir(folder.join("sidecars"));
    let log = folder.join(format!("log/{app}-{}-sidecar.log", number + 1));
    logging(command, &log).spawn().unwrap()
}

fn port(service: SocketAddr, offset: u16) -> String {
    (service.port() + offset).to_string()
}

/// A program with nothing of the test's environment, which is killed where the test is.
fn ending_with_its_test(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "KILL", "--"])
        .arg(program)
        .env_clear()
        .kill_on_drop(true);
    command
}

fn logging(mut command: Command, log: &Path) -> Command {
    let log = File::options().create(true).append(true).open(log).unwrap();
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log);
    command
}

/// A program that `scripts/with-system` names.
fn program(variable: &str) -> PathBuf {
    let program = environment().remove(variable);
    let program = program.unwrap_or_else(|| panic!("{variable} is not set"));
    program.into()
}
