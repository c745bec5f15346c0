//! Where the keys of an issuer come from, and what happens while they cannot be had.

use tempfile::TempDir;
use tokio::net::TcpSocket;

use super::{
    signing_key::{ED25519_B, RSA_1024},
    *,
};

const AWAY: &str = "the keys to check the token with are away for the moment";

#[tokio::test]
async fn a_thousand_unknown_keys_make_one_fetch() {
    let clock = noon();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let verifier = Arc::new(verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    ));
    let calls = (0..1000).map(|number| {
        let verifier = Arc::clone(&verifier);
        async move {
            let token = ED25519_A.sign_as(&format!("unknown-{number}"), &claims(&json!({})));
            outcome(&verifier, &token).await
        }
    });
    let outcomes = futures::future::join_all(calls).await;
    assert!(outcomes.iter().all(|outcome| outcome == "invalid token"));
    assert_eq!(issuer.fetches(), 1);
    assert_eq!(
        outcome(&verifier, &ED25519_A.sign(&claims(&json!({})))).await,
        "alice"
    );
    assert_eq!(issuer.fetches(), 1);
}

#[tokio::test]
async fn a_new_key_is_found_once_the_interval_has_passed() {
    let clock = noon();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let (old, new) = (
        ED25519_A.sign(&claims(&json!({}))),
        ED25519_B.sign(&claims(&json!({}))),
    );
    assert_eq!(outcome(&verifier, &old).await, "alice");
    issuer.publish([ED25519_B]);
    assert_eq!(outcome(&verifier, &new).await, "invalid token");
    clock.advance(defaults().jwks_interval.try_into().unwrap());
    assert_eq!(outcome(&verifier, &new).await, "alice");
    assert_eq!(outcome(&verifier, &old).await, "invalid token");
    assert_eq!(issuer.fetches(), 2);
}

#[tokio::test]
async fn a_key_that_was_withdrawn_stops_working_when_the_set_grows_old() {
    let clock = noon();
    let issuer = TestIssuer::start([ED25519_A, ED25519_B]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let token = ED25519_A.sign(&claims(&json!({})));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    issuer.publish([ED25519_B]);
    clock.advance(defaults().jwks_max_age.try_into().unwrap());
    assert_eq!(outcome(&verifier, &token).await, "invalid token");
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_no_fault_of_the_token() {
    let clock = noon();
    let issuer = TestIssuer::start([ED25519_A]).await;
    issuer.set_down(true);
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    );
    let token = ED25519_A.sign(&claims(&json!({})));
    assert_eq!(outcome(&verifier, &token).await, AWAY);
    assert_eq!(outcome(&verifier, &token).await, AWAY);
    assert_eq!(
        issuer.fetches(),
        1,
        "an issuer that is down is not hammered"
    );
    issuer.set_down(false);
    clock.advance(seconds(1));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    // Known keys go on working while the issuer is down, however old they are.
    issuer.set_down(true);
    clock.advance(seconds(800));
    assert_eq!(outcome(&verifier, &token).await, "alice");
    let unknown = ED25519_B.sign(&claims(&json!({})));
    assert_eq!(outcome(&verifier, &unknown).await, AWAY);
}

#[tokio::test]
async fn the_last_good_keys_are_kept_on_disk() {
    let clock = noon();
    let folder = TempDir::new().unwrap();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let config = AuthConfig {
        issuers: vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        jwks_folder: Some(folder.path().join("keys")),
        ..defaults()
    };
    let token = ED25519_A.sign(&claims(&json!({})));
    assert_eq!(
        outcome(&with_config(&config, &clock), &token).await,
        "alice"
    );
    issuer.set_down(true);
    assert_eq!(
        outcome(&with_config(&config, &clock), &token).await,
        "alice"
    );
    // What is on disk is only for when nothing better is to be had.
    issuer.set_down(false);
    issuer.publish([ED25519_B]);
    assert_eq!(
        outcome(&with_config(&config, &clock), &token).await,
        "invalid token"
    );
}

#[tokio::test]
async fn an_answer_that_is_no_key_set_is_an_issuer_that_is_away() {
    let clock = noon();
    let token = ED25519_A.sign(&claims(&json!({})));
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
        assert_eq!(outcome(&verifier, &token).await, AWAY, "{document:.20}");
    }
}

#[tokio::test]
async fn keys_that_do_not_fit_are_passed_over() {
    let clock = noon();
    let issuer = TestIssuer::start([RSA_1024, RSA_2048]).await;
    let verifier = verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::Rs256)],
        &clock,
    );
    assert_eq!(
        outcome(&verifier, &RSA_2048.sign(&claims(&json!({})))).await,
        "alice"
    );
    assert_eq!(
        outcome(&verifier, &RSA_1024.sign(&claims(&json!({})))).await,
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
        outcome(&verifier, &ED25519_A.sign(&claims(&json!({})))).await,
        "alice"
    );
    assert_eq!(
        outcome(&verifier, &ED25519_B.sign(&claims(&json!({})))).await,
        "invalid token"
    );
}

#[tokio::test]
async fn an_issuer_that_starts_a_minute_later_is_found_within_a_second() {
    let clock = noon();
    // The address is its own already, and nobody listens there yet.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = issuer::url_at(socket.local_addr().unwrap());
    let verifier = verifier(vec![jwks("web", url, TokenAlgorithm::EdDsa)], &clock);
    let token = ED25519_A.sign(&claims(&json!({})));
    for _second in 0..60 {
        assert_eq!(outcome(&verifier, &token).await, AWAY);
        clock.advance(seconds(1));
    }
    let issuer = TestIssuer::start_on(socket.listen(16).unwrap(), [ED25519_A]);
    assert_eq!(outcome(&verifier, &token).await, "alice");
    assert_eq!(issuer.fetches(), 1);
}

#[tokio::test]
async fn keys_rotate_amid_a_thousand_unknown_ones() {
    let clock = noon();
    let issuer = TestIssuer::start([ED25519_A]).await;
    let verifier = Arc::new(verifier(
        vec![jwks("web", issuer.url(), TokenAlgorithm::EdDsa)],
        &clock,
    ));
    let flood = async |round: u32| {
        let calls = (0..1000).map(|number| {
            let verifier = Arc::clone(&verifier);
            let id = format!("unknown-{round}-{number}");
            async move { outcome(&verifier, &ED25519_A.sign_as(&id, &claims(&json!({})))).await }
        });
        let outcomes = futures::future::join_all(calls).await;
        assert!(outcomes.iter().all(|outcome| outcome == "invalid token"));
    };
    let (old, new) = (
        ED25519_A.sign(&claims(&json!({}))),
        ED25519_B.sign(&claims(&json!({}))),
    );
    flood(0).await;
    // The issuer signs with another key, and shows the one before as long as its tokens may live.
    issuer.publish([ED25519_B, ED25519_A]);
    clock.advance(defaults().jwks_interval.try_into().unwrap());
    flood(1).await;
    assert_eq!(outcome(&verifier, &new).await, "alice");
    assert_eq!(outcome(&verifier, &old).await, "alice");
    assert_eq!(issuer.fetches(), 2, "one an interval, whoever asks for it");
}
