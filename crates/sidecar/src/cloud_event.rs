//! CloudEvents as Dapr makes and reads them (dapr `pkg/runtime/pubsub/cloudevents.go`,
//! components-contrib `pubsub/envelope.go`).

mod content_type;
mod envelope;
mod json;
mod received;

pub(crate) use self::{
    envelope::{Publication, envelope},
    received::{Received, raw, read},
};

/// A value of metadata, whatever the case of its name.
pub(crate) fn metadata_value<'m>(
    metadata: impl IntoIterator<Item = (&'m String, &'m String)>,
    name: &str,
) -> Option<&'m str> {
    metadata
        .into_iter()
        .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

/// Whether metadata asks for a payload without a CloudEvent around it.
pub(crate) fn is_raw<'m>(metadata: impl IntoIterator<Item = (&'m String, &'m String)>) -> bool {
    metadata_value(metadata, "rawPayload")
        .is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "true" | "t" | "1"))
}
