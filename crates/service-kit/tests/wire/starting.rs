//! How a process finds its secrets and its database.

use domain::AppId;
use secrecy::SecretString;
use service_kit::{
    Lifecycle, OpenError, Resources, SecretError, SidecarClient, config::Config, open_resources,
};
use store::StoreError;
use tempfile::TempDir;

use crate::{
    fake_sidecar::FakeSidecar,
    world::{config, eventually},
};

const APP: AppId = AppId::AuditService;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

struct Start {
    config: Config,
    sidecar: FakeSidecar,
    resources: Resources,
    lifecycle: Lifecycle,
    folder: TempDir,
}

impl Start {
    async fn new() -> Self {
        let sidecar = FakeSidecar::start().await;
        let mut config = config();
        config.sidecar.host = sidecar.address().ip().to_string();
        config.sidecar.grpc_port = sidecar.address().port();
        config.secrets.store = Some("secretstore".to_owned());
        Self {
            config,
            sidecar,
            resources: Resources::new(),
            lifecycle: Lifecycle::new(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("errand.db").display())
    }

    /// Returns once secrets have been asked for in vain from now on: the first that is asked for
    /// keeps the others waiting, so the last two questions were about it.
    async fn asks_again(&self) {
        let before = self.sidecar.secrets_asked();
        eventually("it asks again", async || {
            before + 2 <= self.sidecar.secrets_asked()
        })
        .await;
    }

    async fn run(&self) -> Result<(), OpenError> {
        let client = SidecarClient::new(&self.config.sidecar).unwrap();
        open_resources(&self.config, APP, &client, &self.resources, &self.lifecycle).await
    }
}

#[tokio::test]
async fn what_is_not_configured_is_asked_of_the_secret_store_until_it_is_there() {
    let start = Start::new().await;
    migrations::run(&start.url()).await.unwrap();
    let changes = async {
        // First nothing is there, then an empty value, then one thing after the other.
        eventually("it waits", async || !start.resources.are_ready()).await;
        start.sidecar.set_secret("ERRAND_SECRET", "");
        start.asks_again().await;
        assert!(start.resources.seal().is_none());
        start.sidecar.set_secret("ERRAND_SECRET", SECRET);
        eventually("the keys are there", async || {
            start.resources.seal().is_some()
        })
        .await;
        assert!(start.resources.store().is_none());
        start.sidecar.set_secret("DATABASE_URL", &start.url());
    };
    let (outcome, ()) = tokio::join!(start.run(), changes);
    outcome.unwrap();
    assert!(start.resources.are_ready());
}

/// As Kubernetes keeps them: one secret of several values.
#[tokio::test]
async fn one_secret_may_have_all_of_them() {
    let mut start = Start::new().await;
    migrations::run(&start.url()).await.unwrap();
    start.config.secrets.name = Some("errand".to_owned());
    // What is asked for is that secret, and not one of the value's own name.
    start.sidecar.set_secret("ERRAND_SECRET", "short");
    start
        .sidecar
        .set_secret_of("errand", "ERRAND_SECRET", SECRET);
    start
        .sidecar
        .set_secret_of("errand", "DATABASE_URL", &start.url());
    start.run().await.unwrap();
    assert!(start.resources.are_ready());
}

#[tokio::test]
async fn a_database_without_its_tables_is_waited_for() {
    let mut start = Start::new().await;
    start.config.secrets.current = Some(SecretString::from(SECRET));
    start.config.database.url = Some(SecretString::from(start.url()));
    let migrating = async {
        eventually("the keys are there", async || {
            start.resources.seal().is_some()
        })
        .await;
        assert!(start.resources.store().is_none());
        migrations::run(&start.url()).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(start.run(), migrating);
    outcome.unwrap();
    assert!(start.resources.are_ready());
}

#[tokio::test]
async fn what_no_waiting_mends_ends_the_start() {
    let mut start = Start::new().await;
    start.sidecar.set_secret("ERRAND_SECRET", "short");
    let outcome = start.run().await;
    assert!(
        matches!(
            outcome,
            Err(OpenError::TooShort {
                name: "ERRAND_SECRET"
            })
        ),
        "{outcome:?}"
    );

    start.config.secrets.current = Some(SecretString::from(SECRET));
    start.config.secrets.store = None;
    let outcome = start.run().await;
    assert!(
        matches!(
            outcome,
            Err(OpenError::Secret(SecretError::Required {
                name: "DATABASE_URL"
            }))
        ),
        "{outcome:?}"
    );

    start.config.database.url = Some(SecretString::from("mysql://somewhere"));
    let outcome = start.run().await;
    let is_refused = matches!(
        outcome,
        Err(OpenError::Database(StoreError::InvalidUrl { .. }))
    );
    assert!(is_refused, "{outcome:?}");
}

#[tokio::test]
async fn a_drain_ends_the_waiting() {
    let start = Start::new().await;
    let draining = async {
        start.asks_again().await;
        start.lifecycle.drain();
    };
    let (outcome, ()) = tokio::join!(start.run(), draining);
    outcome.unwrap();
    assert!(!start.resources.are_ready());
}
