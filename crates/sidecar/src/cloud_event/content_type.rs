//! Kinds of content, as components-contrib's `contenttype` tells them apart.

pub(super) const JSON: &str = "application/json";
pub(super) const TEXT: &str = "text/plain";
pub(super) const BINARY: &str = "application/octet-stream";

/// `application/json`; types that only end in `+json` are not meant.
pub(super) fn is_json(content_type: &str) -> bool {
    essence(content_type) == JSON
}

/// What is carried as text and delivered as it was.
pub(super) fn is_text(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence.starts_with("text/") || essence == "application/xml"
}

/// What is carried as base64.
pub(super) fn is_binary(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence == BINARY || essence == "application/cloudevents+protobuf"
}

/// A payload that is a CloudEvent already.
pub(super) fn is_cloud_event(content_type: &str) -> bool {
    essence(content_type) == "application/cloudevents+json"
}

fn essence(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}
