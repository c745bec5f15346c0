//! What of the events has not reached those it is for.

use std::collections::BTreeMap;

use domain::AppId;
use store::{Store, StoreError};

/// How many dead letters are told, at most.
const MOST_LETTERS: u32 = 10;

/// What of the events has not reached those it is for.
#[derive(Debug, PartialEq, Eq)]
pub struct Left {
    /// Events that wait to be published, and those that cannot be, by service.
    pub outbox: BTreeMap<AppId, (i64, i64)>,
    /// Events that a service could not handle, with the reason.
    pub dead_letters: Vec<String>,
}

impl Left {
    /// Looks into a database, whether services work on it or not.
    pub async fn in_store(store: &Store) -> Result<Self, StoreError> {
        let read = store.read().await?;
        let mut outbox = BTreeMap::new();
        for app in AppId::ALL {
            let depth = read.outbox_depth(app).await?;
            outbox.insert(app, (depth.waiting, depth.parked));
        }
        outbox.retain(|_, depth| *depth != (0, 0));
        let letters = read.dead_letter_list(None, None, MOST_LETTERS).await?;
        let letters = letters.into_iter();
        Ok(Self {
            outbox,
            dead_letters: letters
                .map(|letter| format!("{} {}: {}", letter.consumer, letter.topic, letter.reason))
                .collect(),
        })
    }

    /// Whether there is nothing.
    pub fn is_nothing(&self) -> bool {
        self.outbox.is_empty() && self.dead_letters.is_empty()
    }
}
