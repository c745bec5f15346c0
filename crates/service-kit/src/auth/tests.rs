mod issuer;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::UserId;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use self::issuer::{ED25519_A, ED25519_B, P256, RSA_1024, RSA_2048, TestIssuer};
use super::*;
use crate::{
    clock::{Clock, SharedClock},
    config::{AuthConfig, Config, IssuerConfig, IssuerKeys, Reader, Sources, TokenAlgorithm},
    resources::Resources,
    seal::Seal,
};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A clock that stands still until it is turned.
#[derive(Debug)]
struct TestClock(Mutex<Timestamp>);

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    async fn sleep_until(&self, _time: Timestamp) {
        std::future::pending().await
    }
}

impl TestClock {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new("2026-11-21T12:00:00Z".parse().unwrap())))
    }

    fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
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

fn verifier(issuers: Vec<IssuerConfig>, clock: &Arc<TestClock>) -> TokenVerifier {
    with_config(
        AuthConfig {
            issuers,
            ..defaults()
        },
        clock,
    )
}

fn with_config(config: AuthConfig, clock: &Arc<TestClock>) -> TokenVerifier {
    TokenVerifier::new(&config, &Resources::new(), Arc::clone(clock) as SharedClock)
}

/// Good claims at noon; `changes` replaces some, and null removes one.
fn claims(changes: Value) -> Value {
    let noon = 1_795_262_400;
    let mut claims = json!({
        "iss": "web", "aud": "errand", "sub": "alice", "exp": noon + 900, "iat": noon, "jti": "t-1",
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
    let clock = TestClock::new();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let token = verifier
        .verify(&ED25519_A.sign(&claims(json!({}))))
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
    let clock = TestClock::new();
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
                outcome(&verifier, &key.sign(&claims(json!({})))).await,
                expected,
                "{algorithm} {}",
                key.id
            );
        }
    }
}

#[tokio::test]
async fn algorithms_cannot_be_confused() {
    let clock = TestClock::new();
    let issuer = TestIssuer::start([RSA_2048, ED25519_A]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::Rs256)],
        &clock,
    );
    let good = RSA_2048.sign(&claims(json!({})));
    let [_, payload, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        unreachable!()
    };
    // HMAC keyed with what is public.
    let public_key = EncodingKey::from_secret(issuer.document().as_bytes());
    let header = Header {
        kid: Some(RSA_2048.id.into()),
        ..Header::new(Algorithm::HS256)
    };
    let confused = jsonwebtoken::encode(&header, &claims(json!({})), &public_key).unwrap();
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
    let clock = TestClock::new();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let noon = 1_795_262_400_i64;
    let cases = [
        (json!({}), "alice"),
        (json!({"aud": ["other", "errand"]}), "alice"),
        (json!({"exp": noon - 9}), "alice"),
        (json!({"exp": noon as f64 + 0.5}), "alice"),
        (json!({"nbf": noon + 9}), "alice"),
        (json!({"jti": null}), "alice"),
        (json!({"exp": noon - 10}), "token has expired"),
        (json!({"exp": 0}), "token has expired"),
        (json!({"exp": null}), "invalid token"),
        (json!({"exp": "tomorrow"}), "invalid token"),
        (json!({"exp": 1e300}), "invalid token"),
        (json!({"nbf": noon + 11}), "invalid token"),
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
            outcome(&verifier, &ED25519_A.sign(&claims(changes.clone()))).await,
            expected,
            "{changes}"
        );
    }
}

#[tokio::test]
async fn a_token_expires_by_our_own_clock() {
    let clock = TestClock::new();
    let verifier = verifier(vec![shared(None)], &clock);
    let token = hs256(&claims(json!({})));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    clock.advance(Duration::from_secs(909));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    clock.advance(Duration::from_secs(1));
    assert_eq!(outcome(&verifier, &token).await, "token has expired");
}

#[tokio::test]
async fn a_thousand_unknown_keys_make_one_fetch() {
    let clock = TestClock::new();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let verifier = Arc::new(verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    ));
    let calls = (0..1000).map(|number| {
        let verifier = Arc::clone(&verifier);
        async move {
            let token = ED25519_A.sign_as(&format!("unknown-{number}"), &claims(json!({})));
            outcome(&verifier, &token).await
        }
    });
    let outcomes = futures::future::join_all(calls).await;
    assert!(outcomes.iter().all(|outcome| outcome == "invalid token"));
    assert_eq!(issuer.fetches(), 1);
    assert_eq!(
        outcome(&verifier, &ED25519_A.sign(&claims(json!({})))).await,
        "alice"
    );
    assert_eq!(issuer.fetches(), 1);
}

