//! Events that did not get to where they were to go.

use domain::AppId;
use store::{FailingRow, Store, StoreError};

use super::State;
use crate::commands::readable;

/// The most dead letters that are counted.
const COUNTED: u32 = 1_000;

/// Whether events are parked.
pub(super) async fn outbox(store: &Store) -> State {
    let depth = async {
        let read = store.read().await?;
        let mut sum = (0_i64, 0_i64);
        for app in AppId::ALL {
            let depth = read.outbox_depth(app).await?;
            sum = (sum.0 + depth.waiting, sum.1 + depth.parked);
        }
        Ok::<_, StoreError>(sum)
    };
    match depth.await {
        Ok((waiting, 0)) => State::Good(format!(
            "{}, none is parked",
            counted(waiting, "waits", "wait")
        )),
        Ok((_, parked)) => State::Attention(
            format!("{} published", counted(parked, "cannot be", "cannot be")),
            "errand outbox list says why; then errand outbox retry or drop.".into(),
        ),
        Err(error) => super::unreadable(&error),
    }
}

/// Whether events wait that the sidecar did not take when they were published last.
pub(super) async fn publishing(store: &Store) -> State {
    let failing = async {
        let read = store.read().await?;
        let mut failing = Vec::new();
        for app in AppId::ALL {
            failing.extend(read.outbox_failing(app).await?);
        }
        Ok::<_, StoreError>(failing)
    };
    let oldest = match failing.await {
        Ok(failing) => failing.into_iter().min_by_key(|row| row.occurred_at),
        Err(error) => return super::unreadable(&error),
    };
    let Some(FailingRow {
        source,
        event_id,
        topic,
        occurred_at,
        reason,
    }) = oldest
    else {
        return State::Good("nothing is held up".into());
    };
    let (topic, reason) = (readable::line(&topic), readable::line(&reason));
    State::Attention(
        format!("{topic} of {source} waits since {occurred_at:.0}, event {event_id}: {reason}"),
        format!(
            "It is tried again until it is out. If it is not allowed, give {source} the right to \
             publish to {topic} (publishingScopes and allowedTopics of the pub/sub component) and \
             start its sidecar again; else see that the sidecar runs and reaches its broker."
        ),
    )
}

/// Whether services gave events up.
pub(super) async fn dead_letters(store: &Store) -> State {
    let letters = async {
        let read = store.read().await?;
        read.dead_letter_list(None, None, COUNTED).await
    };
    match letters.await {
        Ok(letters) if letters.is_empty() => State::Good("none".into()),
        Ok(letters) => {
            let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
            let at_least = if i64::from(COUNTED) <= count {
                "at least "
            } else {
                ""
            };
            State::Attention(
                format!(
                    "{at_least}{} handled",
                    counted(count, "could not be", "could not be")
                ),
                "errand dlq list says why; then errand dlq replay or drop.".into(),
            )
        }
        Err(error) => super::unreadable(&error),
    }
}

/// So many events, with the verb that goes with one or with more.
fn counted(count: i64, one: &str, more: &str) -> String {
    match count {
        1 => format!("1 event {one}"),
        _ => format!("{count} events {more}"),
    }
}
