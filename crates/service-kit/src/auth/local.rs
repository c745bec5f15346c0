//! The local issuer: development tokens signed with a key of `ERRAND_SECRET`.

use std::time::Duration;

use domain::UserId;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::Serialize;
use uuid::Uuid;

use crate::seal::Seal;

/// The `iss` of local tokens.
pub const LOCAL_ISSUER: &str = "errand-local";

/// The `aud` of local tokens.
pub const LOCAL_AUDIENCE: &str = "errand";

const KEY_LABEL: &str = "errand/local-token/1";

#[derive(Serialize)]
struct LocalClaims<'a> {
    iss: &'static str,
    aud: &'static str,
    sub: &'a str,
    iat: i64,
    exp: i64,
    jti: Uuid,
}

/// Makes a token for `user` that is good for `lifetime` from `now`. `id` becomes its `jti`.
pub fn mint_local_token(
    seal: &Seal,
    user: &UserId,
    now: Timestamp,
    lifetime: Duration,
    id: Uuid,
) -> String {
    super::install_cryptography();
    let issued = now.as_second();
    let claims = LocalClaims {
        iss: LOCAL_ISSUER,
        aud: LOCAL_AUDIENCE,
        sub: user.as_str(),
        iat: issued,
        exp: issued.saturating_add_unsigned(lifetime.as_secs()),
        jti: id,
    };
    let key = seal.keys(KEY_LABEL)[0];
    jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims,
        &EncodingKey::from_secret(&key),
    )
    .expect("HS256 signs any claims with any key")
}

/// The keys that local tokens may be signed with, current first.
pub(super) fn local_keys(seal: &Seal) -> Vec<DecodingKey> {
    seal.keys(KEY_LABEL)
        .iter()
        .map(|key| DecodingKey::from_secret(key))
        .collect()
}
