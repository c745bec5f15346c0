//! Who gets through to a service's sidecar at all, where sidecars have certificates.

use std::{
    error::Error as _,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use domain::AppId;
use e2e::System;
use rustls::{
    AlertDescription, ClientConfig, ClientConnection, DigitallySignedStruct, Error,
    SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use tonic::{Code, transport::Endpoint};

use crate::{
    authority::Authority,
    caller::{Caller, call},
    mesh::Mesh,
};

const LIST_TASKS: &str = "/errand.v1.TaskService/ListTasks";

#[tokio::test]
async fn without_a_certificate_nobody_gets_through() {
    let system = System::found();
    let mesh = Mesh::of(&system, &[AppId::BackendApi]).await;
    let user = "without-certificate";

    let mut nameless = mesh.plan("web");
    nameless.identity = None;
    let nameless = Caller::start(&nameless, &system, user).await;
    let backend_api = format!("{}.{}", AppId::BackendApi, mesh.namespace());
    let outcome = call(nameless.to_app(&backend_api), LIST_TASKS, ()).await;
    let status = outcome.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");

    // Past the sidecars, to where they meet.
    let address = mesh.callee(AppId::BackendApi).internal;
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let direct = nameless.by(endpoint.connect_lazy(), AppId::BackendApi.as_str());
    let status = call(direct, LIST_TASKS, ()).await.unwrap_err();
    let cause = status.source().expect("it is no answer");
    assert!(cause.is::<tonic::transport::Error>(), "{status:?}");
    let refusal = tokio::task::spawn_blocking(move || without_certificate(address)).await;
    assert_eq!(
        refusal.unwrap(),
        Error::AlertReceived(AlertDescription::CertificateRequired)
    );

    let web = Caller::start(&mesh.plan("web"), &system, user).await;
    call(web.to(AppId::BackendApi), LIST_TASKS, ())
        .await
        .unwrap();
}

/// It believes the services' certificates, and its own names the right app, but nobody there knows
/// who signed it.
#[tokio::test]
async fn a_certificate_of_another_authority_is_none() {
    let system = System::found();
    let mesh = Mesh::of(&system, &[AppId::BackendApi]).await;
    let other = Authority::start().await;
    let mut plan = mesh.plan("web");
    let identity = plan.identity.as_mut().unwrap();
    let trusted = identity.trust_anchors.clone();
    *identity = other.identity(mesh.namespace());
    identity.trust_anchors.push_str(&trusted);
    let forger = Caller::start(&plan, &system, "of-another-authority").await;
    let outcome = call(forger.to(AppId::BackendApi), LIST_TASKS, ()).await;
    let status = outcome.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
}

/// Speaks TLS to an address, proves nothing of itself, and gives what it is told.
fn without_certificate(address: SocketAddr) -> Error {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let mut config = builder
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone(provider)))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let name = ServerName::IpAddress(address.ip().into());
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(address).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut stream = StreamOwned::new(connection, socket);
    // The preface of HTTP/2. By then the client has done its part of the handshake.
    let sent = stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    let told = sent.and_then(|()| stream.read_to_end(&mut Vec::new()));
    let error = told.expect_err("it is let in").into_inner();
    *error.unwrap().downcast().unwrap()
}

/// Believes every server, as it is not the server that is in question.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, cert, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, cert, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.0.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
