//! Who may deliver: the sidecar and nobody else.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use tonic::Status;

use crate::{config::SidecarConfig, server::Peer, sidecar_client::TOKEN_HEADER};

/// What the sidecar adds to calls that another app makes through it. A delivery never has it.
const CALLER_HEADER: &str = "dapr-caller-app-id";

/// The methods that Dapr calls without a token, by its own design. They disclose nothing.
const OPEN_METHODS: [&str; 3] = [
    "/dapr.proto.runtime.v1.AppCallback/ListTopicSubscriptions",
    "/dapr.proto.runtime.v1.AppCallback/ListInputBindings",
    "/dapr.proto.runtime.v1.AppCallbackHealthCheck/HealthCheck",
];

/// Who may deliver.
#[derive(Debug, Clone)]
pub(crate) struct CallbackGuard {
    token: Option<SecretString>,
    callers: Arc<[IpAddr]>,
}

impl CallbackGuard {
    pub(crate) fn new(config: &SidecarConfig) -> Self {
        Self {
            token: config.app_api_token.clone(),
            callers: config.callers.clone().into(),
        }
    }

    /// Whether a call may go on. Whatever is not known to be open is closed.
    fn check(
        &self,
        path: &str,
        headers: &HeaderMap,
        peer: Option<SocketAddr>,
    ) -> Result<(), Status> {
        if OPEN_METHODS.contains(&path) {
            return Ok(());
        }
        if !peer.is_some_and(|peer| self.is_sidecar(peer.ip())) {
            return Err(Status::permission_denied("only the sidecar may call this"));
        }
        if headers.contains_key(CALLER_HEADER) {
            return Err(Status::permission_denied("another app may not call this"));
        }
        if !self.has_token(headers) {
            return Err(Status::unauthenticated(
                "a valid dapr-api-token is required",
            ));
        }
        Ok(())
    }

    fn is_sidecar(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_loopback()
            || self
                .callers
                .iter()
                .any(|caller| caller.to_canonical() == address)
    }

    /// Without a token of our own nothing is let in: a missing setting must not open the door.
    fn has_token(&self, headers: &HeaderMap) -> bool {
        let Some(ours) = &self.token else {
            return false;
        };
        let mut theirs = headers.get_all(TOKEN_HEADER).iter();
        match (theirs.next(), theirs.next()) {
            (Some(token), None) => {
                bool::from(token.as_bytes().ct_eq(ours.expose_secret().as_bytes()))
            }
            _ => false,
        }
    }
}

/// Refuses whoever is not the sidecar, before anything of the call is read.
pub(crate) async fn refuse_strangers(
    State(guard): State<CallbackGuard>,
    request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    match guard.check(request.uri().path(), request.headers(), peer) {
        Ok(()) => next.run(request).await,
        Err(status) => {
            tracing::warn!(
                path = request.uri().path(),
                ?peer,
                reason = status.message(),
                "a callback was refused"
            );
            metrics::counter!("errand_callbacks_refused_total").increment(1);
            status.into_http()
        }
    }
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::*;

    const TOPIC_EVENT: &str = "/dapr.proto.runtime.v1.AppCallback/OnTopicEvent";

    fn guard(token: Option<&str>) -> CallbackGuard {
        let callers = ["10.0.0.7".parse().unwrap()];
        CallbackGuard {
            token: token.map(SecretString::from),
            callers: Arc::new(callers),
        }
    }

    fn check(
        guard: &CallbackGuard,
        path: &str,
        peer: Option<&str>,
        headers: &[(&'static str, &'static str)],
    ) -> Code {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let peer = peer.map(|peer| peer.parse().unwrap());
        guard
            .check(path, &map, peer)
            .map_or_else(|status| status.code(), |()| Code::Ok)
    }

    #[test]
    fn a_delivery_needs_the_peer_and_the_token_and_no_caller() {
        let guard = guard(Some("s3cret"));
        let token = ("dapr-api-token", "s3cret");
        let local = Some("127.0.0.1:40000");
        for peer in [
            "127.0.0.1:1",
            "127.8.8.8:1",
            "[::1]:1",
            "[::ffff:127.0.0.1]:1",
            "10.0.0.7:1",
            "[::ffff:10.0.0.7]:1",
        ] {
            assert_eq!(
                check(&guard, TOPIC_EVENT, Some(peer), &[token]),
                Code::Ok,
                "{peer}"
            );
        }
        for peer in [
            Some("10.0.0.8:1"),
            Some("192.168.1.1:1"),
            Some("[2001:db8::1]:1"),
            None,
        ] {
            assert_eq!(
                check(&guard, TOPIC_EVENT, peer, &[token]),
                Code::PermissionDenied,
                "{peer:?}"
            );
        }
        for headers in [
            vec![],
            vec![("dapr-api-token", "")],
            vec![("dapr-api-token", "S3cret")],
            vec![("dapr-api-token", "s3cret1")],
            vec![token, ("dapr-api-token", "other")],
        ] {
            assert_eq!(
                check(&guard, TOPIC_EVENT, local, &headers),
                Code::Unauthenticated,
                "{headers:?}"
            );
        }
        let caller = ("dapr-caller-app-id", "backend-api");
        assert_eq!(
            check(&guard, TOPIC_EVENT, local, &[token, caller]),
            Code::PermissionDenied
        );
    }

    #[test]
    fn without_a_token_of_our_own_every_delivery_is_refused() {
        for headers in [
            vec![],
            vec![("dapr-api-token", "")],
            vec![("dapr-api-token", "x")],
        ] {
            assert_eq!(
                check(&guard(None), TOPIC_EVENT, Some("127.0.0.1:1"), &headers),
                Code::Unauthenticated
            );
        }
    }

    #[test]
    fn only_what_dapr_calls_without_a_token_is_open() {
        let guard = guard(Some("s3cret"));
        for path in OPEN_METHODS {
            assert_eq!(
                check(&guard, path, Some("192.168.1.1:1"), &[]),
                Code::Ok,
                "{path}"
            );
        }
        for method in [
            "OnTopicEvent",
            "OnBulkTopicEvent",
            "OnBindingEvent",
            "OnJobEvent",
            "OnInvoke",
            "OnNew",
            "",
        ] {
            let path = format!("/dapr.proto.runtime.v1.AppCallback/{method}");
            assert_eq!(
                check(&guard, &path, Some("127.0.0.1:1"), &[]),
                Code::Unauthenticated,
                "{path}"
            );
        }
    }
}
