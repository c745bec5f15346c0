//! What of a call arrives at the service.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
};
use domain::AppId;
use e2e::System;
use http::HeaderMap;
use proto::v1::{ListTasksRequest, task_service_client::TaskServiceClient};
use tokio::net::TcpListener;
use tonic::transport::{Channel, Endpoint};
use tower::ServiceExt as _;

use crate::{caller::Caller, engine::App, sidecar::Plan};

/// The app-id by which the observed service is called.
const OBSERVED: &str = "observed-backend-api";

/// Stands between a service and a sidecar and sees what the sidecar sends.
#[derive(Clone)]
struct Observer {
    service: Channel,
    seen: Arc<Mutex<Vec<HeaderMap>>>,
}

#[tokio::test]
async fn a_call_arrives_with_its_deadline_and_whose_it_is() {
    let system = System::found();
    let mut app = App::of(&system, AppId::BackendApi);
    let endpoint = Endpoint::from_shared(format!("http://{}", app.address)).unwrap();
    let observer = Observer {
        service: endpoint.connect_lazy(),
        seen: Arc::default(),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    app.address = listener.local_addr().unwrap();
    let token = app.token.clone();
    let router = Router::new().fallback(pass_on).with_state(observer.clone());
    let serving = axum::serve(listener, router).into_future();
    let calling = async {
        let mut callee = Plan::beside(&system, OBSERVED);
        callee.app = Some(app);
        let _callee = callee.start().await;
        let web = Caller::web(&system, "observed").await;
        let mut request = tonic::Request::new(ListTasksRequest::default());
        let correlation_id = "of-the-caller".parse().unwrap();
        request
            .metadata_mut()
            .insert("x-correlation-id", correlation_id);
        request.set_timeout(Duration::from_secs(20));
        let mut tasks = TaskServiceClient::new(web.to_app(OBSERVED));
        tasks.list_tasks(request).await.unwrap();
    };
    tokio::select! {
        () = calling => {}
        ended = serving => panic!("the observer ended: {ended:?}"),
    }
    let seen = observer.seen.lock().unwrap();
    let [seen] = seen.as_slice() else {
        panic!("{seen:?}")
    };
    let left = seen["grpc-timeout"].to_str().unwrap();
    assert!(milliseconds(left) <= 20_000, "{left}");
    assert_eq!(seen["x-correlation-id"], "of-the-caller");
    assert!(
        seen["authorization"]
            .to_str()
            .unwrap()
            .starts_with("Bearer ")
    );
    assert_eq!(seen["dapr-caller-app-id"], "web");
    assert_eq!(seen["dapr-callee-app-id"], OBSERVED);
    assert_eq!(seen["dapr-api-token"], token);
}

async fn pass_on(State(observer): State<Observer>, request: Request) -> Response {
    let headers = request.headers().clone();
    observer.seen.lock().unwrap().push(headers);
    let answer = observer
        .service
        .oneshot(request.map(tonic::body::Body::new));
    answer.await.unwrap().map(Body::new)
}

/// A time as gRPC writes it: digits and a unit.
fn milliseconds(text: &str) -> u64 {
    let (digits, unit) = text.split_at(text.len() - 1);
    let number: u64 = digits.parse().unwrap();
    match unit {
        "S" => number * 1000,
        "m" => number,
        "u" => number / 1000,
        "n" => number / 1_000_000,
        _ => panic!("{text}"),
    }
}
