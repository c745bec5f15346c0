//! The cursor of a stream: where to go on after a break.
//!
//! It holds the moment at which it was made and a [`Place`], and is sealed for its user: every
//! replica opens it, and nobody else's stream takes it.

use domain::UserId;
use jiff::Timestamp;
use service_kit::{Purpose, Seal};

use crate::position::{Fingerprint, Place, Position};

/// The version of the layout.
const VERSION: u8 = 1;
const HOME: u8 = 0;
const HEADS: u8 = 1;
/// More partitions than any topic of ours has.
const MOST_POSITIONS: usize = 1024;

/// Where a stream goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// When the place was the end of what there was: a cursor is good for the retention from then
    /// on. In whole milliseconds where it is sealed.
    pub issued_at: Timestamp,
    /// What the client has behind it.
    pub place: Place,
}

/// The text is not a cursor of this user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this user")]
pub struct UnknownCursor;

impl Cursor {
    /// The cursor as a client carries it.
    pub fn seal(&self, seal: &Seal, user: &UserId) -> String {
        seal.seal(Purpose::Cursor, user, &[], &self.to_bytes())
    }

    /// Reads what [`Cursor::seal`] made for the same user.
    pub fn open(seal: &Seal, user: &UserId, text: &str) -> Result<Self, UnknownCursor> {
        let bytes = seal
            .open(Purpose::Cursor, user, &[], text)
            .map_err(|_| UnknownCursor)?;
        Self::from_bytes(&bytes).ok_or(UnknownCursor)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        push_number(&mut bytes, self.issued_at.as_millisecond());
        let (kind, positions) = match &self.place {
            Place::Home(position) => (HOME, std::slice::from_ref(position)),
            Place::Heads(positions) => (HEADS, positions.as_slice()),
        };
        bytes.push(kind);
        for position in positions {
            push_number(&mut bytes, i64::from(position.partition));
            push_number(&mut bytes, position.offset);
            bytes.extend_from_slice(&position.fingerprint.0.to_be_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&[VERSION])?;
        let issued_at = Timestamp::from_millisecond(take_number(&mut rest)?).ok()?;
        let kind = *rest.split_off_first()?;
        let mut positions = Vec::new();
        while !rest.is_empty() {
            if positions.len() == MOST_POSITIONS {
                return None;
            }
            let partition = i32::try_from(take_number(&mut rest)?).ok()?;
            let offset = take_number(&mut rest)?;
            let (fingerprint, others) = rest.split_first_chunk()?;
            rest = others;
            let fingerprint = Fingerprint(u32::from_be_bytes(*fingerprint));
            positions.push(Position {
                partition,
                offset,
                fingerprint,
            });
        }
        let place = match (kind, positions.as_slice()) {
            (HOME, [position]) => Place::Home(*position),
            (HEADS, _) => Place::Heads(positions),
            _ => return None,
        };
        Some(Self { issued_at, place })
    }
}

/// Writes a number in groups of seven bits, the least first, each but the last marked; the sign is
/// folded into the lowest bit, so that small numbers of either sign are short.
fn push_number(bytes: &mut Vec<u8>, number: i64) {
    let mut left = (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned();
    while left >= 0x80 {
        bytes.push(u8::try_from(left & 0x7f).expect("seven bits fit") | 0x80);
        left >>= 7;
    }
    bytes.push(u8::try_from(left).expect("less than 128"));
}

fn take_number(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::SecretString;

    use super::*;

    fn seal() -> Seal {
        Seal::new(&SecretString::from("k".repeat(32)), None)
    }

    fn position() -> impl Strategy<Value = Position> {
        (any::<i32>(), any::<i64>(), any::<u32>()).prop_map(|(partition, offset, fingerprint)| {
            Position {
                partition,
                offset,
                fingerprint: Fingerprint(fingerprint),
            }
        })
    }

    fn place() -> impl Strategy<Value = Place> {
        prop_oneof![
            position().prop_map(Place::Home),
            proptest::collection::vec(position(), 0..20).prop_map(Place::Heads),
        ]
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_it_was(milliseconds in 0_i64..4_000_000_000_000, place in place()) {
            let user = UserId::parse("alice").unwrap();
            let issued_at = Timestamp::from_millisecond(milliseconds).unwrap();
            let cursor = Cursor { issued_at, place };
            prop_assert_eq!(Cursor::open(&seal(), &user, &cursor.seal(&seal(), &user)), Ok(cursor));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut versioned = vec![VERSION];
            versioned.extend(&bytes);
            if let Some(cursor) = Cursor::from_bytes(&versioned) {
                prop_assert_eq!(Cursor::from_bytes(&cursor.to_bytes()), Some(cursor));
            }
            let _ = Cursor::from_bytes(&bytes);
        }
    }

    #[test]
    fn a_cursor_is_its_users_alone_and_short() {
        let (alice, bob) = (
            UserId::parse("alice").unwrap(),
            UserId::parse("bob").unwrap(),
        );
        let position = Position {
            partition: 2,
            offset: 1_000_000,
            fingerprint: Fingerprint(7),
        };
        let issued_at = "2026-11-21T12:00:00Z".parse().unwrap();
        let text = Cursor {
            issued_at,
            place: Place::Home(position),
        }
        .seal(&seal(), &alice);
        assert!(Cursor::open(&seal(), &alice, &text).is_ok());
        assert_eq!(Cursor::open(&seal(), &bob, &text), Err(UnknownCursor));
        assert_eq!(
            Cursor::open(&seal(), &alice, "nonsense"),
            Err(UnknownCursor)
        );
        assert!(text.len() <= 48, "{} characters", text.len());
    }
}
