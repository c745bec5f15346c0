//! What the web app is told: the variables of its process.

use std::{collections::BTreeMap, net::SocketAddr};

use secrecy::ExposeSecret as _;
use service_kit::{Seal, config::environment};

use super::{WebApp, WebSettings};
use crate::{data_folder::DataFolder, embedded::Gateway};

/// What the web app's own secret is derived for. Another label would be another secret: nobody would
/// be signed in any more, and the web app could not read its own signing keys.
const SECRET_LABEL: &str = "errand/web/1";

/// The variables of the surroundings that it is let have. What else stands there is not for it.
const KEPT: [&str; 6] = [
    "PATH",
    "HOME",
    "LANG",
    "TZ",
    "TMPDIR",
    "NODE_EXTRA_CA_CERTS",
];

/// The variables of a process of the web app. Not `Debug`: they hold secrets.
#[derive(Clone)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// What every program of the web app needs: who it is, its secret, and its database, which is in
    /// the data folder unless another is named.
    pub fn new(app: &WebApp, settings: &WebSettings, data: &DataFolder, seal: &Seal) -> Self {
        let environment = environment();
        let kept = environment
            .into_iter()
            .filter(|(name, _)| KEPT.contains(&name.as_str()) || name.starts_with("OTEL_"));
        let mut variables = Self(kept.collect());
        variables.set("NODE_ENV", "production");
        variables.set("HOSTNAME", app.address().ip().to_string());
        variables.set("PORT", app.address().port().to_string());
        variables.set("ERRAND_WEB_URL", app.url());
        variables.set(
            "ERRAND_WEB_DATABASE_URL",
            format!("sqlite://{}", data.web_database().display()),
        );
        let secret = seal.derived_secret(SECRET_LABEL);
        variables.set("ERRAND_WEB_SECRET", secret.expose_secret());
        for (name, value) in &settings.passed_on {
            variables.set(name, value.expose_secret());
        }
        variables
    }

    /// How it reaches the services: by its sidecar, and live updates at realtime-service itself.
    #[must_use]
    pub fn with_services(
        mut self,
        settings: &WebSettings,
        gateway: &Gateway,
        realtime: SocketAddr,
    ) -> Self {
        self.set("DAPR_GRPC_PORT", gateway.address.port().to_string());
        self.set("DAPR_API_TOKEN", gateway.api_token.expose_secret());
        if settings.given("ERRAND_WEB_REALTIME_URL").is_none() {
            self.set("ERRAND_WEB_REALTIME_URL", format!("http://{realtime}"));
        }
        self
    }

    /// Each name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }
}
