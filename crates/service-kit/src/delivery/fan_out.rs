//! What every replica takes, to pass it on.

use domain::Topic;
use tokio::time::Instant;
use tracing::{Instrument as _, field};

use super::{Consumer, Message, Verdict};
use crate::{
    handler::{Delivered, FanOut},
    telemetry::adopt_traceparent,
};

impl Consumer {
    /// Passes one event on. There is nothing to deduplicate: whoever is connected drops what it
    /// already has.
    pub(crate) async fn pass_on(
        &self,
        topic: Topic,
        handler: &dyn FanOut,
        message: &Message,
    ) -> Verdict {
        let started = Instant::now();
        let span = tracing::info_span!(
            "event",
            service = self.kit.app().as_str(),
            topic = message.delivery.topic,
            event_id = message.id,
            correlation_id = field::Empty,
        );
        if let Some(traceparent) = &message.delivery.traceparent {
            adopt_traceparent(&span, traceparent);
        }
        let delivered = Delivered {
            id: &message.id,
            event_type: &message.event_type,
            data: &message.data,
            delivery: &message.delivery,
        };
        let passing = async {
            let outcome = self.guard(handler.deliver(delivered)).await;
            let verdict = self.judge(message, &message.name(), outcome).await;
            tracing::debug!(outcome = verdict.label(), "delivered");
            verdict
        };
        let verdict = passing.instrument(span).await;
        self.count_event(topic, verdict, started);
        verdict
    }
}
