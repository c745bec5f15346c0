use jiff::Timestamp;
use uuid::Uuid;

use crate::{MAX_TITLE_KEY_BYTES, Priority};

/// The place in a list after which the next page begins: the key and id of the last entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PagePosition {
    /// What the list is sorted by.
    pub key: SortKey,
    /// The entry's id, which decides between equal keys.
    pub id: Uuid,
}

/// What a list is sorted by, of one entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SortKey {
    /// When it was made.
    CreatedAt(Timestamp),
    /// When it last changed.
    UpdatedAt(Timestamp),
    /// When it is due.
    Due(Option<Timestamp>),
    /// How much it matters.
    Priority(Priority),
    /// Its folded title, at most [`MAX_TITLE_KEY_BYTES`].
    Title(String),
    /// Its place among all that happened to the user.
    Sequence(i64),
}

/// Bytes that are no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position in a list")]
pub struct PagePositionError;

/// The format of the bytes: version, kind of key, 16 bytes of id, the key. Integers are big-endian;
/// times are microseconds since 1970.
const VERSION: u8 = 1;

const CREATED_AT: u8 = 1;
const UPDATED_AT: u8 = 2;
const DUE: u8 = 3;
const UNDATED: u8 = 4;
const PRIORITY: u8 = 5;
const TITLE: u8 = 6;
const SEQUENCE: u8 = 7;

impl PagePosition {
    /// The position as bytes, for a page token.
    pub fn to_bytes(&self) -> Vec<u8> {
        let micros = |time: &Timestamp| time.as_microsecond().to_be_bytes().to_vec();
        let (kind, key) = match &self.key {
            SortKey::CreatedAt(time) => (CREATED_AT, micros(time)),
            SortKey::UpdatedAt(time) => (UPDATED_AT, micros(time)),
            SortKey::Due(Some(time)) => (DUE, micros(time)),
            SortKey::Due(None) => (UNDATED, Vec::new()),
            SortKey::Priority(priority) => (PRIORITY, priority.rank().to_be_bytes().to_vec()),
            SortKey::Title(title) => (TITLE, title.as_bytes().to_vec()),
            SortKey::Sequence(sequence) => (SEQUENCE, sequence.to_be_bytes().to_vec()),
        };
        let mut bytes = vec![VERSION, kind];
        bytes.extend(self.id.as_bytes());
        bytes.extend(key);
        bytes
    }

    /// Reads what [`PagePosition::to_bytes`] wrote, and nothing else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PagePositionError> {
        let [VERSION, kind, rest @ ..] = bytes else {
            return Err(PagePositionError);
        };
        let (id, key) = rest.split_first_chunk::<16>().ok_or(PagePositionError)?;
        let key = match *kind {
            CREATED_AT => SortKey::CreatedAt(time(key)?),
            UPDATED_AT => SortKey::UpdatedAt(time(key)?),
            DUE => SortKey::Due(Some(time(key)?)),
            UNDATED if key.is_empty() => SortKey::Due(None),
            PRIORITY => {
                let rank = key.try_into().map(i16::from_be_bytes).ok();
                SortKey::Priority(
                    rank.and_then(Priority::from_rank)
                        .ok_or(PagePositionError)?,
                )
            }
            TITLE if key.len() <= MAX_TITLE_KEY_BYTES => {
                let title = std::str::from_utf8(key).map_err(|_| PagePositionError)?;
                SortKey::Title(String::from(title))
            }
            SEQUENCE => SortKey::Sequence(integer(key)?),
            _ => return Err(PagePositionError),
        };
        Ok(Self {
            key,
            id: Uuid::from_bytes(*id),
        })
    }
}

fn integer(key: &[u8]) -> Result<i64, PagePositionError> {
    key.try_into()
        .map(i64::from_be_bytes)
        .map_err(|_| PagePositionError)
}

fn time(key: &[u8]) -> Result<Timestamp, PagePositionError> {
    Timestamp::from_microsecond(integer(key)?).map_err(|_| PagePositionError)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn times() -> impl Strategy<Value = Timestamp> {
        let bounds = Timestamp::MIN.as_microsecond()..=Timestamp::MAX.as_microsecond();
        bounds.prop_map(|micros| Timestamp::from_microsecond(micros).unwrap())
    }

    fn keys() -> impl Strategy<Value = SortKey> {
        prop_oneof![
            times().prop_map(SortKey::CreatedAt),
            times().prop_map(SortKey::UpdatedAt),
            prop::option::of(times()).prop_map(SortKey::Due),
            prop::sample::select(&Priority::ALL[..]).prop_map(SortKey::Priority),
            "\\PC{0,255}".prop_map(SortKey::Title),
            any::<i64>().prop_map(SortKey::Sequence),
        ]
    }

    #[test]
    fn a_position_of_another_format_is_refused() {
        let mut bytes = PagePosition {
            key: SortKey::Sequence(7),
            id: Uuid::nil(),
        }
        .to_bytes();
        assert!(PagePosition::from_bytes(&bytes).is_ok());
        bytes[0] = 2;
        assert_eq!(PagePosition::from_bytes(&bytes), Err(PagePositionError));
    }

    #[test]
    fn a_position_with_bytes_missing_or_left_over_is_refused() {
        for key in [
            SortKey::Due(None),
            SortKey::Sequence(1),
            SortKey::Priority(Priority::Low),
        ] {
            let mut bytes = PagePosition {
                key,
                id: Uuid::nil(),
            }
            .to_bytes();
            assert!(PagePosition::from_bytes(&bytes[..bytes.len() - 1]).is_err());
            bytes.push(0);
            assert!(PagePosition::from_bytes(&bytes).is_err());
        }
    }

    proptest! {
        #[test]
        fn a_position_survives_the_way_through_bytes(key in keys(), id in any::<u128>()) {
            prop_assume!(!matches!(&key, SortKey::Title(title) if title.len() > MAX_TITLE_KEY_BYTES));
            let position = PagePosition { key, id: Uuid::from_u128(id) };
            prop_assert_eq!(PagePosition::from_bytes(&position.to_bytes()), Ok(position));
        }

        #[test]
        fn any_bytes_are_a_position_or_an_error(
            version in prop_oneof![Just(VERSION), any::<u8>()],
            kind in 0_u8..9,
            rest in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let bytes = [&[version, kind], rest.as_slice()].concat();
            if let Ok(position) = PagePosition::from_bytes(&bytes) {
                prop_assert_eq!(position.to_bytes(), bytes);
            }
        }
    }
}
