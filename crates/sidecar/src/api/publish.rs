//! Publishing (dapr `pkg/api/grpc/grpc.go`, components-contrib `common/component/kafka/producer.go`).

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use dapr::dapr::proto::runtime::v1::{
    BulkPublishRequest, BulkPublishResponse, PublishEventRequest,
};
use tonic::{Request, Response, Status, metadata::MetadataMap};

use super::storage_failed;
use crate::{
    cloud_event::{self, Publication},
    config::PubSubComponent,
    engine::Record,
    sidecar::Runtime,
};

pub(super) async fn publish_event(
    runtime: &Runtime,
    request: Request<PublishEventRequest>,
) -> Result<Response<()>, Status> {
    let trace = Trace::of(request.metadata());
    let request = request.into_inner();
    let component = component(runtime, &request.pubsub_name, &request.topic)?;
    let publication = Publication {
        app_id: &runtime.app_id,
        pubsub: &component.name,
        topic: &request.topic,
        data: &request.data,
        content_type: &request.data_content_type,
        trace_parent: trace.parent.as_deref(),
        trace_state: trace.state.as_deref(),
        time: DateTime::<Utc>::from(runtime.engine.clock().now()),
    };
    let value = cloud_event::envelope(&publication, &request.metadata)
        .map_err(|error| Status::invalid_argument(error.to_string()))?;
    let record = record(value, request.metadata)?;
    let size = size(&record);
    if size > LARGEST_EVENT {
        return Err(Status::internal(format!(
            "error when publish to topic {} in pubsub {}: kafka: Attempt to produce message larger than configured Producer.MaxMessageBytes: {size} > {LARGEST_EVENT}",
            request.topic, component.name
        )));
    }
    append(runtime, component, &request.topic, vec![record]).await?;
    Ok(Response::new(()))
}

/// Publishes many events. As through daprd and Kafka, a call of which one event is too large fails
/// as a whole although the others are written, and nothing says which one it was.
pub(super) async fn bulk_publish_event(
    runtime: &Runtime,
    request: Request<BulkPublishRequest>,
) -> Result<Response<BulkPublishResponse>, Status> {
    let trace = Trace::of(request.metadata());
    let request = request.into_inner();
    let component = component(runtime, &request.pubsub_name, &request.topic)?;
    let mut seen = HashSet::new();
    for entry in &request.entries {
        if entry.entry_id.is_empty() {
            return Err(Status::invalid_argument(format!(
                "error when marshal cloud event envelope for topic {}: entryId is empty",
                request.topic
            )));
        }
        if !seen.insert(entry.entry_id.as_str()) {
            return Err(Status::invalid_argument(format!(
                "error when marshal cloud event envelope for topic {}: entryId {} is duplicated",
                request.topic, entry.entry_id
            )));
        }
    }

    let time = DateTime::<Utc>::from(runtime.engine.clock().now());
    let mut records = Vec::with_capacity(request.entries.len());
    let mut too_large = 0;
    for mut entry in request.entries {
        // For the envelope the entry's metadata wins, and the request's counts only beside it.
        let mut for_envelope = entry.metadata.clone();
        if !for_envelope.is_empty() {
            for (name, value) in &request.metadata {
                for_envelope
                    .entry(name.clone())
                    .or_insert_with(|| value.clone());
            }
        }
        let publication = Publication {
            app_id: &runtime.app_id,
            pubsub: &component.name,
            topic: &request.topic,
            data: &entry.event,
            content_type: &entry.content_type,
            trace_parent: trace.parent.as_deref(),
            trace_state: trace.state.as_deref(),
            time,
        };
        let value = cloud_event::envelope(&publication, &for_envelope)
            .map_err(|error| Status::invalid_argument(error.to_string()))?;
        // In the Kafka client it is the other way round: the request's metadata overwrites.
        entry.metadata.extend(request.metadata.clone());
        let record = record(value, entry.metadata)?;
        if size(&record) > LARGEST_EVENT {
            too_large += 1;
        } else {
            records.push(record);
        }
    }
    if !records.is_empty() {
        append(runtime, component, &request.topic, records).await?;
    }
    if too_large > 0 {
        return Err(Status::internal(format!(
            "error when publish to topic {} in pubsub {}: kafka: Failed to deliver {too_large} messages.",
            request.topic, component.name
        )));
    }
    Ok(Response::new(BulkPublishResponse {
        failed_entries: Vec::new(),
    }))
}

/// The trace of a publishing call.
struct Trace {
    parent: Option<String>,
    state: Option<String>,
}

impl Trace {
    fn of(metadata: &MetadataMap) -> Self {
        let text = |name| {
            metadata
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        Self {
            parent: text("traceparent"),
            state: text("tracestate"),
        }
    }
}

fn component<'r>(
    runtime: &'r Runtime,
    pubsub: &str,
    topic: &str,
) -> Result<&'r PubSubComponent, Status> {
    if pubsub.is_empty() {
        return Err(Status::invalid_argument("pubsub name is empty"));
    }
    let Some(component) = runtime.pubsub_component(pubsub) else {
        return Err(Status::invalid_argument(format!(
            "pubsub {pubsub} is not found"
        )));
    };
    if topic.is_empty() {
        return Err(Status::invalid_argument(format!(
            "topic is empty in pubsub {pubsub}"
        )));
    }
    if !component.may_publish(topic) {
        return Err(Status::permission_denied(format!(
            "topic {topic} is not allowed for app id {}",
            runtime.app_id
        )));
    }
    Ok(component)
}

fn record(value: Bytes, metadata: HashMap<String, String>) -> Result<Record, Status> {
    Record::of_metadata(value, metadata.into_iter().collect())
        .map_err(|error| Status::internal(error.to_string()))
}

/// What Kafka counts: the payload, the key, the headers, and some bytes around them.
fn size(record: &Record) -> usize {
    let headers: usize = record
        .headers
        .iter()
        .map(|(name, value)| name.len() + value.len() + 10)
        .sum();
    36 + record.value.len() + record.key.as_ref().map_or(0, String::len) + headers
}

async fn append(
    runtime: &Runtime,
    component: &PubSubComponent,
    topic: &str,
    records: Vec<Record>,
) -> Result<(), Status> {
    let bytes = records.iter().map(size).sum();
    let count = records.len() as u64;
    let _admitted = runtime
        .engine
        .admit(bytes)
        .await
        .map_err(|_closed| Status::unavailable("the engine is closed"))?;
    runtime
        .engine
        .log()
        .append(topic, records)
        .await
        .map_err(|error| {
            storage_failed(
                &format!(
                    "error when publish to topic {topic} in pubsub {}",
                    component.name
                ),
                &error,
            )
        })?;
    metrics::counter!("sidecar_published_total", "app" => runtime.app_id.clone(), "topic" => topic.to_owned())
        .increment(count);
    Ok(())
}

/// The largest event with all that belongs to it, in bytes.
const LARGEST_EVENT: usize = 1 << 20;
