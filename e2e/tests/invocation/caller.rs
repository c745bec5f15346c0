//! An app that calls services through its own sidecar.

use std::time::Duration;

use domain::AppId;
use e2e::System;
use prost::Message;
use tonic::{
    Request, Response, Status,
    client::Grpc,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::Channel,
};
use tonic_prost::ProstCodec;

use crate::sidecar::{Plan, Sidecar};

/// How long a call may take.
const CALL: Duration = Duration::from_secs(30);

/// A channel to one service, in the name of one user.
pub(crate) type Client = InterceptedService<Channel, Through>;

/// An app that calls for one user.
#[derive(Debug)]
pub(crate) struct Caller {
    sidecar: Sidecar,
    bearer: Option<MetadataValue<Ascii>>,
}

/// Says whom a call is for, and in whose name it is.
#[derive(Clone, Debug)]
pub(crate) struct Through {
    app_id: MetadataValue<Ascii>,
    bearer: Option<MetadataValue<Ascii>>,
}

impl Caller {
    /// Starts its sidecar. It calls for a user of this name.
    pub(crate) async fn start(plan: &Plan, system: &System, user: &str) -> Self {
        let folder = system.folder().to_str().unwrap();
        let token = system
            .errand(["token", "--user", user, "--data-dir", folder])
            .await;
        Self {
            sidecar: plan.start().await,
            bearer: Some(format!("Bearer {}", token.trim_end()).parse().unwrap()),
        }
    }

    /// The app `web` beside the engine.
    pub(crate) async fn web(system: &System, user: &str) -> Self {
        Self::start(&Plan::beside(system, "web"), system, user).await
    }

    /// A channel to this service.
    pub(crate) fn to(&self, app: AppId) -> Client {
        self.to_app(app.as_str())
    }

    /// A channel to the app of this id.
    pub(crate) fn to_app(&self, app_id: &str) -> Client {
        self.by(self.sidecar.channel(), app_id)
    }

    /// A client by a channel that is not its own sidecar's.
    pub(crate) fn by(&self, channel: Channel, app_id: &str) -> Client {
        let through = Through {
            app_id: app_id.parse().unwrap(),
            bearer: self.bearer.clone(),
        };
        InterceptedService::new(channel, through)
    }

    /// The same app, which calls for nobody from now on.
    pub(crate) fn signed_out(self) -> Self {
        Self {
            bearer: None,
            ..self
        }
    }
}

impl Interceptor for Through {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("dapr-app-id", self.app_id.clone());
        if let Some(bearer) = &self.bearer {
            metadata.insert("authorization", bearer.clone());
        }
        Ok(request)
    }
}

/// Calls a method by its path. What it answers is not looked at.
pub(crate) async fn call<M: Message + 'static>(
    client: Client,
    path: &str,
    message: M,
) -> Result<Response<()>, Status> {
    let mut client = Grpc::new(client);
    let ready = client.ready().await;
    ready.map_err(|error| Status::unavailable(error.to_string()))?;
    let codec = ProstCodec::<M, ()>::default();
    let answer = client.unary(Request::new(message), path.parse().unwrap(), codec);
    // A stream that is taken for one answer is none that ends.
    let answer = tokio::time::timeout(CALL, answer).await;
    answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("it does not answer")))
}
