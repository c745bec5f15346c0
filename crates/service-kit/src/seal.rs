//! Sealed bytes: page tokens and cursors that a client carries but cannot make.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::UserId;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The shortest `ERRAND_SECRET` that is accepted, in bytes.
pub const SECRET_MINIMUM: usize = 32;

/// The version of the layout `version | tag | payload`.
const VERSION: u8 = 1;

/// 128 bits of HMAC-SHA256: RFC 2104 allows no less than half of the hash.
const TAG_LENGTH: usize = 16;

/// The longest token that is looked at, in characters.
const LONGEST: usize = 4096;

type Key = [u8; 32];

/// What a sealed value is for. A value sealed for one purpose never opens for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `page_token` of a list: the position after which the next page begins.
    PageToken,
    /// `cursor` of a stream of updates.
    Cursor,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Self::PageToken => "errand/page-token/1",
            Self::Cursor => "errand/cursor/1",
        }
    }
}

/// The sealed value is not one of ours, or was sealed for another purpose, user or context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value does not open")]
pub struct SealBroken;

/// Seals values with keys derived (HKDF-SHA256, RFC 5869) from `ERRAND_SECRET`. Values sealed with
/// the previous secret still open, so that the secret can be changed.
#[derive(Clone)]
pub struct Seal {
    secrets: Vec<Hkdf<Sha256>>,
}

impl Seal {
    /// Seals with `current`; opens what `current` or `previous` sealed.
    pub fn new(current: &SecretString, previous: Option<&SecretString>) -> Self {
        let extract = |secret: &SecretString| Hkdf::new(None, secret.expose_secret().as_bytes());
        Self {
            secrets: std::iter::once(current)
                .chain(previous)
                .map(extract)
                .collect(),
        }
    }

    /// Seals `payload` for one purpose, one user and one context (the hash of a filter, say).
    pub fn seal(&self, purpose: Purpose, user: &UserId, context: &[u8], payload: &[u8]) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&tag(&self.key(0, purpose.label()), user, context, payload).0);
        bytes.extend_from_slice(payload);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Opens what [`Seal::seal`] made for the same purpose, user and context.
    pub fn open(
        &self,
        purpose: Purpose,
        user: &UserId,
        context: &[u8],
        sealed: &str,
    ) -> Result<Vec<u8>, SealBroken> {
        if LONGEST < sealed.len() {
            return Err(SealBroken);
        }
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealBroken)?;
        let [VERSION, rest @ ..] = bytes.as_slice() else {
            return Err(SealBroken);
        };
        let (theirs, payload) = rest.split_at_checked(TAG_LENGTH).ok_or(SealBroken)?;
        let opens = (0..self.secrets.len()).any(|index| {
            let ours = tag(&self.key(index, purpose.label()), user, context, payload);
            bool::from(subtle::ConstantTimeEq::ct_eq(ours.0.as_slice(), theirs))
        });
        if opens {
            Ok(payload.to_vec())
        } else {
            Err(SealBroken)
        }
    }

    /// A secret for somebody else, in hexadecimal: `label` says for what. It is another one when
    /// `ERRAND_SECRET` is, and says nothing of that.
    pub fn derived_secret(&self, label: &str) -> SecretString {
        SecretString::from(
            self.key(0, label)
                .map(|byte| format!("{byte:02x}"))
                .concat(),
        )
    }

    /// The keys for one purpose outside this module, current first.
    pub(crate) fn keys(&self, label: &str) -> Vec<Key> {
        (0..self.secrets.len())
            .map(|index| self.key(index, label))
            .collect()
    }

    fn key(&self, index: usize, label: &str) -> Key {
        let mut key = [0; 32];
        self.secrets[index]
            .expand(label.as_bytes(), &mut key)
            .expect("HKDF-SHA256 gives up to 8160 bytes");
        key
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Seal")
            .field("secrets", &self.secrets.len())
            .finish()
    }
}

struct Tag([u8; TAG_LENGTH]);

