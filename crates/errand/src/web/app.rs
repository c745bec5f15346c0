//! The web app of an installation: which it is, and where it answers.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{Client, StatusCode, redirect::Policy};
use service_kit::config::{IssuerConfig, IssuerKeys, TokenAlgorithm};

use super::WebFolder;

/// The audience of the tokens that the web app issues: the services.
const AUDIENCE: &str = "errand";

/// How long an answer about its health may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The time between two looks at whether it answers.
const POLL: Duration = Duration::from_millis(50);

/// A web app, started or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebApp {
    folder: WebFolder,
    address: SocketAddr,
    url: String,
}

/// Why a web app is not healthy.
#[derive(Debug, thiserror::Error)]
pub enum WebHealthError {
    /// Nobody answers, or not in time.
    #[error("it does not answer")]
    Away(#[source] reqwest::Error),
    /// It answers, and says that it is not well.
    #[error("it answers with {0}")]
    Ill(StatusCode),
}

impl WebApp {
    /// The web app of a folder, which listens here. People open it at `url`: where none is said, at
    /// this machine's own name for itself.
    pub fn new(folder: WebFolder, address: SocketAddr, url: Option<&str>) -> Self {
        let own = || format!("http://localhost:{}", address.port());
        Self {
            folder,
            address,
            url: url.map_or_else(own, str::to_owned),
        }
    }

    /// What it is made of.
    pub fn folder(&self) -> &WebFolder {
        &self.folder
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where people open it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where this machine reaches it.
    pub fn reached_at(&self) -> SocketAddr {
        reached_at(self.address)
    }

    /// The tokens that it issues, and where its keys are. The name is the public one, which is in
    /// the tokens; the keys are fetched on this machine, also where no other way leads to it.
    pub fn issuer(&self) -> IssuerConfig {
        IssuerConfig {
            issuer: Some(self.url.clone()),
            audience: Some(AUDIENCE.to_owned()),
            algorithm: TokenAlgorithm::EdDsa,
            keys: IssuerKeys::Jwks(format!("http://{}/api/auth/jwks", self.reached_at())),
        }
    }

    /// Waits until it is healthy. False if that takes longer than `patience`.
    pub async fn becomes_healthy(&self, patience: Duration) -> bool {
        let waiting = async {
            while health(self.reached_at()).await.is_err() {
                tokio::time::sleep(POLL).await;
            }
        };
        tokio::time::timeout(patience, waiting).await.is_ok()
    }
}

/// Where this machine reaches what listens at an address: one that stands for all of them is nobody's.
pub fn reached_at(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Whether the web app at an address can answer.
pub async fn health(address: SocketAddr) -> Result<(), WebHealthError> {
    service_kit::auth::install_cryptography();
    let client = Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .map_err(WebHealthError::Away)?;
    let asked = client.get(format!("http://{address}/api/health")).send();
    let answer = asked
        .await
        .map_err(|error| WebHealthError::Away(error.without_url()))?;
    match answer.status() {
        StatusCode::OK => Ok(()),
        status => Err(WebHealthError::Ill(status)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn its_public_address_names_it_and_its_keys_are_fetched_here() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["server.js", "node"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let folder = WebFolder::open(folder.path()).unwrap();
        for (listens, url, issuer, keys) in [
            (
                "127.0.0.1:3000",
                None,
                "http://localhost:3000",
                "http://127.0.0.1:3000/api/auth/jwks",
            ),
            (
                "0.0.0.0:3100",
                Some("https://errand.example.org"),
                "https://errand.example.org",
                "http://127.0.0.1:3100/api/auth/jwks",
            ),
            (
                "[::]:3000",
                None,
                "http://localhost:3000",
                "http://[::1]:3000/api/auth/jwks",
            ),
        ] {
            let config = WebApp::new(folder.clone(), listens.parse().unwrap(), url).issuer();
            assert_eq!(config.issuer.as_deref(), Some(issuer));
            assert_eq!(config.audience.as_deref(), Some("errand"));
            assert!(matches!(config.keys, IssuerKeys::Jwks(found) if found == keys));
        }
    }
}