#[tokio::test]
async fn a_new_key_is_found_once_the_interval_has_passed() {
    let clock = TestClock::new();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let (old, new) = (
        ED25519_A.sign(&claims(json!({}))),
        ED25519_B.sign(&claims(json!({}))),
    );
    assert_eq!(outcome(&verifier, &old).await, "alice");
    issuer.publish([ED25519_B]);
    assert_eq!(outcome(&verifier, &new).await, "invalid token");
    clock.advance(defaults().jwks_interval);
    assert_eq!(outcome(&verifier, &new).await, "alice");
    assert_eq!(outcome(&verifier, &old).await, "invalid token");
    assert_eq!(issuer.fetches(), 2);
}

#[tokio::test]
async fn a_key_that_was_withdrawn_stops_working_when_the_set_grows_old() {
    let clock = TestClock::new();
    let issuer = TestIssuer::start([ED25519_A, ED25519_B]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let token = ED25519_A.sign(&claims(json!({})));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    issuer.publish([ED25519_B]);
    clock.advance(defaults().jwks_max_age);
    assert_eq!(outcome(&verifier, &token).await, "invalid token");
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_no_fault_of_the_token() {
    let away = "the keys to check the token with are away for the moment";
    let clock = TestClock::new();
    let issuer = TestIssuer::start([ED25519_A]).await;
    issuer.set_down(true);
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let token = ED25519_A.sign(&claims(json!({})));
    assert_eq!(outcome(&verifier, &token).await, away);
    assert_eq!(outcome(&verifier, &token).await, away);
    assert_eq!(
        issuer.fetches(),
        1,
        "an issuer that is down is not hammered"
    );
    issuer.set_down(false);
    clock.advance(Duration::from_secs(1));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    // Known keys go on working while the issuer is down, however old they are.
    issuer.set_down(true);
    clock.advance(Duration::from_secs(800));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    let unknown = ED25519_B.sign(&claims(json!({})));
    assert_eq!(outcome(&verifier, &unknown).await, away);
}

#[tokio::test]
async fn the_last_good_keys_are_kept_on_disk() {
    let clock = TestClock::new();
    let folder = TempDir::new().unwrap();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let config = AuthConfig {
        issuers: vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        jwks_folder: Some(folder.path().join("keys")),
        ..defaults()
    };
    let token = ED25519_A.sign(&claims(json!({})));
    assert_eq!(
        outcome(&with_config(config.clone(), &clock), &token).await,
        "alice"
    );
    issuer.set_down(true);
    assert_eq!(
        outcome(&with_config(config.clone(), &clock), &token).await,
        "alice"
    );
    // What is on disk is only for when nothing better is to be had.
    issuer.set_down(false);
    issuer.publish([ED25519_B]);
    assert_eq!(
        outcome(&with_config(config, &clock), &token).await,
        "invalid token"
    );
}

#[tokio::test]
async fn an_answer_that_is_no_key_set_is_an_issuer_that_is_away() {
    let away = "the keys to check the token with are away for the moment";
    let clock = TestClock::new();
    let token = ED25519_A.sign(&claims(json!({})));
    for document in [
        "",
        "<html>",
        "[]",
        r#"{"keys": 1}"#,
        &format!(r#"{{"keys": [], "x": "{}"}}"#, "x".repeat(300_000)),
    ] {
        let issuer = TestIssuer::start([]).await;
        issuer.publish_text(document);
        let verifier = verifier(
            vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
            &clock,
        );
        assert_eq!(outcome(&verifier, &token).await, away, "{:.20}", document);
    }
}

#[tokio::test]
async fn keys_that_do_not_fit_are_passed_over() {
    let clock = TestClock::new();
    let issuer = TestIssuer::start([RSA_1024, RSA_2048]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::Rs256)],
        &clock,
    );
    assert_eq!(
        outcome(&verifier, &RSA_2048.sign(&claims(json!({})))).await,
        "alice"
    );
    assert_eq!(
        outcome(&verifier, &RSA_1024.sign(&claims(json!({})))).await,
        "invalid token"
    );
    // A set with keys of kinds that nobody knows yet, one for encryption, and a shared secret.
    let ed25519 = ED25519_A.jwk();
    let mut encryption = ED25519_B.jwk();
    encryption["use"] = json!("enc");
    let document = json!({"keys": [{"kty": "NEW"}, 7, encryption, {"kty": "oct", "kid": "o", "k": "c2VjcmV0"}, ed25519]});
    issuer.publish_text(&document.to_string());
    let verifier = self::verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    assert_eq!(
        outcome(&verifier, &ED25519_A.sign(&claims(json!({})))).await,
        "alice"
    );
    assert_eq!(
        outcome(&verifier, &ED25519_B.sign(&claims(json!({})))).await,
        "invalid token"
    );
}

#[tokio::test]
async fn with_several_issuers_iss_selects_and_is_required() {
    let clock = TestClock::new();
    let (web, other) = (
        TestIssuer::start([ED25519_A]).await,
        TestIssuer::start([ED25519_B]).await,
    );
    let issuers = vec![
        jwks("web", web.url(), TokenAlgorithm::EdDsa),
        jwks("other", other.url(), TokenAlgorithm::EdDsa),
        shared(Some("legacy")),
    ];
    let verifier = verifier(issuers, &clock);
    let of = |issuer: Value| claims(json!({"iss": issuer}));
    assert_eq!(
        outcome(&verifier, &ED25519_A.sign(&of(json!("web")))).await,
        "alice"
    );
    assert_eq!(
        outcome(&verifier, &ED25519_B.sign(&of(json!("other")))).await,
        "alice"
    );
    assert_eq!(
        outcome(&verifier, &hs256(&of(json!("legacy")))).await,
        "alice"
    );
    for token in [
        ED25519_A.sign(&of(json!("other"))),
        ED25519_B.sign(&of(json!("web"))),
        ED25519_A.sign(&of(json!(null))),
        ED25519_A.sign(&of(json!("nobody"))),
        hs256(&of(json!("web"))),
        hs256(&of(json!(null))),
    ] {
        assert_eq!(outcome(&verifier, &token).await, "invalid token", "{token}");
    }
}

#[tokio::test]
async fn a_shared_secret_alone_needs_no_issuer_and_lets_nothing_else_in() {
    let clock = TestClock::new();
    let verifier = verifier(vec![shared(None)], &clock);
    assert_eq!(
        outcome(
            &verifier,
            &hs256(&claims(json!({"iss": null, "aud": null})))
        )
        .await,
        "alice"
    );
    let other = jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims(json!({})),
        &EncodingKey::from_secret(b"another secret of the same length"),
    );
    assert_eq!(outcome(&verifier, &other.unwrap()).await, "invalid token");
    assert_eq!(
        outcome(&verifier, &ED25519_A.sign(&claims(json!({})))).await,
        "invalid token"
    );
}

