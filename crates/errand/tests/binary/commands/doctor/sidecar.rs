//! `errand doctor` for services that run one by one, each beside its sidecar.

use std::{fs, net::SocketAddr, time::Duration};

use domain::AppId;
use sidecar::{SecretComponent, SecretSource, SidecarConfig};
use tokio::process::Child;

use super::assert_told;
use crate::{
    engine::Beside,
    process::{Ended, Home, ended, eventually, free_ports, terminate},
};

const STORE: &str = "secretstore";

/// A service and its sidecar, on the engine of a data folder. Database and secret it has from the
/// secret store alone.
struct Alone {
    app: AppId,
    port: u16,
    beside: Beside,
}

impl Alone {
    /// Starts the sidecar of a service that is not there yet.
    async fn open(home: &Home, app: AppId, change: impl FnOnce(&mut SidecarConfig)) -> Self {
        let port = free_ports();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let secrets = home.path("secrets.json");
        let secret = fs::read_to_string(home.data().join("secret")).unwrap();
        let database = home.data().join("errand.db");
        let text = format!(
            r#"{{"DATABASE_URL": "sqlite://{}", "ERRAND_SECRET": "{}"}}"#,
            database.display(),
            secret.trim_end()
        );
        fs::write(&secrets, text).unwrap();
        let beside = Beside::open(&home.data(), app, address, |config| {
            config.secrets.push(SecretComponent {
                name: STORE.to_owned(),
                source: SecretSource::File {
                    path: secrets,
                    nested_separator: ":".to_owned(),
                },
                allowed: None,
            });
            change(config);
        })
        .await;
        Self { app, port, beside }
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let own = [("ERRAND_SECRETS_STORE", STORE.to_owned())];
        self.beside.variables().into_iter().chain(own).collect()
    }

    fn start(&self, home: &Home, more: &[(&str, &str)]) -> Child {
        let own = self.variables();
        let mut variables: Vec<(&str, &str)> = own
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        variables.extend(more);
        home.service(self.app, self.port, &variables)
    }

    /// Runs a command in the service's environment, some of it changed.
    async fn run(&self, home: &Home, command: &[&str], changes: &[(&str, &str)]) -> Ended {
        let mut errand = home.errand();
        errand
            .args(command)
            .envs(self.variables())
            .envs(changes.iter().copied());
        ended(errand).await
    }

    /// Waits until the doctor finds nothing.
    async fn in_order(&self, home: &Home) -> String {
        eventually("a service in order", async || {
            let said = self.run(home, &["doctor"], &[]).await;
            (said.code == Some(0)).then_some(said.stdout)
        })
        .await
    }
}

#[tokio::test]
async fn every_service_beside_its_sidecar_is_in_order() {
    let home = Home::stopped().await;
    for app in AppId::ALL {
        let alone = Alone::open(&home, app, |_| ()).await;
        let service = alone.start(&home, &[]);
        let said = alone.in_order(&home).await;
        let ready = format!(
            "ok       service: {app} at 127.0.0.1:{} is ready\n",
            alone.port
        );
        let answers = format!("ok       sidecar: that of {app} answers, version ");
        for part in [
            ready.as_str(),
            answers.as_str(),
            "ok       secret: ERRAND_SECRET comes from the secret store secretstore\n",
            "ok       tokens: ",
            "ok       components: ",
            "ok       subscriptions: ",
            "ok       channel: the sidecar speaks gRPC to 127.0.0.1:",
            "ok       schema: ",
            "ok       database: ",
            "ok       clock: ",
            "ok       dead letters: none\n",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!said.contains("data folder"), "{said}");
        // The other commands find the database by the same way.
        let letters = alone.run(&home, &["dlq", "list"], &[]).await;
        assert_eq!(letters.stdout, "no dead letters\n", "{letters:?}");
        stop(service).await;
        alone.beside.close().await;
    }
}

#[tokio::test]
async fn what_service_and_sidecar_do_not_agree_on_is_told() {
    let home = Home::stopped().await;
    let hasty = |config: &mut SidecarConfig| {
        config.health.interval = Duration::from_secs(5);
        config.health.threshold = 3;
    };
    let alone = Alone::open(&home, AppId::AuditService, hasty).await;
    let doctor = async |changes: &[(&str, &str)]| alone.run(&home, &["doctor"], changes).await;

    // Nobody has started the service.
    let said = doctor(&[]).await;
    assert_told(&said, "channel", "takes its service for gone after 15s");
    assert_told(&said, "subscriptions", "task-created on pubsub");
    assert_told(&said, "service", "audit-service does not answer at");
    assert_told(&said, "service", "errand audit-service");

    // It runs, and waits for a database that nobody has migrated.
    let database = format!("sqlite://{}", home.path("other.db").display());
    let service = alone.start(&home, &[("DATABASE_URL", &database)]);
    let said = eventually("a service that answers", async || {
        let said = doctor(&[]).await;
        said.stdout.contains("is not ready").then_some(said)
    })
    .await;
    assert_told(&said, "service", "database: not there yet");
    stop(service).await;

    for (changes, what, words) in [
        (
            ("DAPR_API_TOKEN", "another"),
            "sidecar",
            "the sidecar answered",
        ),
        (("DAPR_GRPC_PORT", "1"), "sidecar", "DAPR_GRPC_PORT (now 1)"),
        (
            ("SERVICE", "backend-api"),
            "sidecar",
            "it is that of audit-service, and SERVICE is backend-api",
        ),
        (("APP_API_TOKEN", ""), "tokens", "APP_API_TOKEN is not set"),
        (
            ("ERRAND_SECRETS_STORE", "elsewhere"),
            "components",
            "the sidecar has no elsewhere",
        ),
        (
            ("ERRAND_SECRETS_STORE", "elsewhere"),
            "secret",
            "the secret store elsewhere does not give ERRAND_SECRET",
        ),
        (
            ("ERRAND_SECRETS_NAME", "errand"),
            "database",
            "the secret store secretstore does not give DATABASE_URL",
        ),
    ] {
        assert_told(&doctor(&[changes]).await, what, words);
    }
    alone.beside.close().await;
}

/// Ends a service as a supervisor does.
async fn stop(mut service: Child) {
    terminate(&service).await;
    let status = service.wait().await.unwrap();
    assert_eq!(status.code(), Some(0));
}
