//! Says whose a token is.

use std::fmt;

use domain::UserId;
use jiff::Timestamp;
use jsonwebtoken::{DecodingKey, Validation};
use secrecy::ExposeSecret as _;

use super::{
    Rejection,
    claims::{Claims, Demands},
    jwks::library_algorithm,
    key_cache::KeyCache,
    local::{LOCAL_AUDIENCE, LOCAL_ISSUER, local_keys},
};
use crate::{
    clock::SharedClock,
    config::{AuthConfig, IssuerConfig, IssuerKeys, TokenAlgorithm},
    resources::Resources,
};

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8 << 10;

/// A token whose signature and claims hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedToken {
    /// `sub`.
    pub user: UserId,
    /// `jti`, if there is one of at most 128 visible ASCII characters.
    pub token_id: Option<String>,
    /// `iss`.
    pub issuer: Option<String>,
    /// `exp`.
    pub expires_at: Timestamp,
}

/// Checks tokens against the configured issuers.
pub struct TokenVerifier {
    issuers: Vec<Issuer>,
    clock: SharedClock,
}

struct Issuer {
    demands: Demands,
    algorithm: TokenAlgorithm,
    keys: Keys,
}

enum Keys {
    Fetched(Box<KeyCache>),
    Shared(DecodingKey),
    Local(Resources),
}

impl TokenVerifier {
    /// Lets in the tokens of these issuers. The local issuer's key comes out of `resources` once it
    /// is there.
    pub fn new(config: &AuthConfig, resources: &Resources, clock: SharedClock) -> Self {
        super::install_cryptography();
        let configured = config
            .issuers
            .iter()
            .map(|issuer| Issuer::new(issuer, config, &clock));
        let local = config.local.then(|| Issuer {
            demands: Demands {
                issuer: Some(LOCAL_ISSUER.into()),
                audience: Some(LOCAL_AUDIENCE.into()),
                leeway: config.leeway,
            },
            algorithm: TokenAlgorithm::Hs256,
            keys: Keys::Local(resources.clone()),
        });
        Self {
            issuers: configured.chain(local).collect(),
            clock,
        }
    }

    /// Whose token this is.
    pub async fn verify(&self, token: &str) -> Result<VerifiedToken, Rejection> {
        if LONGEST < token.len() {
            return Err(Rejection::Invalid);
        }
        // Extensions that a token demands to be understood (`crit`, RFC 7515 §4.1.11) are none that
        // we understand, and `b64` changes what is signed.
        let header = jsonwebtoken::decode_header(token).map_err(|_| Rejection::Invalid)?;
        let issuer = self.issuer(token)?;
        if header.alg != library_algorithm(issuer.algorithm) || header.crit.is_some() {
            return Err(Rejection::Invalid);
        }
        let claims = issuer.checked_claims(token, header.kid.as_deref()).await?;
        issuer.demands.check(claims, self.clock.now())
    }

    /// The issuer whose keys the token has to hold against.
    fn issuer(&self, token: &str) -> Result<&Issuer, Rejection> {
        if let [only] = self.issuers.as_slice() {
            return Ok(only);
        }
        let claims: Claims = jsonwebtoken::dangerous::insecure_decode_claims(token)
            .map_err(|_| Rejection::Invalid)?;
        let named = claims.iss.ok_or(Rejection::Invalid)?;
        self.issuers
            .iter()
            .find(|issuer| issuer.demands.issuer.as_ref() == Some(&named))
            .ok_or(Rejection::Invalid)
    }
}

impl fmt::Debug for TokenVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.issuers.iter().map(|issuer| &issuer.demands.issuer);
        formatter.debug_list().entries(names).finish()
    }
}

impl Issuer {
    fn new(issuer: &IssuerConfig, config: &AuthConfig, clock: &SharedClock) -> Self {
        let keys = match &issuer.keys {
            IssuerKeys::Jwks(url) => Keys::Fetched(Box::new(KeyCache::new(
                url,
                issuer.algorithm,
                config,
                clock.clone(),
            ))),
            IssuerKeys::Secret(secret) => {
                Keys::Shared(DecodingKey::from_secret(secret.expose_secret().as_bytes()))
            }
        };
        let demands = Demands {
            issuer: issuer.issuer.clone(),
            audience: issuer.audience.clone(),
            leeway: config.leeway,
        };
        Self {
            demands,
            algorithm: issuer.algorithm,
            keys,
        }
    }

    /// The claims, once the signature holds.
    async fn checked_claims(&self, token: &str, key_id: Option<&str>) -> Result<Claims, Rejection> {
        let keys = match &self.keys {
            Keys::Fetched(cache) => vec![cache.key(key_id).await?],
            Keys::Shared(key) => vec![key.clone()],
            Keys::Local(resources) => {
                local_keys(&resources.seal().ok_or(Rejection::KeysAway(None))?)
            }
        };
        // The time is ours to check, by our own clock, and so are issuer and audience.
        let mut validation = Validation::new(library_algorithm(self.algorithm));
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        keys.iter()
            .find_map(|key| jsonwebtoken::decode::<Claims>(token, key, &validation).ok())
            .map(|verified| verified.claims)
            .ok_or(Rejection::Invalid)
    }
}
