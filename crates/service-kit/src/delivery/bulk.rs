//! Events that come in batches: one partition's, in order.

use std::{collections::HashSet, error::Error};

use domain::{Event, EventId, Topic};
use tokio::time::Instant;
use tracing::{Instrument as _, Level};

use super::{Consumer, Message, Verdict};
use crate::handler::{HandleBatch, HandleError, Received};

/// One event of a batch.
#[derive(Debug, Clone)]
pub(crate) struct BulkEntry {
    /// Tells it from the others of the batch.
    pub(crate) entry_id: String,
    /// What its order among the others hangs on.
    pub(crate) key: Option<String>,
    /// The event.
    pub(crate) message: Message,
}

/// An entry on its way to a verdict.
struct Pending<'a> {
    entry: &'a BulkEntry,
    event: Option<Event>,
    verdict: Option<Verdict>,
}

impl Consumer {
    /// Handles a batch. The verdicts are in the order of the entries.
    pub(crate) async fn deliver_bulk(
        &self,
        topic: Topic,
        handler: &dyn HandleBatch,
        entries: &[BulkEntry],
    ) -> Vec<Verdict> {
        let started = Instant::now();
        let mut batch = self.decode_all(topic, entries).await;
        self.settle_known(&mut batch).await;
        self.handle_rest(handler, &mut batch).await;
        let mut done: Vec<EventId> = Vec::new();
        for pending in &batch {
            if let (Some(Verdict::Success), Some(event)) = (pending.verdict, &pending.event) {
                self.record_age(event);
                done.push(event.id);
            }
        }
        self.processed.remember(&done).await;
        for pending in &batch {
            let verdict = pending.verdict.unwrap_or(Verdict::Retry);
            self.count_event(topic, verdict, started);
            self.log_delivered(pending, verdict);
        }
        let keys = batch.iter().map(|pending| key(pending));
        let verdicts = batch
            .iter()
            .map(|pending| pending.verdict.unwrap_or(Verdict::Retry));
        keep_order(&keys.zip(verdicts).collect::<Vec<_>>())
    }

    /// A line for each event under its own correlation id, where anybody wants to see it.
    fn log_delivered(&self, pending: &Pending<'_>, verdict: Verdict) {
        if let Some(event) = &pending.event
            && tracing::enabled!(Level::DEBUG)
        {
            let span = self.event_span(event, &pending.entry.message);
            span.in_scope(|| tracing::debug!(outcome = verdict.label(), "delivered"));
        }
    }

