//! Requests and answers have bounds, and whoever meets one is told in words.

use domain::AppId;
use http::uri::PathAndQuery;
use prost::Message;
use proto::v1::{self, UpdateTaskRequest};
use testkit::{Database, Plan, User, task};
use tonic::{Code, Request, Status, client::Grpc};
use tonic_prost::ProstCodec;
use tonic_types::StatusExt as _;

use crate::web;

/// The largest request, as it is configured where nothing is said.
const LARGEST: usize = 1 << 20;

/// What proxies and clients take of headers, all together.
const HEADERS: usize = 16 << 10;

/// One method of each gRPC service.
const METHODS: [(AppId, &str); 6] = [
    (AppId::BackendApi, "errand.v1.TaskService/GetTaskStats"),
    (AppId::BackendApi, "errand.v1.ProfileService/GetProfile"),
    (AppId::BackendApi, "errand.v1.AccountService/DeleteAccount"),
    (
        AppId::NotificationService,
        "errand.v1.NotificationService/ListNotifications",
    ),
    (AppId::AuditService, "errand.v1.AuditService/ListAuditLogs"),
    (
        AppId::RealtimeService,
        "errand.v1.UpdateService/StreamUpdates",
    ),
];

/// Those that change nothing where they are let in.
fn harmless() -> impl Iterator<Item = (AppId, &'static str)> {
    let is_harmless = |(_, method): &(AppId, &str)| !method.ends_with("DeleteAccount");
    METHODS.into_iter().filter(is_harmless)
}

/// A request of any method, with a field that none knows and that each skips.
#[derive(Clone, PartialEq, Message)]
struct Padded {
    #[prost(bytes = "vec", tag = "1000")]
    padding: Vec<u8>,
}

impl Padded {
    /// A message of exactly so many bytes.
    fn of_size(bytes: usize) -> Self {
        let mut padded = Self {
            padding: vec![0; bytes],
        };
        let excess = padded.encoded_len() - bytes;
        padded.padding.truncate(bytes - excess);
        assert_eq!(padded.encoded_len(), bytes);
        padded
    }
}

/// Calls a method by gRPC. What it answers is not read.
async fn call(user: &User, app: AppId, method: &str, message: Padded) -> Result<(), Status> {
    let mut grpc = Grpc::new(user.client(app, 0));
    grpc.ready().await.unwrap();
    let path: PathAndQuery = format!("/{method}").parse().unwrap();
    let codec = ProstCodec::<Padded, ()>::default();
    let answer = grpc.server_streaming(Request::new(message), path, codec);
    // A unary method's error may come with its answer's end.
    let mut answer = answer.await?.into_inner();
    answer.message().await.map(|_| ())
}

#[tokio::test]
async fn a_request_has_a_bound_at_every_service() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let (fits, too_large) = (Padded::of_size(LARGEST), Padded::of_size(LARGEST + 1));
    let message = "the request is too large: at most 1048576 bytes are taken";
    for (app, method) in harmless() {
        let answer = call(&alice, app, method, fits.clone()).await;
        assert!(answer.is_ok(), "{method}: {answer:?}");
    }
    for (app, method) in METHODS {
        let refused = call(&alice, app, method, too_large.clone()).await;
        let refused = refused.unwrap_err();
        assert_eq!(
            (refused.code(), refused.message()),
            (Code::InvalidArgument, message),
            "{method}"
        );
        let details = refused.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "INVALID_FIELD");
    }
    system.finish().await;
}

#[tokio::test]
async fn a_request_has_the_same_bound_by_grpc_web() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let fits = Padded::of_size(LARGEST).encode_to_vec();
    for (app, method) in harmless() {
        let token = alice.token();
        let response = web::post(&system, app, method, Some(&token), &fits).await;
        let status = response.headers().get("grpc-status");
        assert!(status.is_none(), "{method}: {status:?}");
    }
    for excess in [1, 3 * LARGEST] {
        let too_large = Padded::of_size(LARGEST + excess).encode_to_vec();
        for (app, method) in METHODS {
            let token = alice.token();
            let answer = web::call(&system, app, method, Some(&token), &too_large).await;
            assert_eq!(answer.status(), "3", "{method}: {answer:?}");
            let message = answer.header("grpc-message").replace("%20", " ");
            assert!(message.starts_with("the request is too large: at most 1048576"));
        }
    }
    system.finish().await;
}

/// An update whose mask names very many fields, each of a very long name that is none.
fn many_wrong_fields() -> UpdateTaskRequest {
    let wrong = |number: usize| format!("field-{number}-{}", "€".repeat(100));
    UpdateTaskRequest {
        task: Some(v1::Task {
            id: "none".into(),
            ..task("Wrong in every way")
        }),
        update_mask: Some((0..3000).map(wrong).collect()),
        ..UpdateTaskRequest::default()
    }
}

#[tokio::test]
async fn a_status_fits_into_headers_however_much_is_wrong() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let request = many_wrong_fields();
    let refused = alice.tasks().update_task(request.clone()).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "{refused:?}");
    let violations = refused.get_error_details_vec();
    assert_eq!(violations.len(), 2, "an ErrorInfo and a BadRequest");
    let details = refused.get_error_details();
    let violations = &details.bad_request().unwrap().field_violations;
    assert_eq!(violations.len(), 21);
    assert!(
        violations[..20]
            .iter()
            .all(|one| one.field == "update_mask")
    );
    assert!(violations[0].description.ends_with('…'), "{violations:?}");
    assert_eq!(
        (&*violations[20].field, &*violations[20].description),
        ("*", "2981 more are left out"),
        "of 3000 and the task's id"
    );

    let method = "errand.v1.TaskService/UpdateTask";
    let message = request.encode_to_vec();
    let token = alice.token();
    let answer = web::call(&system, AppId::BackendApi, method, Some(&token), &message).await;
    assert_eq!(answer.status(), "3");
    assert!(!answer.header("grpc-status-details-bin").is_empty());
    let size = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        // As HTTP/2 counts (RFC 9113 §6.5.2).
        name.as_str().len() + value.len() + 32
    };
    let size: usize = answer.headers.iter().map(size).sum();
    assert!(size < HEADERS, "{size}");
    system.finish().await;
}
