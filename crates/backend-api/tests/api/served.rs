//! The service on a free port, and calls to it as JSON.

use std::{fmt::Debug, net::Ipv4Addr, time::Duration};

use backend_api::Settings;
use domain::{AppId, Event, Payload, Task, TaskId, Update, UpdateItem, UserId};
use jiff::{SignedDuration, Timestamp};
use proto::v1::{
    self, account_service_client::AccountServiceClient,
    profile_service_client::ProfileServiceClient, task_service_client::TaskServiceClient,
};
use serde_json::{Value, json};
use service_kit::{
    Server,
    auth::mint_local_token,
    config::{Reader, Sources},
    testing::{Database, TestKit},
};
use tokio::net::TcpListener;
use tonic::{
    Request, Response, Status,
    metadata::MetadataValue,
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt as _;

use crate::transcript::told;

/// Who calls most often.
pub const ALICE: &str = "alice";

/// The other tenant.
pub const BOB: &str = "bob";

/// An id that nothing has.
pub const NOBODYS_ID: &str = "0198c5a2-7b7e-7c3a-9d0e-000000000001";

/// How long tokens are good: longer than any test turns the clock on.
const TOKEN_LIFETIME: Duration = Duration::from_hours(24_000);

/// The service on a free port, without a sidecar: what it publishes stays in its outbox.
pub struct Api {
    pub kit: TestKit,
    channel: Channel,
}

/// Why a call was refused, as clients see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: String,
    pub reason: String,
    pub fields: Vec<String>,
    pub message: String,
}

/// A client's connection with its token.
#[derive(Clone)]
pub struct Bearer(String);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let value = MetadataValue::try_from(format!("Bearer {}", self.0)).unwrap();
        request.metadata_mut().insert("authorization", value);
        Ok(request)
    }
}

/// The default settings.
pub fn settings() -> Settings {
    Settings::read(&mut Reader::new(Sources::default()))
}

impl Api {
    /// Serves until the test ends.
    pub async fn start(database: Database) -> Self {
        let kit = TestKit::start(AppId::BackendApi, database).await;
        let service = backend_api::service(&kit.kit, &settings());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Server::new(service, kit.kit.clone());
        kit.kit.lifecycle().spawn_short(server.serve(listener));
        let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
        Self {
            channel: endpoint.connect().await.unwrap(),
            kit,
        }
    }

    /// The task service, as this user.
    pub fn tasks(&self, user: &str) -> TaskServiceClient<InterceptedService<Channel, Bearer>> {
        TaskServiceClient::with_interceptor(self.channel.clone(), self.bearer(user))
    }

    /// Calls a method with a request in JSON and gives the answer in JSON, without what is empty.
    pub async fn call(&self, user: &str, method: &str, request: Value) -> Result<Value, Refusal> {
        let (channel, bearer) = (self.channel.clone(), self.bearer(user));
        let mut tasks = TaskServiceClient::with_interceptor(channel.clone(), bearer.clone());
        let mut profiles = ProfileServiceClient::with_interceptor(channel.clone(), bearer.clone());
        let mut accounts = AccountServiceClient::with_interceptor(channel, bearer);
        /// Reads the request, calls, and writes the answer.
        macro_rules! through {
            ($client:ident.$method:ident($request:ident)) => {
                answer($client.$method(read::<v1::$request>(request)).await)
            };
        }
        match method {
            "CreateTask" => through!(tasks.create_task(CreateTaskRequest)),
            "GetTask" => through!(tasks.get_task(GetTaskRequest)),
            "ListTasks" => through!(tasks.list_tasks(ListTasksRequest)),
            "UpdateTask" => through!(tasks.update_task(UpdateTaskRequest)),
            "DeleteTask" => through!(tasks.delete_task(DeleteTaskRequest)),
            "UndeleteTask" => through!(tasks.undelete_task(UndeleteTaskRequest)),
            "CompleteTask" => through!(tasks.complete_task(CompleteTaskRequest)),
            "ReopenTask" => through!(tasks.reopen_task(ReopenTaskRequest)),
            "SkipOccurrence" => through!(tasks.skip_occurrence(SkipOccurrenceRequest)),
            "PreviewOccurrences" => through!(tasks.preview_occurrences(PreviewOccurrencesRequest)),
            "GetTaskStats" => through!(tasks.get_task_stats(GetTaskStatsRequest)),
            "GetProfile" => through!(profiles.get_profile(GetProfileRequest)),
            "UpdateProfile" => through!(profiles.update_profile(UpdateProfileRequest)),
            "DeleteAccount" => through!(accounts.delete_account(DeleteAccountRequest)),
            _ => panic!("there is no method {method}"),
        }
    }

    /// Alice's call, which succeeds.
    pub async fn ok(&self, method: &str, request: Value) -> Value {
        let said = request.to_string();
        self.call(ALICE, method, request)
            .await
            .unwrap_or_else(|refusal| panic!("{method} {said}: {refusal:?}"))
    }

