//! What a case works with: apps, their sidecars, and calls to them.

use std::{collections::HashMap, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use dapr::dapr::proto::runtime::v1::{
    BulkPublishRequest, BulkPublishRequestEntry, GetMetadataRequest, GetMetadataResponse,
    PublishEventRequest, dapr_client::DaprClient,
};
use tonic::{
    Request, Status,
    metadata::MetadataValue,
    transport::{Channel, Endpoint},
};

use crate::{
    app::App,
    target::{GroupSpec, HealthSpec, PubSubSpec, RunningSidecar, SidecarSpec, Target},
    topics::{FANOUT, PUBSUB, unique},
    wait,
};

/// The state store of every sidecar.
pub(crate) const STORE: &str = "statestore";

/// The engine under test.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) target: Arc<dyn Target>,
}

impl World {
    /// A topic of its own with that many partitions.
    pub(crate) async fn topic(&self, partitions: u32) -> Result<String> {
        let name = unique("topic");
        self.target.create_topic(&name, partitions).await?;
        Ok(name)
    }

    /// What a sidecar is unless a case says otherwise: both pub/sub components, a state store, no
    /// tokens.
    pub(crate) fn spec(app: &App) -> SidecarSpec {
        SidecarSpec {
            app_address: Some(app.address()),
            ..Self::spec_without_app()
        }
    }

    /// The same for an app that only calls others.
    pub(crate) fn spec_without_app() -> SidecarSpec {
        let pubsub = |name: &str, group| PubSubSpec {
            name: name.to_owned(),
            group,
            publishing: None,
            subscribing: None,
        };
        SidecarSpec {
            app_id: unique("app"),
            app_address: None,
            api_token: None,
            app_api_token: None,
            pubsub: vec![
                pubsub(PUBSUB, GroupSpec::AppId),
                pubsub(FANOUT, GroupSpec::Unique),
            ],
            state: vec![STORE.to_owned()],
            bindings: Vec::new(),
            secrets: Vec::new(),
            health: HealthSpec {
                interval: Duration::from_secs(1),
                timeout: Duration::from_millis(900),
                threshold: 60,
            },
        }
    }

    /// A sidecar.
    pub(crate) async fn start(&self, spec: SidecarSpec) -> Result<Sidecar> {
        let token = spec.api_token.clone();
        let app_id = spec.app_id.clone();
        let running = self
            .target
            .start(spec)
            .await
            .context("the sidecar starts")?;
        Ok(Sidecar {
            running,
            token,
            app_id,
        })
    }

    /// A sidecar as [`World::spec`] says, for an app.
    pub(crate) async fn sidecar(&self, app: &App) -> Result<Sidecar> {
        self.start(Self::spec(app)).await
    }

    /// An app that only publishes, with its sidecar.
    pub(crate) async fn publisher(&self) -> Result<(App, Sidecar)> {
        let app = App::serving(Vec::new()).await?;
        let sidecar = self.sidecar(&app).await?;
        Ok((app, sidecar))
    }
}

/// A sidecar and how to call it.
pub(crate) struct Sidecar {
    pub(crate) running: Box<dyn RunningSidecar>,
    token: Option<String>,
    pub(crate) app_id: String,
}

