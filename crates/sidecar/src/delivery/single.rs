//! Delivery of one event a call: `OnTopicEvent`.

use dapr::dapr::proto::runtime::v1::TopicEventRequest;
use tonic::{Code, Request};

use super::{Interrupted, Outcome, Worker, metadata};
use crate::{cloud_event::Received, engine::Message};

impl Worker {
    /// Delivers an event again and again until its outcome is final.
    pub(super) async fn deliver_single(&self, message: &Message) -> Result<(), Interrupted> {
        loop {
            let outcome = self.attempt(message).await?;
            if self.settle(message, outcome).await != Outcome::Retry {
                return Ok(());
            }
            self.pause().await?;
        }
    }

    async fn attempt(&self, message: &Message) -> Result<Outcome, Interrupted> {
        let received = match self.read(message) {
            Ok(received) => received,
            Err(outcome) => return Ok(outcome),
        };
        let Some(request) = self.single_request(message, received) else {
            return Ok(Outcome::Retry);
        };
        let mut client = self.app.callback();
        let response = self.until_drained(client.on_topic_event(request)).await?;
        Ok(match response {
            Ok(response) => Outcome::of_status(response.into_inner().status),
            Err(status) if status.code() == Code::Unimplemented => Outcome::Lost,
            Err(status) => {
                tracing::debug!(topic = self.subscription.topic, offset = message.offset, %status, "an event was not accepted");
                Outcome::Retry
            }
        })
    }

    /// The request, unless metadata of the event cannot travel as gRPC metadata. Such an event is
    /// never delivered, as in daprd.
    fn single_request(
        &self,
        message: &Message,
        received: Received,
    ) -> Option<Request<TopicEventRequest>> {
        let trace_parent = received
            .extension("traceparent")
            .and_then(|value| value.parse().ok());
        let mut request = self.app.request(TopicEventRequest {
            id: received.id,
            source: received.source,
            r#type: received.kind,
            spec_version: received.spec_version,
            data_content_type: received.content_type,
            data: received.data,
            topic: self.subscription.topic.clone(),
            pubsub_name: self.subscription.pubsub.clone(),
            path: self.subscription.path.clone(),
            extensions: Some(received.extensions),
        });
        let place = metadata::of_message(&self.topic, &self.partition, message, &self.subscription);
        if let Err(name) = metadata::as_grpc(&place, request.metadata_mut()) {
            tracing::error!(
                topic = self.subscription.topic,
                offset = message.offset,
                name,
                "metadata of an event cannot travel as gRPC metadata: the event cannot be delivered"
            );
            return None;
        }
        if let Some(trace_parent) = trace_parent {
            request.metadata_mut().insert("traceparent", trace_parent);
        }
        Some(request)
    }
}
