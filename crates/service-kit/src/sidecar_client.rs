//! The calls that a service makes to its Dapr sidecar, over one shared channel.

mod error;
pub mod metadata;
mod silence;
mod state;
mod token;

use std::{collections::HashMap, time::Duration};

use dapr::dapr::proto::runtime::v1::{
    BulkPublishRequest, BulkPublishRequestEntry, GetMetadataRequest, GetMetadataResponse,
    GetSecretRequest, PublishEventRequest, ShutdownRequest, dapr_client::DaprClient,
};
use secrecy::SecretString;
use tokio::time::Instant;
use tonic::{
    Code, Request, Response, Status,
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint},
};

pub(crate) use self::token::TOKEN_HEADER;
pub use self::{error::SidecarError, state::StateEntry};
use self::{
    silence::{Silence, is_answer},
    token::TokenInterceptor,
};
use crate::config::SidecarConfig;

/// What the sidecar pings an idle connection with, so that a dead sidecar is noticed. Less than 10
/// s and daprd takes it for abuse.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The largest message in either direction, in bytes.
const LARGEST_MESSAGE: usize = 64 << 20;

type Client = DaprClient<InterceptedService<Channel, TokenInterceptor>>;

/// The sidecar. A cheap handle on one connection, which is made when first used and again whenever
/// it breaks.
#[derive(Debug, Clone)]
pub struct SidecarClient {
    client: Client,
    call_timeout: Duration,
    silence: Silence,
}

/// One event to publish, as Dapr takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundEvent {
    /// Tells the entry from the others of its call.
    pub entry_id: String,
    /// The data of the `CloudEvent`, JSON.
    pub data: Vec<u8>,
    /// `cloudevent.id`, `partitionKey` and so on. Visible ASCII only: it travels in headers.
    pub metadata: HashMap<String, String>,
}

impl SidecarClient {
    /// A client of the sidecar at this place. Nothing is connected yet.
    pub fn new(config: &SidecarConfig) -> Result<Self, SidecarError> {
        let address = format!("http://{}:{}", config.host, config.grpc_port);
        let endpoint = Endpoint::from_shared(address).map_err(SidecarError::Address)?;
        let channel = endpoint
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
            .keep_alive_while_idle(true)
            .tcp_nodelay(true)
            .connect_lazy();
        Self::over(channel, config.api_token.as_ref(), config.call_timeout)
    }

