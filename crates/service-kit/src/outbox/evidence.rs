//! What is known of topics: whether they take events at all.

use std::collections::HashMap;

use domain::Topic;
use tokio::time::Instant;

use super::backoff::pause;
use crate::config::OutboxConfig;

/// What is known of each topic.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    topics: HashMap<Topic, Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Failures in a row that were nobody's fault: something is away.
    outages: u32,
    closed_until: Option<Instant>,
    /// The oldest event that waits for them to end, and why it does, as they were noted last.
    noted: Option<(i64, String)>,
}

impl Evidence {
    /// Something was published.
    pub(super) fn published(&mut self, topic: Topic) {
        self.topics.remove(&topic);
    }

    /// Whether nobody has been told yet that the event at this position waits, and why.
    pub(super) fn is_news(&mut self, topic: Topic, position: i64, reason: &str) -> bool {
        let known = self.topics.entry(topic).or_default();
        let is_news = known
            .noted
            .as_ref()
            .is_none_or(|noted| (noted.0, noted.1.as_str()) != (position, reason));
        if is_news {
            known.noted = Some((position, reason.to_owned()));
        }
        is_news
    }

    /// Something is away: the topic is left alone for a while.
    pub(super) fn outage(&mut self, topic: Topic, config: &OutboxConfig) {
        let known = self.topics.entry(topic).or_default();
        known.outages = known.outages.saturating_add(1);
        known.closed_until = Some(Instant::now() + pause(config, known.outages));
    }

    /// Whether events of the topic may go out now.
    pub(super) fn is_open(&self, topic: Topic) -> bool {
        let closed_until = self.topics.get(&topic).and_then(|known| known.closed_until);
        closed_until.is_none_or(|until| until <= Instant::now())
    }

    /// When the next closed topic opens.
    pub(super) fn next_opening(&self) -> Option<Instant> {
        let now = Instant::now();
        self.topics
            .values()
            .filter_map(|known| known.closed_until)
            .filter(|until| now < *until)
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Reader, Sources};

    fn config() -> OutboxConfig {
        Config::read(&mut Reader::new(Sources::default())).outbox
    }

    #[tokio::test(start_paused = true)]
    async fn a_topic_stays_closed_longer_with_every_outage_and_opens_with_a_success() {
        let (mut evidence, config) = (Evidence::default(), config());
        evidence.outage(Topic::TaskCreated, &config);
        assert!(!evidence.is_open(Topic::TaskCreated));
        assert!(evidence.is_open(Topic::TaskUpdated));
        tokio::time::advance(config.backoff).await;
        assert!(evidence.is_open(Topic::TaskCreated));
        for _ in 0..40 {
            evidence.outage(Topic::TaskCreated, &config);
        }
        let opening = evidence.next_opening().unwrap() - Instant::now();
        assert!(
            config.max_backoff / 2 < opening && opening <= config.max_backoff,
            "{opening:?}"
        );
        evidence.published(Topic::TaskCreated);
        assert!(evidence.is_open(Topic::TaskCreated));
    }
}
