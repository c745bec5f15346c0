//! What is known of topics: whether they take events at all, and so whether a failure is an event's
//! own fault.

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
    last_success: Option<Instant>,
    /// An event was parked though nothing else had been published on the topic meanwhile. Until
    /// something is, no second one is: the topic itself may be what is broken.
    is_doubtful: bool,
}

impl Evidence {
    /// Something was published.
    pub(super) fn published(&mut self, topic: Topic) {
        self.topics.insert(
            topic,
            Known {
                last_success: Some(Instant::now()),
                ..Known::default()
            },
        );
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

    /// Whether an event that has been failing alone since `since`, while a probe on another topic
    /// got through, may be parked. The best proof is another event of its own topic that got
    /// through meanwhile. Without one the first event is believed to be at fault, and the next ones
    /// are not.
    pub(super) fn allows_parking(&mut self, topic: Topic, since: Instant) -> bool {
        let known = self.topics.entry(topic).or_default();
        if known.last_success.is_some_and(|success| since <= success) {
            return true;
        }
        !std::mem::replace(&mut known.is_doubtful, true)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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

    #[tokio::test(start_paused = true)]
    async fn without_a_success_on_the_topic_only_one_event_is_parked() {
        let mut evidence = Evidence::default();
        let since = Instant::now();
        assert!(evidence.allows_parking(Topic::TaskCreated, since));
        assert!(!evidence.allows_parking(Topic::TaskCreated, since));
        assert!(evidence.allows_parking(Topic::TaskUpdated, since));
        tokio::time::advance(Duration::from_secs(1)).await;
        evidence.published(Topic::TaskCreated);
        assert!(evidence.allows_parking(Topic::TaskCreated, since));
        assert!(evidence.allows_parking(Topic::TaskCreated, since));
    }
}