    /// A client over a channel that is there already.
    pub fn over(
        channel: Channel,
        api_token: Option<&SecretString>,
        call_timeout: Duration,
    ) -> Result<Self, SidecarError> {
        let client = DaprClient::with_interceptor(channel, TokenInterceptor::new(api_token)?)
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE);
        Ok(Self {
            client,
            call_timeout,
            silence: Silence::default(),
        })
    }

    /// How long the sidecar has answered nothing: zero if the last call was answered.
    pub fn silence(&self) -> Duration {
        self.silence.length()
    }

    /// Publishes one event.
    pub async fn publish(
        &self,
        pubsub: &str,
        topic: &str,
        event: OutboundEvent,
    ) -> Result<(), SidecarError> {
        let request = PublishEventRequest {
            pubsub_name: pubsub.to_owned(),
            topic: topic.to_owned(),
            data: event.data,
            data_content_type: "application/json".to_owned(),
            metadata: event.metadata,
        };
        self.call(
            request,
            self.call_timeout,
            |mut client, request| async move { client.publish_event(request).await },
        )
        .await?;
        Ok(())
    }

    /// Publishes many events of one topic. An error means that any of them may have been published,
    /// or none: whoever repeats the call does so with the same `cloudevent.id`s. The metadata is
    /// each entry's own; there is none for the whole call, since Kafka's component would let it win
    /// over the entries'.
    pub async fn publish_bulk(
        &self,
        pubsub: &str,
        topic: &str,
        events: Vec<OutboundEvent>,
        timeout: Duration,
    ) -> Result<(), SidecarError> {
        let entries = events.into_iter().map(|event| BulkPublishRequestEntry {
            entry_id: event.entry_id,
            event: event.data,
            content_type: "application/json".to_owned(),
            metadata: event.metadata,
        });
        let request = BulkPublishRequest {
            pubsub_name: pubsub.to_owned(),
            topic: topic.to_owned(),
            entries: entries.collect(),
            metadata: HashMap::new(),
        };
        // A publishing call is repeated by the relay, which knows what to do with a second failure.
        let response = self.call_once(request, timeout, |mut client, request| async move {
            client.bulk_publish_event(request).await
        });
        let failed = response.await?.into_inner().failed_entries;
        match failed.first() {
            None => Ok(()),
            Some(first) => Err(SidecarError::EntriesFailed {
                failed: failed.len(),
                first: first.error.clone(),
            }),
        }
    }

    /// The values of one secret, by name.
    pub async fn secret(
        &self,
        store: &str,
        key: &str,
    ) -> Result<HashMap<String, SecretString>, SidecarError> {
        let request = GetSecretRequest {
            store_name: store.to_owned(),
            key: key.to_owned(),
            metadata: HashMap::new(),
        };
        let response = self.call(
            request,
            self.call_timeout,
            |mut client, request| async move { client.get_secret(request).await },
        );
        let data = response.await?.into_inner().data;
        Ok(data
            .into_iter()
            .map(|(name, value)| (name, SecretString::from(value)))
            .collect())
    }

    /// What the sidecar knows of itself: its subscriptions above all.
    pub async fn metadata(&self) -> Result<GetMetadataResponse, SidecarError> {
        let call = self.call(
            GetMetadataRequest {},
            self.call_timeout,
            |mut client, request| async move { client.get_metadata(request).await },
        );
        Ok(call.await?.into_inner())
    }

    /// Asks the sidecar to end. Whoever runs it starts it again, and it asks for the subscriptions
    /// again.
    pub async fn shutdown(&self) -> Result<(), SidecarError> {
        let call = self.call_once(
            ShutdownRequest {},
            self.call_timeout,
            |mut client, request| async move { client.shutdown(request).await },
        );
        call.await?;
        Ok(())
    }

    /// One call, repeated once if the connection was closed under it: daprd closes one that was
    /// idle for 3 minutes, and a call may be under way at that moment.
    async fn call<R, T, F, Fut>(
        &self,
        request: R,
        timeout: Duration,
        call: F,
    ) -> Result<Response<T>, SidecarError>
    where
        R: Clone,
        F: Fn(Client, Request<R>) -> Fut,
        Fut: Future<Output = Result<Response<T>, Status>>,
    {
        match self.call_once(request.clone(), timeout, &call).await {
            Err(SidecarError::Status(status)) if status.code() == Code::Unavailable => {
                self.call_once(request, timeout, &call).await
            }
            outcome => outcome,
        }
    }

    async fn call_once<R, T, F, Fut>(
        &self,
        request: R,
        timeout: Duration,
        call: F,
    ) -> Result<Response<T>, SidecarError>
    where
        F: FnOnce(Client, Request<R>) -> Fut,
        Fut: Future<Output = Result<Response<T>, Status>>,
    {
        let asked_at = Instant::now();
        let mut request = Request::new(request);
        request.set_timeout(timeout);
        match tokio::time::timeout(timeout, call(self.client.clone(), request)).await {
            Ok(Ok(response)) => {
                self.silence.ends();
                Ok(response)
            }
            Ok(Err(status)) => {
                if is_answer(&status) {
                    self.silence.ends();
                } else {
                    self.silence.goes_on(asked_at);
                }
                Err(SidecarError::Status(Box::new(status)))
            }
            Err(_) => {
                self.silence.goes_on(asked_at);
                Err(SidecarError::TimedOut { timeout })
            }
        }
    }
}
