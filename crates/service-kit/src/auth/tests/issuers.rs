//! Several issuers, a shared secret, and the local issuer.

use uuid::Uuid;

use super::{signing_key::ED25519_B, *};
use crate::{clock::Clock as _, seal::Seal};

#[tokio::test]
async fn with_several_issuers_iss_selects_and_is_required() {
    let clock = noon();
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
    let of = |issuer: Value| claims(&json!({"iss": issuer}));
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
    let clock = noon();
    let verifier = verifier(vec![shared(None)], &clock);
    assert_eq!(
        outcome(
            &verifier,
            &hs256(&claims(&json!({"iss": null, "aud": null})))
        )
        .await,
        "alice"
    );
    let other = jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims(&json!({})),
        &EncodingKey::from_secret(b"another secret of the same length"),
    );
    assert_eq!(outcome(&verifier, &other.unwrap()).await, "invalid token");
    assert_eq!(
        outcome(&verifier, &ED25519_A.sign(&claims(&json!({})))).await,
        "invalid token"
    );
}

#[tokio::test]
async fn without_issuers_nobody_is_let_in() {
    let clock = noon();
    assert_eq!(
        outcome(&verifier(vec![], &clock), &hs256(&claims(&json!({})))).await,
        "invalid token"
    );
}

#[tokio::test]
async fn local_tokens_are_good_where_they_are_turned_on_and_their_secret_is() {
    let clock = noon();
    let secret = |text: &str| SecretString::from(text.repeat(32));
    let seal = Seal::new(&secret("a"), None);
    let alice = UserId::parse("alice").unwrap();
    let token = mint_local_token(
        &seal,
        &alice,
        clock.now(),
        Duration::from_mins(1),
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
