//! A call between a service and its sidecar, as it went over the wire.

use bytes::Bytes;
use dapr::dapr::proto::runtime::v1::{
    BindingEventRequest, BulkPublishRequest, PublishEventRequest, SaveStateRequest,
    TopicEventBulkRequest, TopicEventRequest, topic_event_bulk_request_entry::Event as BulkEvent,
};
use domain::AppId;
use http::HeaderMap;
use prost::Message;

/// What stands before a message in gRPC's framing: a flag and the length.
pub(crate) const FRAME_HEADER: usize = 5;

/// A call between a service and its sidecar, in either direction.
#[derive(Clone, Debug)]
pub struct Call {
    /// The service.
    pub app: AppId,
    /// Which replica of it.
    pub replica: usize,
    /// The method's name, such as `OnTopicEvent` or `BulkPublishEvent`.
    pub method: String,
    /// The topic that is published to or delivered from, or the name of the binding.
    pub topic: String,
    /// The ids of the `CloudEvent`s that it carries, or the state keys.
    pub ids: Vec<String>,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn read(
        app: AppId,
        replica: usize,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        let method = path.rsplit('/').next().unwrap_or_default();
        let message = body.get(FRAME_HEADER..).unwrap_or_default();
        let (topic, ids) = contents(method, message).unwrap_or_default();
        Self {
            app,
            replica,
            method: method.to_owned(),
            topic,
            ids,
            path: path.to_owned(),
            headers,
            body,
        }
    }

    /// Whether it is this method of any replica of this service.
    pub fn is(&self, app: AppId, method: &str) -> bool {
        self.app == app && self.method == method
    }

    /// Whether it brings events to this service, one or a batch.
    pub fn delivers(&self, app: AppId, topic: &str) -> bool {
        self.app == app && self.is_delivery() && self.topic == topic
    }

    /// Whether this service publishes by it.
    pub fn publishes(&self, app: AppId, topic: &str) -> bool {
        self.is(app, "BulkPublishEvent") && self.topic == topic
    }

    /// Whether this text, such as a user or the id of a task, is in what it carries.
    pub fn mentions(&self, text: &str) -> bool {
        let text = text.as_bytes();
        self.body.windows(text.len()).any(|window| window == text)
    }

    /// The id and the data of each event that it delivers.
    pub fn events(&self) -> Vec<(String, String)> {
        let text = |data: Vec<u8>| String::from_utf8_lossy(&data).into_owned();
        let message = self.body.get(FRAME_HEADER..).unwrap_or_default();
        match self.method.as_str() {
            "OnTopicEvent" => TopicEventRequest::decode(message)
                .map(|event| vec![(event.id, text(event.data))])
                .unwrap_or_default(),
            "OnBulkTopicEvent" => TopicEventBulkRequest::decode(message)
                .unwrap_or_default()
                .entries
                .into_iter()
                .filter_map(|entry| match entry.event? {
                    BulkEvent::CloudEvent(event) => Some((event.id, text(event.data))),
                    BulkEvent::Bytes(data) => Some((entry.entry_id, text(data))),
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn is_delivery(&self) -> bool {
        matches!(self.method.as_str(), "OnTopicEvent" | "OnBulkTopicEvent")
    }
}

/// The topic and the ids in a message.
fn contents(method: &str, message: &[u8]) -> Option<(String, Vec<String>)> {
    Some(match method {
        "OnTopicEvent" => {
            let request = TopicEventRequest::decode(message).ok()?;
            (request.topic, vec![request.id])
        }
        "OnBulkTopicEvent" => {
            let request = TopicEventBulkRequest::decode(message).ok()?;
            let ids = request.entries.into_iter().map(|entry| match entry.event {
                Some(BulkEvent::CloudEvent(event)) => event.id,
                _ => entry.entry_id,
            });
            (request.topic, ids.collect())
        }
        "OnBindingEvent" => {
            let request = BindingEventRequest::decode(message).ok()?;
            (request.name, Vec::new())
        }
        "PublishEvent" => {
            let mut request = PublishEventRequest::decode(message).ok()?;
            let id = request.metadata.remove("cloudevent.id");
            (request.topic, id.into_iter().collect())
        }
        "BulkPublishEvent" => {
            let request = BulkPublishRequest::decode(message).ok()?;
            let ids = request
                .entries
                .into_iter()
                .filter_map(|mut entry| entry.metadata.remove("cloudevent.id"));
            (request.topic, ids.collect())
        }
        "SaveState" => {
            let request = SaveStateRequest::decode(message).ok()?;
            let keys = request.states.into_iter().map(|state| state.key);
            (String::new(), keys.collect())
        }
        _ => return None,
    })
}
