//! An issuer with a key set on a port of its own.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use axum::{Router, http::StatusCode, routing::get};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::signing_key::TestKey;

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
    pub(super) async fn start<const N: usize>(keys: [TestKey; N]) -> Self {
        Self::start_on(TcpListener::bind("127.0.0.1:0").await.unwrap(), keys)
    }

    #[expect(clippy::disallowed_methods, reason = "the server ends with the test")]
    pub(super) fn start_on<const N: usize>(listener: TcpListener, keys: [TestKey; N]) -> Self {
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
        let url = url_at(listener.local_addr().unwrap());
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

/// Where the key set is of an issuer that listens at an address.
pub(super) fn url_at(address: SocketAddr) -> String {
    format!("http://{address}/jwks")
}

impl Drop for TestIssuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
