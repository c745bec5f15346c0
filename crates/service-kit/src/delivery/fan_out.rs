//! Events that every replica takes, to pass them on.

use domain::Topic;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::{Consumer, Message, Verdict};
use crate::handler::{FanOut, Received};

impl Consumer {
    /// Passes one event on. There is nothing to deduplicate: whoever is connected drops what it already has.
    pub(crate) async fn pass_on(
        &self,
        topic: Topic,
        handler: &dyn FanOut,
        message: &Message,
    ) -> Verdict {
        let started = Instant::now();
        let event = match proto::event::decode(topic, &message.data) {
            Ok(event) => event,
            Err(error) => return self.give_up_undecodable(topic, message, &error).await,
        };
        let received = Received {
            event: &event,
            delivery: &message.delivery,
        };
        let passing = async {
            let outcome = self.guard(handler.deliver(received)).await;
            self.judge(message, &event.id.to_string(), outcome).await
        };
        let verdict = passing.instrument(self.event_span(&event, message)).await;
        self.count_event(topic, verdict, started);
        verdict
    }
}
