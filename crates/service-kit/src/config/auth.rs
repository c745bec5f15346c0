//! Whose tokens are good.

use std::{collections::BTreeSet, fmt, path::PathBuf, str::FromStr, time::Duration};

use figment::value::Value as Raw;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::{Reader, Value, process::words};

/// The shortest `JWT_SECRET` that is accepted, in bytes: RFC 7518 §3.2 demands the hash's length.
const JWT_SECRET_MINIMUM: usize = 32;

/// Section `auth`.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// Every issuer whose tokens are good, besides the local one. With more than one issuer (the
    /// local one included) a token must say who issued it.
    pub issuers: Vec<IssuerConfig>,
    /// Whether tokens of `errand token`, signed with a key of `ERRAND_SECRET`, are good.
    pub local: bool,
    /// How far clocks may differ.
    pub leeway: Duration,
    /// The shortest time between two fetches of a key set.
    pub jwks_interval: Duration,
    /// The age at which a key set is fetched again even if it has every key that is asked for.
    pub jwks_max_age: Duration,
    /// How long fetching a key set may take.
    pub jwks_timeout: Duration,
    /// Where the last good key sets are kept over a restart; nowhere when absent.
    pub jwks_folder: Option<PathBuf>,
}

/// One issuer.
#[derive(Debug, Clone)]
pub struct IssuerConfig {
    /// The `iss` of its tokens. None only for HS256 tokens of the single issuer there is.
    pub issuer: Option<String>,
    /// The `aud` that its tokens must have. None only for HS256.
    pub audience: Option<String>,
    /// The one algorithm that its tokens may have.
    pub algorithm: TokenAlgorithm,
    /// Where its keys are.
    pub keys: IssuerKeys,
}

/// A signature algorithm (RFC 7518, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAlgorithm {
    /// Ed25519.
    EdDsa,
    /// ECDSA on P-256.
    Es256,
    /// RSA PKCS #1 v1.5 with SHA-256.
    Rs256,
    /// HMAC with SHA-256.
    Hs256,
}

/// Where the keys of an issuer are.
#[derive(Debug, Clone)]
pub enum IssuerKeys {
    /// A JWK Set (RFC 7517) at this address.
    Jwks(String),
    /// A shared secret.
    Secret(SecretString),
}

/// An issuer as it is written in `errand.toml`, or in JSON in the environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenIssuer {
    issuer: String,
    audience: String,
    algorithm: String,
    jwks_url: String,
}

impl AuthConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        let written: Vec<IssuerConfig> = reader
            .optional::<WrittenIssuers>("auth.issuers", WrittenIssuers::MEANING)
            .map(|list| list.0)
            .unwrap_or_default();
        let secret = reader.secret(
            "auth.jwt_secret",
            "accepts HS256 tokens signed with it; at least 32 bytes",
        );
        let issuer = reader.optional(
            "auth.jwt_issuer",
            "the iss of HS256 tokens; needed beside other issuers",
        );
        let audience = reader.optional("auth.jwt_audience", "the aud that HS256 tokens must have");
        let shared = secret.map(|secret| {
            if secret.expose_secret().len() < JWT_SECRET_MINIMUM {
                reader.reject(
                    "auth.jwt_secret",
                    format!("must have at least {JWT_SECRET_MINIMUM} bytes"),
                );
            }
            IssuerConfig {
                issuer,
                audience,
                algorithm: TokenAlgorithm::Hs256,
                keys: IssuerKeys::Secret(secret),
            }
        });
        let section = Self {
            issuers: written.into_iter().chain(shared).collect(),
            local: reader.get(
                "auth.local",
                false,
                "whether tokens of `errand token` are good; in `errand up` they are",
            ),
            leeway: reader.duration(
                "auth.leeway",
                "10s",
                "how far the clocks of issuers may differ",
            ),
            jwks_interval: reader.duration(
                "auth.jwks_interval",
                "30s",
                "shortest time between fetches of a key set",
            ),
            jwks_max_age: reader.duration(
                "auth.jwks_max_age",
                "10min",
                "age at which a key set is fetched again",
            ),
            jwks_timeout: reader.duration(
                "auth.jwks_timeout",
                "3s",
                "how long fetching a key set may take",
            ),
            jwks_folder: reader.optional(
                "auth.jwks_folder",
                "where the last good key sets are kept over a restart",
            ),
        };
        section.check_names(reader);
        section
    }

    /// How many issuers there are, the local one included.
    pub fn issuer_count(&self) -> usize {
        self.issuers.len() + usize::from(self.local)
    }

    fn check_names(&self, reader: &mut Reader) {
        if self.issuer_count() < 2 {
            return;
        }
        let mut names = BTreeSet::from([crate::auth::LOCAL_ISSUER]);
        for config in &self.issuers {
            match &config.issuer {
                None => reader.reject(
                    "auth.jwt_issuer",
                    "is required when there is more than one issuer",
                ),
                Some(name) if !names.insert(name) => {
                    reader.reject("auth.issuers", format!("the issuer {name} is given twice"));
                }
                Some(_) => {}
            }
        }
    }
}

struct WrittenIssuers(Vec<IssuerConfig>);

impl WrittenIssuers {
    const MEANING: &str = "issuers of access tokens: a list of {issuer, audience, algorithm, \
        jwks_url}, as JSON in the environment; algorithm is EdDSA, ES256 or RS256";
}

impl Value for WrittenIssuers {
    fn parse(raw: &Raw) -> Result<Self, String> {
        let written: Vec<WrittenIssuer> = match raw {
            Raw::String(_, json) => serde_json::from_str(json)
                .map_err(|error| format!("must be a JSON list: {error}"))?,
            raw => raw.deserialize().map_err(|error| error.kind.to_string())?,
        };
        written
            .into_iter()
            .map(IssuerConfig::try_from)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl TryFrom<WrittenIssuer> for IssuerConfig {
    type Error = String;

    fn try_from(written: WrittenIssuer) -> Result<Self, Self::Error> {
        let algorithm = match written.algorithm.parse() {
            Ok(TokenAlgorithm::Hs256) | Err(()) => {
                return Err(format!(
                    "the algorithm of {} must be EdDSA, ES256 or RS256",
                    written.issuer
                ));
            }
            Ok(algorithm) => algorithm,
        };
        let is_address = written.jwks_url.parse::<http::Uri>().is_ok_and(|address| {
            matches!(address.scheme_str(), Some("http" | "https")) && address.host().is_some()
        });
        if !is_address {
            return Err(format!(
                "the jwks_url of {} must be an http or https address",
                written.issuer
            ));
        }
        if written.issuer.is_empty() || written.audience.is_empty() {
            return Err("issuer and audience must not be empty".into());
        }
        Ok(Self {
            issuer: Some(written.issuer),
            audience: Some(written.audience),
            algorithm,
            keys: IssuerKeys::Jwks(written.jwks_url),
        })
    }
}

words!(
    TokenAlgorithm,
    "EdDSA, ES256, RS256 or HS256",
    "EdDSA" => TokenAlgorithm::EdDsa,
    "ES256" => TokenAlgorithm::Es256,
    "RS256" => TokenAlgorithm::Rs256,
    "HS256" => TokenAlgorithm::Hs256
);
