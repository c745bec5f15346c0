//! The engine of a data folder on which no `errand up` works, with the sidecar of one app.

use std::{net::SocketAddr, path::Path};

use domain::AppId;
use errand::{
    secret,
    settings::Settings,
    sidecars::{self, Tokens},
};
use secrecy::ExposeSecret as _;
use service_kit::{OutboundEvent, SidecarClient, config::Sources};
use sidecar::{Engine, Sidecar, SidecarConfig};
use tokio_util::sync::CancellationToken;

/// An open engine with one sidecar. Ends with [`Beside::close`].
pub(crate) struct Beside {
    engine: Engine,
    sidecar: Sidecar,
    tokens: Tokens,
    stop: CancellationToken,
}

impl Beside {
    /// Opens the engine of a data folder, and starts a sidecar for an app at this address, configured
    /// otherwise than `errand up` does.
    pub(crate) async fn open(
        data: &Path,
        app: AppId,
        address: SocketAddr,
        change: impl FnOnce(&mut SidecarConfig),
    ) -> Self {
        let settings = Settings::read(Sources::default()).unwrap();
        let engine = sidecars::engine(&data.join("engine"), &settings.realtime);
        let engine = Engine::open(engine).await.unwrap();
        let tokens = Tokens {
            api: secret::random().unwrap(),
            app_api: secret::random().unwrap(),
        };
        let mut config = sidecars::sidecar(app, address, &tokens);
        change(&mut config);
        let stop = CancellationToken::new();
        let sidecar = sidecar::start(engine.clone(), config, stop.clone()).await;
        Self {
            engine,
            sidecar: sidecar.unwrap(),
            tokens,
            stop,
        }
    }

    /// The variables by which a service finds the sidecar, and shows that it may.
    pub(crate) fn variables(&self) -> [(&'static str, String); 3] {
        let Tokens { api, app_api } = &self.tokens;
        [
            (
                "DAPR_GRPC_PORT",
                self.sidecar.local_addr().port().to_string(),
            ),
            ("DAPR_API_TOKEN", api.expose_secret().to_owned()),
            ("APP_API_TOKEN", app_api.expose_secret().to_owned()),
        ]
    }

    /// Publishes an event of this id and user, whatever it carries.
    pub(crate) async fn publish(&self, topic: &str, id: &str, user: &str, data: &str) {
        let metadata = [("cloudevent.id", id), ("partitionKey", user)];
        self.put(topic, data, metadata).await;
    }

    /// Puts a text on a topic as it is, without an event around it.
    pub(crate) async fn publish_bare(&self, topic: &str, user: &str, text: &str) {
        let metadata = [("rawPayload", "true"), ("partitionKey", user)];
        self.put(topic, text, metadata).await;
    }

    async fn put(&self, topic: &str, data: &str, metadata: [(&str, &str); 2]) {
        let mut config = Settings::read(Sources::default()).unwrap().kit.sidecar;
        config.grpc_port = self.sidecar.local_addr().port();
        config.api_token = Some(self.tokens.api.clone());
        let client = SidecarClient::new(&config).unwrap();
        let event = OutboundEvent {
            entry_id: "1".to_owned(),
            data: data.as_bytes().to_vec(),
            metadata: metadata
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        client.publish(&config.pubsub, topic, event).await.unwrap();
    }

    /// Ends the sidecar and closes the engine: what was published is there when somebody else opens
    /// it.
    pub(crate) async fn close(self) {
        self.stop.cancel();
        self.sidecar.stopped().await.unwrap();
        self.engine.close().await;
    }
}
