//! Whose tokens are good, against issuers with keys of every kind.

mod issuer;
mod issuers;
mod keys;
mod signing_key;

use std::{sync::Arc, time::Duration};

use domain::UserId;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::SecretString;
use serde_json::{Value, json};

use self::{
    issuer::TestIssuer,
    signing_key::{ED25519_A, P256, RSA_2048},
};
use super::*;
use crate::{
    clock::SharedClock,
    config::{AuthConfig, Config, IssuerConfig, IssuerKeys, Reader, Sources, TokenAlgorithm},
    resources::Resources,
    testing::ManualClock,
};

/// Noon of the day on which the tests happen.
const NOON: i64 = 1_795_262_400;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn noon() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(Timestamp::from_second(NOON).unwrap()))
}

fn seconds(seconds: u64) -> SignedDuration {
    Duration::from_secs(seconds).try_into().unwrap()
}

fn defaults() -> AuthConfig {
    Config::read(&mut Reader::new(Sources::default())).auth
}

fn jwks(name: &str, url: String, algorithm: TokenAlgorithm) -> IssuerConfig {
    IssuerConfig {
        issuer: Some(name.into()),
        audience: Some("errand".into()),
        algorithm,
        keys: IssuerKeys::Jwks(url),
    }
}

fn shared(issuer: Option<&str>) -> IssuerConfig {
    IssuerConfig {
        issuer: issuer.map(Into::into),
        audience: None,
        algorithm: TokenAlgorithm::Hs256,
        keys: IssuerKeys::Secret(SecretString::from(SECRET)),
    }
}

fn verifier(issuers: Vec<IssuerConfig>, clock: &Arc<ManualClock>) -> TokenVerifier {
    with_config(
        &AuthConfig {
            issuers,
            ..defaults()
        },
        clock,
    )
}

fn with_config(config: &AuthConfig, clock: &Arc<ManualClock>) -> TokenVerifier {
    TokenVerifier::new(config, &Resources::new(), Arc::clone(clock) as SharedClock)
}

/// Good claims at noon; `changes` replaces some, and null removes one.
fn claims(changes: &Value) -> Value {
    let mut claims = json!({
        "iss": "web", "aud": "errand", "sub": "alice", "exp": NOON + 900, "iat": NOON, "jti": "t-1",
    });
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims
                .as_object_mut()
                .unwrap()
                .insert(name.clone(), value.clone()),
        };
    }
    claims
}

fn hs256(claims: &Value) -> String {
    install_cryptography();
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
}

async fn outcome(verifier: &TokenVerifier, token: &str) -> String {
    match verifier.verify(token).await {
        Ok(token) => token.user.to_string(),
        Err(rejection) => rejection.to_string(),
    }
}

#[tokio::test]
async fn what_a_token_says_is_returned() {
    let clock = noon();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let token = verifier
        .verify(&ED25519_A.sign(&claims(&json!({}))))
        .await
        .unwrap();
    let expected = VerifiedToken {
        user: UserId::parse("alice").unwrap(),
        token_id: Some("t-1".into()),
        issuer: Some("web".into()),
        expires_at: "2026-11-21T12:15:00Z".parse().unwrap(),
    };
    assert_eq!(token, expected);
}

#[tokio::test]
async fn every_pinned_algorithm_works_and_takes_no_other() {
    let clock = noon();
    let keys = [ED25519_A, P256, RSA_2048];
    let algorithms = [
        TokenAlgorithm::EdDsa,
        TokenAlgorithm::Es256,
        TokenAlgorithm::Rs256,
    ];
    for (pinned, algorithm) in keys.iter().zip(algorithms) {
        let issuer = TestIssuer::start(keys).await;
        let verifier = verifier(vec![jwks("web", issuer.url(), algorithm)], &clock);
        for key in keys {
            let expected = if key.id == pinned.id {
                "alice"
            } else {
                "invalid token"
            };
            assert_eq!(
                outcome(&verifier, &key.sign(&claims(&json!({})))).await,
                expected,
                "{algorithm} {}",
                key.id
            );
        }
    }
}

