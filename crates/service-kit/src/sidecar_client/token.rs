//! The token that the sidecar demands.

use secrecy::{ExposeSecret as _, SecretString};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::Interceptor,
};

use super::SidecarError;

/// The header that carries API tokens in both directions (`pkg/security/consts/consts.go` of dapr).
pub(crate) const TOKEN_HEADER: &str = "dapr-api-token";

/// Adds the token to every call.
#[derive(Debug, Clone)]
pub struct TokenInterceptor {
    token: Option<MetadataValue<Ascii>>,
}

impl TokenInterceptor {
    pub(super) fn new(token: Option<&SecretString>) -> Result<Self, SidecarError> {
        let parse = |token: &SecretString| {
            let mut value: MetadataValue<Ascii> = token
                .expose_secret()
                .parse()
                .map_err(|_| SidecarError::Token)?;
            value.set_sensitive(true);
            Ok(value)
        };
        Ok(Self {
            token: token.map(parse).transpose()?,
        })
    }
}

impl Interceptor for TokenInterceptor {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.token {
            request.metadata_mut().insert(TOKEN_HEADER, token.clone());
        }
        Ok(request)
    }
}
