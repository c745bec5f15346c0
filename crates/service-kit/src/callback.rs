//! What the sidecar calls: `AppCallback` and `AppCallbackHealthCheck`, on the generated traits.
//!
//! The subscriptions are a static table, told from the moment the port is bound. Nothing here
//! answers UNIMPLEMENTED to a delivery (the sidecar takes that for an acknowledgement and the event
//! is lost), and nothing unknown is accepted.

mod guard;
mod health_check;
mod subscriptions;

use std::sync::Arc;

use dapr::dapr::proto::{
    common::v1::{InvokeRequest, InvokeResponse},
    runtime::v1::{
        BindingEventRequest, BindingEventResponse, JobEventRequest, JobEventResponse,
        ListInputBindingsResponse, ListTopicSubscriptionsResponse, TopicEventBulkRequest,
        TopicEventBulkResponse, TopicEventBulkResponseEntry, TopicEventRequest, TopicEventResponse,
        app_callback_server::AppCallback,
    },
};
use tonic::{Request, Response, Status, async_trait};

pub(crate) use self::{
    guard::{CallbackGuard, refuse_strangers},
    health_check::HealthCheck,
    subscriptions::SubscriptionTable,
};
use crate::{
    canary::Canary,
    delivery::{BindingOutcome, BulkEntry, Consumer, Message, Verdict, origin, partition_key},
    service::{Consume, TopicRoute},
};

/// The callback server of one service. A cheap handle.
#[derive(Clone)]
pub(crate) struct Callback(Arc<Parts>);

struct Parts {
    consumer: Consumer,
    subscriptions: SubscriptionTable,
    canary: Canary,
}

impl Callback {
    pub(crate) fn new(
        consumer: Consumer,
        subscriptions: SubscriptionTable,
        canary: Canary,
    ) -> Self {
        Self(Arc::new(Parts {
            consumer,
            subscriptions,
            canary,
        }))
    }

    async fn deliver(&self, pubsub: &str, message: Message, origin: Option<String>) -> Verdict {
        let Parts {
            consumer,
            subscriptions,
            canary,
        } = &*self.0;
        let topic = message.delivery.topic.as_str();
        if topic == subscriptions.canary_topic() {
            canary.seen(pubsub);
            return Verdict::Success;
        }
        if topic == subscriptions.dead_letter_topic() {
            return consumer.keep_dead_letter(&message, origin).await;
        }
        match consumer.route(topic) {
            None => unknown_topic(topic),
            Some(TopicRoute { topic, consume }) => match consume {
                Consume::Single(handler) => {
                    consumer.deliver(*topic, handler.as_ref(), &message).await
                }
                Consume::FanOut(handler) => {
                    consumer.pass_on(*topic, handler.as_ref(), &message).await
                }
                Consume::Bulk(handler, _) => {
                    let entry = BulkEntry {
                        entry_id: String::new(),
                        key: None,
                        message,
                    };
                    let verdicts = consumer
                        .deliver_bulk(*topic, handler.as_ref(), &[entry])
                        .await;
                    verdicts.first().copied().unwrap_or(Verdict::Retry)
                }
            },
        }
    }
}

#[async_trait]
impl AppCallback for Callback {
    async fn list_topic_subscriptions(
        &self,
        _request: Request<()>,
    ) -> Result<Response<ListTopicSubscriptionsResponse>, Status> {
        let subscriptions = self.0.subscriptions.entries().to_vec();
        Ok(Response::new(ListTopicSubscriptionsResponse {
            subscriptions,
        }))
    }

    async fn list_input_bindings(
        &self,
        _request: Request<()>,
    ) -> Result<Response<ListInputBindingsResponse>, Status> {
        let bindings = self.0.subscriptions.bindings().to_vec();
        Ok(Response::new(ListInputBindingsResponse { bindings }))
    }

    async fn on_topic_event(
        &self,
        request: Request<TopicEventRequest>,
    ) -> Result<Response<TopicEventResponse>, Status> {
        let (metadata, _, mut event) = request.into_parts();
        let pubsub = std::mem::take(&mut event.pubsub_name);
        let origin = origin(&event, &metadata);
        let message = Message::single(event, &metadata);
        let status = self.deliver(&pubsub, message, origin).await.status();
        Ok(Response::new(TopicEventResponse { status }))
    }

    async fn on_bulk_topic_event(
        &self,
        request: Request<TopicEventBulkRequest>,
    ) -> Result<Response<TopicEventBulkResponse>, Status> {
        let request = request.into_inner();
        let entries: Vec<BulkEntry> = request
            .entries
            .into_iter()
            .map(|entry| BulkEntry {
                entry_id: entry.entry_id.clone(),
                key: partition_key(&entry.metadata),
                message: Message::bulk(&request.topic, entry),
            })
            .collect();
        let consumer = &self.0.consumer;
        let verdicts = match consumer.route(&request.topic) {
            Some(TopicRoute {
                topic,
                consume: Consume::Bulk(handler, _),
            }) => {
                consumer
                    .deliver_bulk(*topic, handler.as_ref(), &entries)
                    .await
            }
            // We asked for single events of this topic, or for none; they are taken in their order,
            // and nothing after one that comes again.
            _ => self.deliver_in_order(&request.pubsub_name, &entries).await,
        };
        let statuses = entries
            .into_iter()
            .zip(verdicts)
            .map(|(entry, verdict)| TopicEventBulkResponseEntry {
                entry_id: entry.entry_id,
                status: verdict.status(),
            })
            .collect();
        Ok(Response::new(TopicEventBulkResponse { statuses }))
    }

    async fn on_binding_event(
        &self,
        request: Request<BindingEventRequest>,
    ) -> Result<Response<BindingEventResponse>, Status> {
        let consumer = &self.0.consumer;
        let name = request.into_inner().name;
        let Some(route) = consumer.binding(&name) else {
            tracing::error!(binding = name, "a binding fired that nobody handles");
            metrics::counter!("errand_unknown_bindings_total").increment(1);
            return Err(Status::unavailable("there is no handler for this binding"));
        };
        match consumer.fire(route).await {
            BindingOutcome::Ran | BindingOutcome::Skipped => {
                Ok(Response::new(BindingEventResponse::default()))
            }
            BindingOutcome::Failed => {
                Err(Status::unavailable("the handler of this binding failed"))
            }
        }
    }

    async fn on_job_event(
        &self,
        request: Request<JobEventRequest>,
    ) -> Result<Response<JobEventResponse>, Status> {
        // NOT_FOUND would count as success.
        tracing::error!(
            job = request.into_inner().name,
            "a job fired that nobody handles"
        );
        Err(Status::unavailable("there is no handler for this job"))
    }

    async fn on_invoke(
        &self,
        _request: Request<InvokeRequest>,
    ) -> Result<Response<InvokeResponse>, Status> {
        Err(Status::not_found(
            "services are called by gRPC proxying, not by InvokeService",
        ))
    }
}

impl Callback {
    async fn deliver_in_order(&self, pubsub: &str, entries: &[BulkEntry]) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(entries.len());
        for entry in entries {
            let comes_again = verdicts.last() == Some(&Verdict::Retry);
            verdicts.push(if comes_again {
                Verdict::Retry
            } else {
                self.deliver(pubsub, entry.message.clone(), None).await
            });
        }
        verdicts
    }
}

/// Another version of this service may have asked for the topic; it comes again until it meets one
/// that knows it.
fn unknown_topic(topic: &str) -> Verdict {
    tracing::error!(topic, "an event of a topic that nobody handles");
    metrics::counter!("errand_unknown_topics_total").increment(1);
    Verdict::Retry
}
