//! Delivery of many events a call: `OnBulkTopicEvent`.

use std::{collections::HashMap, sync::Arc};

use dapr::dapr::proto::runtime::v1::{
    TopicEventBulkRequest, TopicEventBulkRequestEntry, TopicEventBulkResponse, TopicEventCeRequest,
    topic_event_bulk_request_entry::Event,
};
use tonic::{Code, Request, Response, Status};

use super::{Interrupted, Outcome, Worker, metadata};
use crate::{engine::Message, identifiers};

/// An event of a batch with its name in the batch, which it keeps through every attempt.
struct Entry {
    id: String,
    message: Arc<Message>,
}

impl Worker {
    /// Delivers a batch of one partition. Only the entries that ask for it are sent again, alone,
    /// and the partition waits for them.
    pub(super) async fn deliver_bulk(&self, messages: &[Arc<Message>]) -> Result<(), Interrupted> {
        let named = messages.iter().enumerate();
        let mut waiting: Vec<Entry> = named
            .map(|(index, message)| Entry {
                id: index.to_string(),
                message: Arc::clone(message),
            })
            .collect();
        loop {
            waiting = self.attempt_bulk(waiting).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            self.pause().await?;
        }
    }

    /// Sends the entries and returns those that have to be sent again.
    async fn attempt_bulk(&self, entries: Vec<Entry>) -> Result<Vec<Entry>, Interrupted> {
        let mut again = Vec::new();
        let mut sent = Vec::new();
        let mut events = Vec::new();
        for entry in entries {
            match self.bulk_event(&entry) {
                Ok(event) => {
                    events.push(event);
                    sent.push(entry);
                }
                Err(outcome) => {
                    if self.settle(&entry.message, outcome).await == Outcome::Retry {
                        again.push(entry);
                    }
                }
            }
        }
        if sent.is_empty() {
            return Ok(again);
        }
        let response = self.call_bulk(self.bulk_request(events)).await?;
        let outcomes = Outcomes::of(response);
        for entry in sent {
            let outcome = outcomes.of_entry(&entry.id);
            if self.settle(&entry.message, outcome).await == Outcome::Retry {
                again.push(entry);
            }
        }
        again.sort_by_key(|entry| entry.message.offset);
        Ok(again)
    }

    /// An app that only knows the callback by its older name is called by that.
    #[expect(deprecated, reason = "daprd falls back to the older name too")]
    async fn call_bulk(
        &self,
        request: TopicEventBulkRequest,
    ) -> Result<Result<TopicEventBulkResponse, Status>, Interrupted> {
        let app = &self.app;
        let mut client = app.callback();
        let call = client.on_bulk_topic_event(self.with_metadata(request.clone()));
        let mut response = self.until_drained(call).await?.map(Response::into_inner);
        if matches!(&response, Err(status) if status.code() == Code::Unimplemented) {
            let mut client = app.callback_alpha();
            let call = client.on_bulk_topic_event_alpha1(self.with_metadata(request));
            response = self.until_drained(call).await?.map(Response::into_inner);
        }
        if let Err(status) = &response {
            tracing::debug!(topic = self.subscription.topic, %status, "a batch was not accepted");
        }
        Ok(response)
    }

    fn with_metadata(&self, request: TopicEventBulkRequest) -> Request<TopicEventBulkRequest> {
        let mut request = self.app.request(request);
        if let Ok(pubsub) = self.subscription.pubsub.parse() {
            request.metadata_mut().insert("pubsubname", pubsub);
        }
        request
    }

    fn bulk_request(&self, entries: Vec<TopicEventBulkRequestEntry>) -> TopicEventBulkRequest {
        TopicEventBulkRequest {
            id: identifiers::random().to_string(),
            entries,
            metadata: HashMap::from([("pubsubName".to_owned(), self.subscription.pubsub.clone())]),
            topic: self.subscription.topic.clone(),
            pubsub_name: self.subscription.pubsub.clone(),
            r#type: "com.dapr.event.sent.bulk".to_owned(),
            path: self.subscription.path.clone(),
        }
    }

    fn bulk_event(&self, entry: &Entry) -> Result<TopicEventBulkRequestEntry, Outcome> {
        let message = &entry.message;
        let received = self.read(message)?;
        let event = if self.subscription.raw {
            Event::Bytes(received.data)
        } else {
            Event::CloudEvent(TopicEventCeRequest {
                id: received.id,
                source: received.source,
                r#type: received.kind,
                spec_version: received.spec_version,
                data_content_type: received.content_type,
                data: received.data,
                extensions: Some(received.extensions),
            })
        };
        let mut place =
            metadata::of_message(&self.topic, &self.partition, message, &self.subscription);
        place.remove("pubsubName");
        Ok(TopicEventBulkRequestEntry {
            entry_id: entry.id.clone(),
            content_type: String::new(),
            metadata: place.into_iter().collect(),
            event: Some(event),
        })
    }
}

/// What the app said about the entries of a batch.
enum Outcomes {
    /// The same about all.
    All(Outcome),
    /// By entry; what it left out is sent again.
    Each(HashMap<String, Outcome>),
}

impl Outcomes {
    fn of(response: Result<TopicEventBulkResponse, Status>) -> Self {
        match response {
            Ok(response) => Self::Each(
                response
                    .statuses
                    .into_iter()
                    .map(|entry| (entry.entry_id, Outcome::of_status(entry.status)))
                    .collect(),
            ),
            Err(status) if status.code() == Code::Unimplemented => Self::All(Outcome::Lost),
            Err(_) => Self::All(Outcome::Retry),
        }
    }

    fn of_entry(&self, id: &str) -> Outcome {
        match self {
            Self::All(outcome) => *outcome,
            Self::Each(outcomes) => outcomes.get(id).copied().unwrap_or(Outcome::Retry),
        }
    }
}