impl Sidecar {
    pub(crate) fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// A channel to the API.
    pub(crate) async fn channel(&self) -> Result<Channel> {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.address()))?;
        Ok(endpoint.tcp_nodelay(true).connect().await?)
    }

    /// The API.
    pub(crate) async fn client(&self) -> Result<DaprClient<Channel>> {
        Ok(DaprClient::new(self.channel().await?)
            .max_decoding_message_size(16 << 20)
            .max_encoding_message_size(16 << 20))
    }

    /// A request with the API token.
    pub(crate) fn request<T>(&self, message: T) -> Result<Request<T>> {
        let mut request = Request::new(message);
        if let Some(token) = &self.token {
            request
                .metadata_mut()
                .insert("dapr-api-token", token.parse::<MetadataValue<_>>()?);
        }
        Ok(request)
    }

    /// Publishes an event.
    pub(crate) async fn publish(&self, event: Event<'_>) -> Result<Result<(), Status>> {
        let request = self.request(event.into_request())?;
        Ok(self
            .client()
            .await?
            .publish_event(request)
            .await
            .map(|_| ()))
    }

    /// Publishes JSON events under these ids, one after the other, all with one key.
    pub(crate) async fn publish_ids(&self, topic: &str, key: &str, ids: &[&str]) -> Result<()> {
        let events = ids.iter().map(|id| (key.to_owned(), (*id).to_owned()));
        self.publish_each(topic, events).await
    }

    /// Publishes JSON events, each with its key and id, one after the other.
    pub(crate) async fn publish_each(
        &self,
        topic: &str,
        events: impl IntoIterator<Item = (String, String)>,
    ) -> Result<()> {
        let mut client = self.client().await?;
        for (key, id) in events {
            let event = Event::json(topic, "{}")
                .with("cloudevent.id", &id)
                .with("partitionKey", &key);
            client
                .publish_event(self.request(event.into_request())?)
                .await?;
        }
        Ok(())
    }

    /// Publishes entries in one call.
    pub(crate) async fn publish_bulk(
        &self,
        topic: &str,
        entries: Vec<BulkPublishRequestEntry>,
    ) -> Result<Result<(), Status>> {
        let request = self.request(BulkPublishRequest {
            pubsub_name: PUBSUB.to_owned(),
            topic: topic.to_owned(),
            entries,
            metadata: HashMap::new(),
        })?;
        Ok(self
            .client()
            .await?
            .bulk_publish_event(request)
            .await
            .map(|_| ()))
    }

    pub(crate) async fn metadata(&self) -> Result<GetMetadataResponse> {
        let request = self.request(GetMetadataRequest {})?;
        Ok(self
            .client()
            .await?
            .get_metadata(request)
            .await?
            .into_inner())
    }

    /// Waits until the sidecar says that it has that many subscriptions.
    pub(crate) async fn subscribed(&self, count: usize) -> Result<()> {
        wait::until(&format!("{count} subscriptions"), async || {
            let metadata = self.metadata().await.ok()?;
            (metadata.subscriptions.len() == count).then_some(())
        })
        .await
    }
}

/// An event to publish.
#[derive(Clone, Debug)]
pub(crate) struct Event<'e> {
    pub(crate) pubsub: &'e str,
    pub(crate) topic: &'e str,
    pub(crate) data: Vec<u8>,
    pub(crate) content_type: &'e str,
    pub(crate) metadata: HashMap<String, String>,
}

impl<'e> Event<'e> {
    /// An event of JSON.
    pub(crate) fn json(topic: &'e str, data: &str) -> Self {
        Self::of(topic, "application/json", data.as_bytes())
    }

    /// An event of any content.
    pub(crate) fn of(topic: &'e str, content_type: &'e str, data: &[u8]) -> Self {
        let data = data.to_vec();
        Self {
            pubsub: PUBSUB,
            topic,
            data,
            content_type,
            metadata: HashMap::new(),
        }
    }

    fn into_request(self) -> PublishEventRequest {
        PublishEventRequest {
            pubsub_name: self.pubsub.to_owned(),
            topic: self.topic.to_owned(),
            data: self.data,
            data_content_type: self.content_type.to_owned(),
            metadata: self.metadata,
        }
    }

    /// The same event with metadata.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.metadata.insert(name.to_owned(), value.to_owned());
        self
    }
}

/// An entry of a bulk publish, with an event id and a key.
pub(crate) fn entry(id: &str, key: &str, data: &str) -> BulkPublishRequestEntry {
    BulkPublishRequestEntry {
        entry_id: id.to_owned(),
        event: data.as_bytes().to_vec(),
        content_type: "application/json".to_owned(),
        metadata: HashMap::from([
            ("cloudevent.id".to_owned(), id.to_owned()),
            ("partitionKey".to_owned(), key.to_owned()),
        ]),
    }
}
