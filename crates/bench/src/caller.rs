//! A user's clients.

use std::cell::Cell;

use domain::AppId;
use futures::future::try_join_all;
use jiff::Timestamp;
use proto::v1::{
    CreateTaskRequest, ListTasksRequest, Reminder, StreamUpdatesRequest, StreamUpdatesResponse,
    Task, reminder::When, task_service_client::TaskServiceClient,
    update_service_client::UpdateServiceClient,
};
use tonic::{
    Request, Streaming,
    metadata::{Ascii, MetadataValue},
    transport::Channel,
};

use crate::{services::Services, statements::FIRST_USER};

/// A user with a connection.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    tasks: TaskServiceClient<Channel>,
    bearer: MetadataValue<Ascii>,
}

impl Caller {
    /// A user with a connection to backend-api of their own, once it answers.
    pub(crate) async fn connect(services: &Services, user: &str) -> anyhow::Result<Self> {
        let caller = Self {
            tasks: TaskServiceClient::new(services.connect(AppId::BackendApi).await?),
            bearer: services.bearer(user)?,
        };
        caller.list(1).await?;
        Ok(caller)
    }

    /// Creates a task as people do: a title, a description, a category, a tag.
    pub(crate) async fn create(&self, title: &str) -> anyhow::Result<Task> {
        self.create_task(task(title)).await
    }

    /// Creates a task with a reminder.
    pub(crate) async fn create_reminding(
        &self,
        title: &str,
        at: Timestamp,
    ) -> anyhow::Result<Task> {
        let reminder = Reminder {
            when: Some(When::Time(at.into())),
            ..Reminder::default()
        };
        self.create_task(Task {
            reminders: vec![reminder],
            ..task(title)
        })
        .await
    }

    async fn create_task(&self, task: Task) -> anyhow::Result<Task> {
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
        services: &Services,
    ) -> anyhow::Result<Streaming<StreamUpdatesResponse>> {
        let channel = services.connect(AppId::RealtimeService).await?;
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
        services: &Services,
        connections: usize,
        users: usize,
    ) -> anyhow::Result<Self> {
        let first = FIRST_USER.to_string();
        let connections = (0..connections).map(|_| Caller::connect(services, &first));
        let bearers = (0..users).map(|user| services.bearer(&(FIRST_USER + user).to_string()));
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

fn task(title: &str) -> Task {
    Task {
        title: title.to_owned(),
        description: "Call ahead, and take the blue bag.".to_owned(),
        category: "home".to_owned(),
        tags: vec!["errands".to_owned()],
        ..Task::default()
    }
}
