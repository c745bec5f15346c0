//! The callbacks of the scripted app.

use std::sync::Arc;

use dapr::dapr::proto::{
    common::v1::{InvokeRequest, InvokeResponse},
    runtime::v1::{
        BindingEventRequest, BindingEventResponse, HealthCheckResponse, JobEventRequest,
        JobEventResponse, ListInputBindingsResponse, ListTopicSubscriptionsResponse,
        TopicEventBulkRequest, TopicEventBulkResponse, TopicEventBulkResponseEntry,
        TopicEventRequest, TopicEventResponse, app_callback_alpha_server::AppCallbackAlpha,
        app_callback_health_check_server::AppCallbackHealthCheck, app_callback_server::AppCallback,
    },
};
use tonic::{Request, Response, Status, async_trait};

use super::{Record, Reply, Script, Tick, readable};

#[derive(Clone)]
pub(super) struct Callbacks {
    pub(super) script: Arc<Script>,
    pub(super) record: Arc<Record>,
}

impl Callbacks {
    fn batch(
        &self,
        request: Request<TopicEventBulkRequest>,
        alpha: bool,
    ) -> Result<Response<TopicEventBulkResponse>, Status> {
        let (metadata, _extensions, message) = request.into_parts();
        let batch = self.record.add_batch(message, &metadata, alpha);
        let statuses = self.script.statuses(&batch)?;
        let statuses = statuses
            .into_iter()
            .map(|(entry_id, status)| TopicEventBulkResponseEntry { entry_id, status })
            .collect();
        Ok(Response::new(TopicEventBulkResponse { statuses }))
    }
}

#[async_trait]
impl AppCallback for Callbacks {
    async fn on_invoke(
        &self,
        _request: Request<InvokeRequest>,
    ) -> Result<Response<InvokeResponse>, Status> {
        Err(Status::unimplemented("not part of the suite"))
    }

    async fn list_topic_subscriptions(
        &self,
        request: Request<()>,
    ) -> Result<Response<ListTopicSubscriptionsResponse>, Status> {
        self.record
            .add_call("ListTopicSubscriptions", request.metadata());
        let subscriptions = self.script.subscriptions()?;
        Ok(Response::new(ListTopicSubscriptionsResponse {
            subscriptions,
        }))
    }

    async fn on_topic_event(
        &self,
        request: Request<TopicEventRequest>,
    ) -> Result<Response<TopicEventResponse>, Status> {
        let (metadata, _extensions, event) = request.into_parts();
        let delivery = self.record.add_delivery(event, &metadata);
        match self.script.reply(&delivery) {
            Reply::Status(status) => Ok(Response::new(TopicEventResponse { status })),
            Reply::Error(status) => Err(status),
            Reply::Hold => {
                self.script.until_released().await;
                Ok(Response::new(TopicEventResponse::default()))
            }
        }
    }

    async fn list_input_bindings(
        &self,
        request: Request<()>,
    ) -> Result<Response<ListInputBindingsResponse>, Status> {
        self.record
            .add_call("ListInputBindings", request.metadata());
        Ok(Response::new(ListInputBindingsResponse {
            bindings: self.script.bindings(),
        }))
    }

    async fn on_binding_event(
        &self,
        request: Request<BindingEventRequest>,
    ) -> Result<Response<BindingEventResponse>, Status> {
        let metadata = readable(request.metadata());
        let event = request.into_inner();
        self.record.add_tick(Tick {
            name: event.name,
            data: event.data,
            binding_metadata: event.metadata.into_iter().collect(),
            metadata,
        });
        self.script.tick().await?;
        Ok(Response::new(BindingEventResponse::default()))
    }

    async fn on_bulk_topic_event(
        &self,
        request: Request<TopicEventBulkRequest>,
    ) -> Result<Response<TopicEventBulkResponse>, Status> {
        self.batch(request, false)
    }

    async fn on_job_event(
        &self,
        _request: Request<JobEventRequest>,
    ) -> Result<Response<JobEventResponse>, Status> {
        Err(Status::unimplemented("not part of the suite"))
    }
}

#[async_trait]
impl AppCallbackHealthCheck for Callbacks {
    async fn health_check(
        &self,
        request: Request<()>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        self.record.add_call("HealthCheck", request.metadata());
        self.script.health()?;
        Ok(Response::new(HealthCheckResponse::default()))
    }
}

/// The older name of the bulk callback.
#[derive(Clone)]
pub(super) struct Alpha(pub(super) Callbacks);

#[async_trait]
impl AppCallbackAlpha for Alpha {
    async fn on_bulk_topic_event_alpha1(
        &self,
        request: Request<TopicEventBulkRequest>,
    ) -> Result<Response<TopicEventBulkResponse>, Status> {
        if !self.0.script.alpha_is_known() {
            self.0
                .record
                .add_call("OnBulkTopicEventAlpha1", request.metadata());
            return Err(Status::unimplemented("the older name is not known"));
        }
        self.0.batch(request, true)
    }

    async fn on_job_event_alpha1(
        &self,
        _request: Request<JobEventRequest>,
    ) -> Result<Response<JobEventResponse>, Status> {
        Err(Status::unimplemented("not part of the suite"))
    }
}