#[tokio::test]
async fn without_issuers_nobody_is_let_in() {
    let clock = TestClock::new();
    assert_eq!(
        outcome(&verifier(vec![], &clock), &hs256(&claims(json!({})))).await,
        "invalid token"
    );
}

#[tokio::test]
async fn local_tokens_are_good_where_they_are_turned_on_and_their_secret_is() {
    let clock = TestClock::new();
    let secret = |text: &str| SecretString::from(text.repeat(32));
    let seal = Seal::new(&secret("a"), None);
    let alice = UserId::parse("alice").unwrap();
    let token = mint_local_token(
        &seal,
        &alice,
        clock.now(),
        Duration::from_secs(60),
        Uuid::nil(),
    );
    let verifier = |local, resources: &Resources| {
        let config = AuthConfig {
            local,
            issuers: vec![shared(Some("legacy"))],
            ..defaults()
        };
        TokenVerifier::new(&config, resources, Arc::clone(&clock) as SharedClock)
    };
    let with_seal = |seal| {
        let resources = Resources::new();
        resources.provide_seal(seal);
        resources
    };
    assert_eq!(
        outcome(&verifier(true, &with_seal(seal.clone())), &token).await,
        "alice"
    );
    assert_eq!(
        outcome(&verifier(false, &with_seal(seal)), &token).await,
        "invalid token"
    );
    let changed = Seal::new(&secret("b"), Some(&secret("a")));
    assert_eq!(
        outcome(&verifier(true, &with_seal(changed)), &token).await,
        "alice"
    );
    let gone = Seal::new(&secret("b"), None);
    assert_eq!(
        outcome(&verifier(true, &with_seal(gone)), &token).await,
        "invalid token"
    );
    let away = "the keys to check the token with are away for the moment";
    assert_eq!(
        outcome(&verifier(true, &Resources::new()), &token).await,
        away
    );
}
