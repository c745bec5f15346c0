//! An issuer with a key set on a port of its own. Its keys are in the files beside this one, and of
//! use for nothing else.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use axum::{Router, http::StatusCode, routing::get};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::auth::install_cryptography;

#[derive(Clone, Copy)]
pub(super) struct TestKey {
    pub(super) id: &'static str,
    algorithm: Algorithm,
    pem: &'static [u8],
}

pub(super) const ED25519_A: TestKey = TestKey {
    id: "ed25519-a",
    algorithm: Algorithm::EdDSA,
    pem: include_bytes!("ed25519-a.pem"),
};
pub(super) const ED25519_B: TestKey = TestKey {
    id: "ed25519-b",
    algorithm: Algorithm::EdDSA,
    pem: include_bytes!("ed25519-b.pem"),
};
pub(super) const P256: TestKey = TestKey {
    id: "p256",
    algorithm: Algorithm::ES256,
    pem: include_bytes!("p256.pem"),
};
pub(super) const RSA_2048: TestKey = TestKey {
    id: "rsa2048",
    algorithm: Algorithm::RS256,
    pem: include_bytes!("rsa2048.pem"),
};
pub(super) const RSA_1024: TestKey = TestKey {
    id: "rsa1024",
    algorithm: Algorithm::RS256,
    pem: include_bytes!("rsa1024.pem"),
};

impl TestKey {
    pub(super) fn sign(&self, claims: &Value) -> String {
        self.sign_as(self.id, claims)
    }

    /// Signs under another key id.
    pub(super) fn sign_as(&self, id: &str, claims: &Value) -> String {
        let header = Header {
            kid: Some(id.to_owned()),
            ..Header::new(self.algorithm)
        };
        jsonwebtoken::encode(&header, claims, &self.encoding_key()).unwrap()
    }

    pub(super) fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.encoding_key(), self.algorithm).unwrap();
        jwk.common.key_id = Some(self.id.to_owned());
        serde_json::to_value(jwk).unwrap()
    }

    fn encoding_key(&self) -> EncodingKey {
        install_cryptography();
        let key = match self.algorithm {
            Algorithm::EdDSA => EncodingKey::from_ed_pem(self.pem),
            Algorithm::ES256 => EncodingKey::from_ec_pem(self.pem),
            _ => EncodingKey::from_rsa_pem(self.pem),
        };
        key.unwrap()
    }
}

pub(super) struct TestIssuer {
    url: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    document: Mutex<String>,
    fetches: AtomicUsize,
    is_down: AtomicBool,
}

impl TestIssuer {
    #[expect(clippy::disallowed_methods, reason = "the server ends with the test")]
    pub(super) async fn start<const N: usize>(keys: [TestKey; N]) -> Self {
        let state = Arc::new(State::default());
        let served = Arc::clone(&state);
        let answer = move || {
            served.fetches.fetch_add(1, Ordering::SeqCst);
            let is_down = served.is_down.load(Ordering::SeqCst);
            let status = if is_down {
                StatusCode::SERVICE_UNAVAILABLE
            } else {
                StatusCode::OK
            };
            let body = served.document.lock().unwrap().clone();
            async move { (status, body) }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let router = Router::new().route("/jwks", get(answer));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let issuer = Self { url, state, task };
        issuer.publish(keys);
        issuer
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    pub(super) fn publish<const N: usize>(&self, keys: [TestKey; N]) {
        let keys: Vec<Value> = keys.iter().map(TestKey::jwk).collect();
        self.publish_text(&json!({ "keys": keys }).to_string());
    }

    pub(super) fn publish_text(&self, document: &str) {
        document.clone_into(&mut self.state.document.lock().unwrap());
    }

    pub(super) fn document(&self) -> String {
        self.state.document.lock().unwrap().clone()
    }

    pub(super) fn set_down(&self, is_down: bool) {
        self.state.is_down.store(is_down, Ordering::SeqCst);
    }

    pub(super) fn fetches(&self) -> usize {
        self.state.fetches.load(Ordering::SeqCst)
    }
}

impl Drop for TestIssuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
