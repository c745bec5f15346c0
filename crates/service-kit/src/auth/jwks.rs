//! JWK Sets (RFC 7517).

use std::collections::HashMap;

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse},
};
use serde::Deserialize;

use crate::config::TokenAlgorithm;

/// The most keys of a set that are kept.
const MOST_KEYS: usize = 100;

/// The smallest RSA modulus that RS256 may use, in bytes (RFC 7518 §3.3).
const RSA_MINIMUM: usize = 256;

/// The keys of one issuer that fit its pinned algorithm.
#[derive(Clone)]
pub(super) struct KeySet {
    by_id: HashMap<String, DecodingKey>,
    /// The key of a set of one, for tokens without a `kid`.
    only: Option<DecodingKey>,
}

/// A document that is no JWK Set.
#[derive(Debug, thiserror::Error)]
#[error("the answer is not a JWK Set")]
pub(super) struct NotAKeySet(#[source] serde_json::Error);

/// Keys are read one by one: a key of a kind that we do not know must not hide its neighbours.
#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    /// Reads a set and keeps the keys that `algorithm` can use.
    pub(super) fn parse(json: &[u8], algorithm: TokenAlgorithm) -> Result<Self, NotAKeySet> {
        let document: Document = serde_json::from_slice(json).map_err(NotAKeySet)?;
        let keys: Vec<(Option<String>, DecodingKey)> = document
            .keys
            .into_iter()
            .filter_map(|key| serde_json::from_value::<Jwk>(key).ok())
            .filter(|key| fits(key, algorithm))
            .filter_map(|key| Some((key.common.key_id.clone(), DecodingKey::from_jwk(&key).ok()?)))
            .take(MOST_KEYS)
            .collect();
        let only = match keys.as_slice() {
            [(_, key)] => Some(key.clone()),
            _ => None,
        };
        let by_id = keys
            .into_iter()
            .filter_map(|(id, key)| Some((id?, key)))
            .collect();
        Ok(Self { by_id, only })
    }

    /// The key with this id, or the only one for a token that names none.
    pub(super) fn find(&self, id: Option<&str>) -> Option<&DecodingKey> {
        match id {
            Some(id) => self.by_id.get(id),
            None => self.only.as_ref(),
        }
    }
}

/// The algorithm's name in the library.
pub(super) fn library_algorithm(algorithm: TokenAlgorithm) -> Algorithm {
    match algorithm {
        TokenAlgorithm::EdDsa => Algorithm::EdDSA,
        TokenAlgorithm::Es256 => Algorithm::ES256,
        TokenAlgorithm::Rs256 => Algorithm::RS256,
        TokenAlgorithm::Hs256 => Algorithm::HS256,
    }
}

fn fits(key: &Jwk, algorithm: TokenAlgorithm) -> bool {
    let kind_fits = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::OctetKeyPair(parameters), TokenAlgorithm::EdDsa) => {
            parameters.curve == EllipticCurve::Ed25519
        }
        (AlgorithmParameters::EllipticCurve(parameters), TokenAlgorithm::Es256) => {
            parameters.curve == EllipticCurve::P256
        }
        (AlgorithmParameters::RSA(parameters), TokenAlgorithm::Rs256) => {
            // base64 writes three bytes as four characters.
            RSA_MINIMUM <= parameters.n.trim_end_matches('=').len() * 3 / 4
        }
        // A shared secret has no place in a public set.
        _ => false,
    };
    let use_fits = matches!(
        key.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    );
    let algorithm_fits = key
        .common
        .key_algorithm
        .as_ref()
        .is_none_or(|named| named.to_string() == algorithm.to_string());
    kind_fits && use_fits && algorithm_fits
}
