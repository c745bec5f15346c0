//! A user's clients.

use std::{cell::Cell, time::Duration};

use domain::{AppId, UserId};
use futures::future::try_join_all;
use proto::v1::{
    CreateTaskRequest, ListTasksRequest, StreamUpdatesRequest, StreamUpdatesResponse, Task,
    task_service_client::TaskServiceClient, update_service_client::UpdateServiceClient,
};
use secrecy::SecretString;
use service_kit::{Clock as _, Seal, SystemClock, auth::mint_local_token};
use tonic::{
    Request, Streaming,
    metadata::{Ascii, MetadataValue},
    transport::{Channel, Endpoint},
};
use uuid::Uuid;

use crate::{
    server::{SECRET, Server},
    statements::FIRST_USER,
};

/// How long a token is good: longer than anything is measured.
const LIFETIME: Duration = Duration::from_hours(2);

/// A user with a connection.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    tasks: TaskServiceClient<Channel>,
    bearer: MetadataValue<Ascii>,
}

impl Caller {
    /// A user with a connection to backend-api of their own, once it answers.
    pub(crate) async fn connect(server: &Server, user: &str) -> anyhow::Result<Self> {
        let caller = Self {
            tasks: TaskServiceClient::new(channel(server, AppId::BackendApi).await?),
            bearer: bearer(user)?,
        };
        caller.list(1).await?;
        Ok(caller)
    }

    /// Creates a task as people do: a title, a category, a tag, due at a time.
    pub(crate) async fn create(&self, title: &str) -> anyhow::Result<Task> {
        let task = Task {
            title: title.to_owned(),
            description: "Call ahead, and take the blue bag.".to_owned(),
            category: "home".to_owned(),
            tags: vec!["errands".to_owned()],
            ..Task::default()
        };
        let request = self.request(CreateTaskRequest {
            task: Some(task),
            ..CreateTaskRequest::default()
        });
        let response = self.tasks.clone().create_task(request).await?;
        Ok(response.into_inner().task.unwrap_or_default())
    }

    /// The first page, and how many tasks are on it.
    pub(crate) async fn list(&self, page_size: i32) -> anyhow::Result<usize> {
        let request = self.request(ListTasksRequest {
            page_size,
            ..ListTasksRequest::default()
        });
        let response = self.tasks.clone().list_tasks(request).await?;
        Ok(response.into_inner().tasks.len())
    }

    /// Opens a stream of updates.
    pub(crate) async fn watch(
        &self,
        server: &Server,
    ) -> anyhow::Result<Streaming<StreamUpdatesResponse>> {
        let channel = channel(server, AppId::RealtimeService).await?;
        let request = self.request(StreamUpdatesRequest::default());
        let response = UpdateServiceClient::new(channel)
            .stream_updates(request)
            .await?;
        Ok(response.into_inner())
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let metadata = request.metadata_mut();
        metadata.insert("authorization", self.bearer.clone());
        request
    }
}

/// Connections of which each speaks for all users in turns.
pub(crate) struct Callers {
    connections: Vec<Caller>,
    bearers: Vec<MetadataValue<Ascii>>,
    turn: Cell<usize>,
}

impl Callers {
    /// So many connections, for the first so many users.
    pub(crate) async fn connect(
        server: &Server,
        connections: usize,
        users: usize,
    ) -> anyhow::Result<Self> {
        let first = FIRST_USER.to_string();
        let connections = (0..connections).map(|_| Caller::connect(server, &first));
        let bearers = (0..users).map(|user| bearer(&(FIRST_USER + user).to_string()));
        Ok(Self {
            connections: try_join_all(connections).await?,
            bearers: bearers.collect::<anyhow::Result<_>>()?,
            turn: Cell::new(0),
        })
    }

    /// A connection, for the next user.
    pub(crate) fn next(&self, connection: usize) -> Caller {
        let turn = self.turn.get();
        self.turn.set(turn + 1);
        Caller {
            tasks: self.connections[connection].tasks.clone(),
            bearer: self.bearers[turn % self.bearers.len()].clone(),
        }
    }
}

async fn channel(server: &Server, app: AppId) -> anyhow::Result<Channel> {
    let endpoint = Endpoint::try_from(format!("http://{}", server.address(app)))?;
    Ok(endpoint.tcp_nodelay(true).connect().await?)
}

fn bearer(user: &str) -> anyhow::Result<MetadataValue<Ascii>> {
    let seal = Seal::new(&SecretString::from(SECRET), None);
    let user = UserId::parse(user)?;
    let id = Uuid::from_u128(1);
    let token = mint_local_token(&seal, &user, SystemClock.now(), LIFETIME, id);
    Ok(format!("Bearer {token}").parse()?)
}