    async fn decode_all<'a>(&self, topic: Topic, entries: &'a [BulkEntry]) -> Vec<Pending<'a>> {
        let mut batch = Vec::with_capacity(entries.len());
        for entry in entries {
            if entry.message.is_canary() {
                batch.push(Pending {
                    entry,
                    event: None,
                    verdict: Some(Verdict::Success),
                });
                continue;
            }
            batch.push(match proto::event::decode(topic, &entry.message.data) {
                Ok(event) => Pending {
                    entry,
                    event: Some(event),
                    verdict: None,
                },
                Err(error) => {
                    let verdict = self
                        .give_up_undecodable(topic, &entry.message, &error)
                        .await;
                    Pending {
                        entry,
                        event: None,
                        verdict: Some(verdict),
                    }
                }
            });
        }
        batch
    }

    /// What was handled before is done, and so is the second of two entries with the same event
    /// once the first is.
    async fn settle_known(&self, batch: &mut [Pending<'_>]) {
        let known = self
            .processed
            .contained(
                batch
                    .iter()
                    .filter_map(|pending| Some(pending.event.as_ref()?.id)),
            )
            .await;
        for pending in batch.iter_mut() {
            if pending
                .event
                .as_ref()
                .is_some_and(|event| known.contains(&event.id))
            {
                pending.verdict = Some(Verdict::Success);
            }
        }
    }

    /// All in one transaction; if that fails and the world is not down, each alone, so that one bad
    /// event does not take the others with it.
    async fn handle_rest(&self, handler: &dyn HandleBatch, batch: &mut [Pending<'_>]) {
        let mut seen = HashSet::new();
        let rest: Vec<Received<'_>> = batch
            .iter()
            .filter(|pending| pending.verdict.is_none())
            .filter_map(|pending| {
                let event = pending.event.as_ref()?;
                seen.insert(event.id).then_some(Received {
                    event,
                    delivery: &pending.entry.message.delivery,
                })
            })
            .collect();
        if rest.is_empty() {
            return;
        }
        let outcome = self.run_batch(handler, &rest).await;
        match outcome {
            Ok(()) => set_rest(batch, Verdict::Success),
            Err(error @ HandleError::Transient(_)) => {
                tracing::warn!(
                    error = &error as &dyn Error,
                    events = rest.len(),
                    "the batch comes again"
                );
                set_rest(batch, Verdict::Retry);
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn Error,
                    events = rest.len(),
                    "the batch is handled one by one"
                );
                self.handle_one_by_one(handler, batch).await;
            }
        }
    }

    async fn handle_one_by_one(&self, handler: &dyn HandleBatch, batch: &mut [Pending<'_>]) {
        for pending in batch.iter_mut() {
            if pending.verdict.is_some() {
                continue;
            }
            let Some(event) = &pending.event else {
                continue;
            };
            let message = &pending.entry.message;
            let received = Received {
                event,
                delivery: &message.delivery,
            };
            let handling = async {
                let outcome = self.run_batch(handler, &[received]).await;
                let is_down = matches!(outcome, Err(HandleError::Transient(_)));
                let verdict = self.judge(message, &event.id.to_string(), outcome).await;
                (is_down, verdict)
            };
            let span = self.event_span(event, message);
            let (is_down, verdict) = handling.instrument(span).await;
            pending.verdict = Some(verdict);
            if is_down {
                set_rest(batch, Verdict::Retry);
                return;
            }
        }
    }
}

fn set_rest(batch: &mut [Pending<'_>], verdict: Verdict) {
    for pending in batch {
        pending.verdict.get_or_insert(verdict);
    }
}

/// What the order of an entry hangs on. An entry that does not tell has its owner's.
fn key(pending: &Pending<'_>) -> Option<String> {
    let owner = || {
        pending
            .event
            .as_ref()
            .map(|event| event.user_id.to_string())
    };
    pending.entry.key.clone().or_else(owner)
}

/// An entry that comes again does so after the later ones of its batch. To keep the order of its
/// key, those of the same key come again with it. Without a key all later ones do.
fn keep_order(entries: &[(Option<String>, Verdict)]) -> Vec<Verdict> {
    let mut coming_again: HashSet<&str> = HashSet::new();
    let mut all_come_again = false;
    entries
        .iter()
        .map(|(key, verdict)| {
            let follows =
                all_come_again || key.as_deref().is_some_and(|key| coming_again.contains(key));
            let verdict = if follows { Verdict::Retry } else { *verdict };
            match (verdict, key) {
                (Verdict::Retry, Some(key)) => {
                    coming_again.insert(key);
                }
                (Verdict::Retry, None) => all_come_again = true,
                _ => {}
            }
            verdict
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Verdict::*, *};

    fn check(entries: &[(&str, Verdict)], expected: &[Verdict]) {
        let key = |key: &str| (!key.is_empty()).then(|| key.to_owned());
        let entries: Vec<_> = entries
            .iter()
            .map(|(name, verdict)| (key(name), *verdict))
            .collect();
        assert_eq!(keep_order(&entries), expected);
    }

    #[test]
    fn later_entries_of_a_key_come_again_with_the_first() {
        check(
            &[("a", Success), ("b", Retry), ("a", Success), ("b", Success)],
            &[Success, Retry, Success, Retry],
        );
        check(
            &[("a", Retry), ("a", Drop), ("b", Drop)],
            &[Retry, Retry, Drop],
        );
        check(&[("a", Success), ("a", Retry)], &[Success, Retry]);
        check(&[("", Retry), ("a", Success)], &[Retry, Retry]);
        check(&[("a", Retry), ("", Success)], &[Retry, Success]);
        check(&[], &[]);
    }
}