fn tag(key: &Key, user: &UserId, context: &[u8], payload: &[u8]) -> Tag {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    // Each part is preceded by its length, so that no two lists of parts give the same bytes.
    for part in [user.as_str().as_bytes(), context, payload] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    let full = mac.finalize().into_bytes();
    let mut short = [0; TAG_LENGTH];
    short.copy_from_slice(&full[..TAG_LENGTH]);
    Tag(short)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.repeat(SECRET_MINIMUM))
    }

    fn user(id: &str) -> UserId {
        UserId::parse(id).unwrap()
    }

    #[test]
    fn a_value_opens_for_its_own_purpose_user_and_context_alone() {
        let seal = Seal::new(&secret("a"), None);
        let sealed = seal.seal(Purpose::PageToken, &user("alice"), b"filter", b"position");
        let open = |purpose, who: &str, context: &[u8], text: &str| {
            seal.open(purpose, &user(who), context, text)
        };
        assert_eq!(
            open(Purpose::PageToken, "alice", b"filter", &sealed).unwrap(),
            b"position"
        );
        assert_eq!(
            open(Purpose::Cursor, "alice", b"filter", &sealed),
            Err(SealBroken)
        );
        assert_eq!(
            open(Purpose::PageToken, "bob", b"filter", &sealed),
            Err(SealBroken)
        );
        assert_eq!(
            open(Purpose::PageToken, "alice", b"other", &sealed),
            Err(SealBroken)
        );
        for text in [
            "",
            "AA",
            "AQ",
            "not base64!",
            &format!("{sealed}A"),
            &"A".repeat(5000),
        ] {
            assert_eq!(
                open(Purpose::PageToken, "alice", b"filter", text),
                Err(SealBroken),
                "{text}"
            );
        }
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let seal = Seal::new(&secret("a"), None);
        let sealed = seal.seal(Purpose::PageToken, &user("ab"), b"c", b"x");
        assert_eq!(
            seal.open(Purpose::PageToken, &user("a"), b"bc", &sealed),
            Err(SealBroken)
        );
    }

    #[test]
    fn the_previous_secret_still_opens_and_no_longer_seals() {
        let old = Seal::new(&secret("a"), None);
        let new = Seal::new(&secret("b"), Some(&secret("a")));
        let sealed = old.seal(Purpose::Cursor, &user("alice"), b"", b"7");
        assert_eq!(
            new.open(Purpose::Cursor, &user("alice"), b"", &sealed)
                .unwrap(),
            b"7"
        );
        let resealed = new.seal(Purpose::Cursor, &user("alice"), b"", b"7");
        assert_eq!(
            old.open(Purpose::Cursor, &user("alice"), b"", &resealed),
            Err(SealBroken)
        );
    }

    #[test]
    fn a_derived_secret_is_that_of_its_label_and_of_the_current_secret() {
        let derived = |seal: &Seal, label| seal.derived_secret(label).expose_secret().to_owned();
        let seal = Seal::new(&secret("a"), None);
        let web = derived(&seal, "errand/web/1");
        assert_eq!(web.len(), 64);
        assert_eq!(web, derived(&seal, "errand/web/1"));
        assert_ne!(web, derived(&seal, "errand/web/2"));
        let renewed = Seal::new(&secret("b"), Some(&secret("a")));
        assert_ne!(web, derived(&renewed, "errand/web/1"));
    }

    #[test]
    fn nothing_of_a_secret_is_printed() {
        assert_eq!(
            format!("{:?}", Seal::new(&secret("a"), Some(&secret("b")))),
            "Seal { secrets: 2 }"
        );
    }

    proptest! {
        #[test]
        fn every_changed_bit_breaks_the_seal(payload in proptest::collection::vec(any::<u8>(), 0..40), bit in 0_usize..400) {
            let seal = Seal::new(&secret("a"), None);
            let sealed = seal.seal(Purpose::PageToken, &user("alice"), b"filter", &payload);
            let mut bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
            let bit = bit % (bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            let changed = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(seal.open(Purpose::PageToken, &user("alice"), b"filter", &changed), Err(SealBroken));
        }
    }
}