#[tokio::test]
async fn algorithms_cannot_be_confused() {
    let clock = noon();
    let issuer = TestIssuer::start([RSA_2048, ED25519_A]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::Rs256)],
        &clock,
    );
    let good = RSA_2048.sign(&claims(&json!({})));
    let [_, payload, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        unreachable!()
    };
    // HMAC keyed with what is public.
    let public_key = EncodingKey::from_secret(issuer.document().as_bytes());
    let header = Header {
        kid: Some(RSA_2048.id.into()),
        ..Header::new(Algorithm::HS256)
    };
    let confused = jsonwebtoken::encode(&header, &claims(&json!({})), &public_key).unwrap();
    let encode = |json: &str| {
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, json)
    };
    let none = encode(r#"{"alg":"none","typ":"JWT"}"#);
    let crit = encode(&format!(
        r#"{{"alg":"RS256","kid":"{}","crit":["exp"],"exp":1}}"#,
        RSA_2048.id
    ));
    let other_id = encode(&format!(r#"{{"alg":"RS256","kid":"{}"}}"#, ED25519_A.id));
    let tokens = [
        confused,
        format!("{none}.{payload}."),
        format!("{none}.{payload}.{signature}"),
        format!("{crit}.{payload}.{signature}"),
        format!("{other_id}.{payload}.{signature}"),
        format!("{good}x"),
        good.replacen('.', ".e30", 1),
        String::new(),
        "a.b".into(),
        "a.b.c".into(),
        "a".repeat(10_000),
    ];
    assert_eq!(outcome(&verifier, &good).await, "alice");
    for token in tokens {
        assert_eq!(outcome(&verifier, &token).await, "invalid token", "{token}");
    }
}

#[tokio::test]
async fn the_claims_must_hold() {
    let clock = noon();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let cases = [
        (json!({}), "alice"),
        (json!({"aud": ["other", "errand"]}), "alice"),
        (json!({"exp": NOON - 9}), "alice"),
        (json!({"exp": 1_795_262_400.5}), "alice"),
        (json!({"nbf": NOON + 9}), "alice"),
        (json!({"jti": null}), "alice"),
        (json!({"exp": NOON - 10}), "token has expired"),
        (json!({"exp": 0}), "token has expired"),
        (json!({"exp": null}), "invalid token"),
        (json!({"exp": "tomorrow"}), "invalid token"),
        (json!({"exp": 1e300}), "invalid token"),
        (json!({"nbf": NOON + 11}), "invalid token"),
        (json!({"nbf": "now"}), "invalid token"),
        (json!({"iss": null}), "invalid token"),
        (json!({"iss": "other"}), "invalid token"),
        (json!({"aud": null}), "invalid token"),
        (json!({"aud": "other"}), "invalid token"),
        (json!({"aud": []}), "invalid token"),
        (json!({"aud": 1}), "invalid token"),
        (json!({"sub": null}), "invalid token"),
        (json!({"sub": ""}), "invalid token"),
        (json!({"sub": "a\nb"}), "invalid token"),
        (json!({"sub": 7}), "invalid token"),
        // Which fault a token has beside its age is told to nobody.
        (json!({"exp": 0, "aud": "other"}), "invalid token"),
        (json!({"exp": 0, "sub": null}), "invalid token"),
    ];
    for (changes, expected) in cases {
        assert_eq!(
            outcome(&verifier, &ED25519_A.sign(&claims(&changes))).await,
            expected,
            "{changes}"
        );
    }
}

#[tokio::test]
async fn a_token_expires_by_our_own_clock() {
    let clock = noon();
    let verifier = verifier(vec![shared(None)], &clock);
    let token = hs256(&claims(&json!({})));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    clock.advance(seconds(909));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    clock.advance(seconds(1));
    assert_eq!(outcome(&verifier, &token).await, "token has expired");
}