    /// Alice's call, which is refused.
    pub async fn refused(&self, method: &str, request: Value) -> Refusal {
        let said = request.to_string();
        match self.call(ALICE, method, request).await {
            Ok(answer) => panic!("{method} {said} was answered: {answer}"),
            Err(refusal) => refusal,
        }
    }

    /// Makes a task of Alice's and gives it.
    pub async fn create(&self, task: Value) -> Value {
        self.ok("CreateTask", json!({ "task": task })).await["task"].clone()
    }

    /// Makes a task of Alice's of which only the title is said, and gives its id.
    pub async fn create_titled(&self, title: &str) -> String {
        id(&self.create(json!({ "title": title })).await)
    }

    /// One of Alice's tasks as it is.
    pub async fn get(&self, id: &str) -> Value {
        self.ok("GetTask", json!({ "id": id })).await["task"].clone()
    }

    /// The titles of Alice's tasks that a list holds, in its order.
    pub async fn titles(&self, request: Value) -> Vec<String> {
        titles(&self.ok("ListTasks", request).await)
    }

    /// What the service has published, in a few words each.
    pub async fn told(&self) -> Vec<String> {
        self.events().await.iter().map(told).collect()
    }

    /// What the service has published.
    pub async fn events(&self) -> Vec<Event> {
        self.kit.published(AppId::BackendApi).await
    }

    /// Whether a request id of Alice's is stored that was good at this moment.
    pub async fn remembers(&self, method: &str, request: &str, at: Timestamp) -> bool {
        let read = self.kit.kit.read().await.unwrap();
        let (alice, request) = (user(ALICE), request.parse().unwrap());
        let found = read.request_find(&alice, method, request, at).await;
        found.unwrap().is_some()
    }

    /// Turns the clock on.
    pub fn advance(&self, by: SignedDuration) {
        self.kit.clock.advance(by);
    }

    /// Makes the successor of a completed task, as the service does that hears of completions, and
    /// gives its id.
    pub async fn make_successor(&self, completed: &str) -> String {
        let kit = self.kit.another(AppId::RecurringService).await;
        let context = kit.own_context(user(ALICE));
        let id: TaskId = completed.parse().unwrap();
        let successor: Task = kit
            .transact(&context, async |mut work| {
                let task = work.tx().task_get_for_update(work.user(), id).await?;
                let now = work.now();
                let (predecessor, created) = task.unwrap().successor(now, work.ids()).unwrap();
                work.tx().task_insert(&created.after).await?;
                work.tx().task_successor_link(&predecessor).await?;
                work.record(&created);
                work.commit().await?;
                Ok(created.after)
            })
            .await
            .unwrap();
        successor.id.to_string()
    }

    fn bearer(&self, name: &str) -> Bearer {
        let kit = &self.kit.kit;
        let (seal, id) = (kit.seal().unwrap(), kit.ids().uuid());
        Bearer(mint_local_token(
            &seal,
            &user(name),
            self.kit.now(),
            TOKEN_LIFETIME,
            id,
        ))
    }
}

impl Refusal {
    /// What programs see: code, reason, and the fields at fault.
    pub fn outline(&self) -> (&str, &str, Vec<&str>) {
        let fields = self.fields.iter().map(String::as_str).collect();
        (&self.code, &self.reason, fields)
    }
}

/// The outline of a refusal that is about no field.
pub fn plainly<'a>(code: &'a str, reason: &'a str) -> (&'a str, &'a str, Vec<&'a str>) {
    (code, reason, Vec::new())
}

pub fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

/// The id of a task.
pub fn id(task: &Value) -> String {
    task["id"].as_str().unwrap().to_owned()
}

/// The titles of the tasks of a list.
pub fn titles(list: &Value) -> Vec<String> {
    let tasks = list["tasks"].as_array().into_iter().flatten();
    tasks
        .map(|task| task["title"].as_str().unwrap().to_owned())
        .collect()
}

/// Whether an event tells that the account is gone.
pub fn is_farewell(event: &Event) -> bool {
    matches!(
        event.payload,
        Payload::Updates(Update {
            item: UpdateItem::AccountDeleted { .. },
            ..
        })
    )
}

fn read<T: serde::de::DeserializeOwned>(request: Value) -> T {
    serde_json::from_value(request).unwrap()
}

fn answer<T: serde::Serialize>(outcome: Result<Response<T>, Status>) -> Result<Value, Refusal> {
    match outcome {
        Ok(response) => Ok(serde_json::to_value(response.get_ref()).unwrap()),
        Err(status) => Err(refusal(&status)),
    }
}

/// What a status says. Each has an `ErrorInfo` of our domain that names the log lines.
pub fn refusal(status: &Status) -> Refusal {
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    assert_eq!(info.domain, "errand.v1");
    assert!(info.metadata.contains_key("correlation_id"));
    let violations = details
        .bad_request()
        .map(|bad_request| &bad_request.field_violations);
    Refusal {
        code: format!("{:?}", status.code()),
        reason: info.reason.clone(),
        fields: violations
            .into_iter()
            .flatten()
            .map(|violation| violation.field.clone())
            .collect(),
        message: status.message().to_owned(),
    }
}
