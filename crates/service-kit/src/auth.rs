//! Who is calling: access tokens (JWT, RFC 7519) and the issuers whose tokens are good.
//!
//! Each issuer has one pinned algorithm and one source of keys. Nothing that a token says about
//! itself is believed before its signature holds, but for its `iss` and `kid`, which only choose
//! among what is configured.

mod claims;
mod jwks;
mod key_cache;
mod key_fetch;
mod key_folder;
mod local;
mod rejection;
mod verifier;

pub use self::{
    local::{LOCAL_AUDIENCE, LOCAL_ISSUER, mint_local_token},
    rejection::Rejection,
    verifier::{TokenVerifier, VerifiedToken},
};

/// Installs the cryptography that token verification and TLS use. Without it both would depend on
/// which features some other crate happens to turn on. Repeating it changes nothing.
pub fn install_cryptography() {
    let _ = jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER.install_default();
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[cfg(test)]
mod tests;
