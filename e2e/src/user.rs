//! A user with a token, over gRPC, on whichever replica a test likes.

mod changes;
mod lists;
mod waits;

use std::{net::SocketAddr, time::Duration};

use domain::AppId;
use proto::v1::{
    CreateTaskRequest, StreamUpdatesRequest, Task, account_service_client::AccountServiceClient,
    audit_service_client::AuditServiceClient,
    notification_service_client::NotificationServiceClient, task_service_client::TaskServiceClient,
    update_service_client::UpdateServiceClient,
};
use testkit::Updates;
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};

/// How long a call may take before its outcome counts as unknown.
const CALL: Duration = Duration::from_secs(10);

/// A user of the system, with a connection to each replica that lasts. Replicas need not run.
#[derive(Clone, Debug)]
pub struct User {
    name: String,
    bearer: Bearer,
    channels: Vec<(AppId, usize, Channel)>,
    stream_channels: Vec<Channel>,
}

/// A channel whose calls bear a token.
pub type Client = InterceptedService<Channel, Bearer>;

/// Puts the token on each call.
#[derive(Clone, Debug)]
pub struct Bearer(MetadataValue<Ascii>);

impl User {
    /// A user of so many replicas of each service, which answer at these addresses.
    pub fn at(
        name: &str,
        token: &str,
        replicas: usize,
        address: impl Fn(AppId, usize) -> SocketAddr,
    ) -> Self {
        let bearer = format!("Bearer {token}").parse();
        let everywhere = || {
            let apps = AppId::ALL.into_iter();
            apps.flat_map(|app| (0..replicas).map(move |replica| (app, replica)))
        };
        let endpoint = |app, replica| {
            let address = format!("http://{}", address(app, replica));
            Endpoint::from_shared(address).expect("an address is a URI")
        };
        let channel = |(app, replica)| {
            let channel = endpoint(app, replica).timeout(CALL).connect_lazy();
            (app, replica, channel)
        };
        let streams = (0..replicas).map(|replica| {
            // A stream that says nothing for so long is dead: a heartbeat comes every 15 seconds.
            endpoint(AppId::RealtimeService, replica)
                .connect_timeout(CALL)
                .connect_lazy()
        });
        Self {
            name: name.to_owned(),
            bearer: Bearer(bearer.expect("a token is visible ASCII")),
            channels: everywhere().map(channel).collect(),
            stream_channels: streams.collect(),
        }
    }

    /// The user's id.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many replicas of each service there are.
    pub fn replicas(&self) -> usize {
        self.stream_channels.len()
    }

    /// Tasks, by this replica.
    pub fn tasks(&self, replica: usize) -> TaskServiceClient<Client> {
        TaskServiceClient::new(self.client(AppId::BackendApi, replica))
    }

    /// The account, by this replica.
    pub fn account(&self, replica: usize) -> AccountServiceClient<Client> {
        AccountServiceClient::new(self.client(AppId::BackendApi, replica))
    }

    /// Notifications, by this replica.
    pub fn notifications(&self, replica: usize) -> NotificationServiceClient<Client> {
        NotificationServiceClient::new(self.client(AppId::NotificationService, replica))
    }

    /// The audit trail, by this replica.
    pub fn audit(&self, replica: usize) -> AuditServiceClient<Client> {
        AuditServiceClient::new(self.client(AppId::AuditService, replica))
    }

    /// Live updates, by this replica.
    pub fn updates(&self, replica: usize) -> UpdateServiceClient<Client> {
        let channel = self.stream_channels[replica].clone();
        UpdateServiceClient::new(InterceptedService::new(channel, self.bearer.clone()))
    }

    /// A channel to a replica of a service, for clients that are not here.
    pub fn client(&self, app: AppId, replica: usize) -> Client {
        let mut channels = self.channels.iter();
        let channel = channels.find(|(of, number, _)| (*of, *number) == (app, replica));
        let (_, _, channel) = channel.expect("the system has such a replica");
        InterceptedService::new(channel.clone(), self.bearer.clone())
    }

    /// Opens a live stream and waits for its first message. An empty cursor begins now.
    pub async fn watch(&self, replica: usize, cursor: &str) -> Result<Updates, Status> {
        let request = StreamUpdatesRequest {
            cursor: cursor.to_owned(),
        };
        let answer = self.updates(replica).stream_updates(request).await?;
        Updates::begin(answer.into_inner()).await
    }

    /// Creates a task.
    pub async fn create(&self, replica: usize, task: Task) -> Result<Task, Status> {
        let request = CreateTaskRequest {
            task: Some(task),
            ..CreateTaskRequest::default()
        };
        let response = self.tasks(replica).create_task(request).await?;
        Ok(response.into_inner().task.expect("the answer has a task"))
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("authorization", self.0.clone());
        Ok(request)
    }
}
