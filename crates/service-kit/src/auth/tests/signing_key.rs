//! Keys that issuers sign with, made anew for each run of the tests.

use std::sync::LazyLock;

use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey as _, rand_core::OsRng};
use serde_json::{Value, json};

use crate::auth::install_cryptography;

/// The keys themselves are in statics, which take a moment to be made.
#[derive(Clone, Copy)]
pub(super) struct TestKey {
    pub(super) id: &'static str,
    algorithm: Algorithm,
    der: &'static LazyLock<Vec<u8>>,
}

/// PKCS #8 of an Ed25519 key up to the key itself (RFC 8410 §7).
const ED25519: [u8; 16] = *b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

/// PKCS #8 of a key on P-256 up to the key itself (RFC 5208 §5, RFC 5915 §3), without what can be
/// computed from it.
const P256_KEY: [u8; 35] = *b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\
    \x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20";

pub(super) const ED25519_A: TestKey = TestKey {
    id: "ed25519-a",
    algorithm: Algorithm::EdDSA,
    der: {
        static DER: LazyLock<Vec<u8>> = LazyLock::new(|| [&ED25519[..], &random()].concat());
        &DER
    },
};
pub(super) const ED25519_B: TestKey = TestKey {
    id: "ed25519-b",
    algorithm: Algorithm::EdDSA,
    der: {
        static DER: LazyLock<Vec<u8>> = LazyLock::new(|| [&ED25519[..], &random()].concat());
        &DER
    },
};
pub(super) const P256: TestKey = TestKey {
    id: "p256",
    algorithm: Algorithm::ES256,
    der: {
        static DER: LazyLock<Vec<u8>> = LazyLock::new(|| [&P256_KEY[..], &random()].concat());
        &DER
    },
};
pub(super) const RSA_2048: TestKey = TestKey {
    id: "rsa2048",
    algorithm: Algorithm::RS256,
    der: {
        static DER: LazyLock<Vec<u8>> = LazyLock::new(|| rsa(2048));
        &DER
    },
};
pub(super) const RSA_1024: TestKey = TestKey {
    id: "rsa1024",
    algorithm: Algorithm::RS256,
    der: {
        static DER: LazyLock<Vec<u8>> = LazyLock::new(|| rsa(1024));
        &DER
    },
};

impl TestKey {
    pub(super) fn sign(&self, claims: &Value) -> String {
        self.sign_as(self.id, claims)
    }

    /// Signs under another key id.
    pub(super) fn sign_as(&self, id: &str, claims: &Value) -> String {
        let header = Header {
            kid: Some(id.to_owned()),
            ..Header::new(self.algorithm)
        };
        jsonwebtoken::encode(&header, claims, &self.encoding_key()).unwrap()
    }

    pub(super) fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.encoding_key(), self.algorithm).unwrap();
        jwk.common.key_id = Some(self.id.to_owned());
        json!(jwk)
    }

    fn encoding_key(&self) -> EncodingKey {
        install_cryptography();
        match self.algorithm {
            Algorithm::EdDSA => EncodingKey::from_ed_der(self.der),
            Algorithm::ES256 => EncodingKey::from_ec_der(self.der),
            _ => EncodingKey::from_rsa_der(self.der),
        }
    }
}

/// A key of Ed25519 or P-256: any number up to the order of the curve is one.
fn random() -> [u8; 32] {
    let mut bytes: [u8; 32] = rand::random();
    bytes[0] &= 0x7f;
    bytes
}

fn rsa(bits: usize) -> Vec<u8> {
    let key = RsaPrivateKey::new(&mut OsRng, bits).unwrap();
    key.to_pkcs1_der().unwrap().as_bytes().to_vec()
}
