//! Who may call what in a cluster: `dapr/kubernetes/configuration.yaml`, as it stands there.

use std::fmt::Debug;

use domain::AppId;
use e2e::System;
use tonic::{Code, Response, Status, transport::Endpoint};

use crate::{
    caller::{Caller, call},
    mesh::{Mesh, allowed},
    methods::{DELIVERIES, OLD_DELIVERIES, QUESTIONS, api},
    tasks::make_and_find_a_task,
    updates::watch,
};

/// A method that the web app may call.
const LIST_TASKS: &str = "/errand.v1.TaskService/ListTasks";

#[tokio::test]
async fn the_web_app_works_by_what_it_may_call() {
    let system = System::found();
    let mesh = Mesh::of(&system, &[AppId::BackendApi, AppId::AuditService]).await;
    let web = Caller::start(&mesh.plan("web"), &system, "tasks-with-certificates").await;
    make_and_find_a_task(&web).await;
}

#[tokio::test]
async fn the_web_app_may_call_what_the_configuration_says_and_nothing_else() {
    let system = System::found();
    let mesh = Mesh::of(&system, &AppId::ALL).await;
    let web = Caller::start(&mesh.plan("web"), &system, "access-of-web").await;
    let allowed = allowed("web");
    for method in api() {
        let outcome = call(web.to(method.app), &method.path, ()).await;
        if allowed.contains(&format!("/{}/*", method.service)) {
            assert_arrived(&method.path, &outcome);
        } else {
            assert_refused(&method.path, &outcome);
        }
    }
    assert_refused("a stream", &watch(&web, |_| {}).await.map(drop));
    for app in AppId::ALL {
        for path in DELIVERIES.iter().chain(&OLD_DELIVERIES).chain(&QUESTIONS) {
            assert_refused(path, &call(web.to(app), path, ()).await);
        }
        for path in [
            "/grpc.health.v1.Health/Check",
            "/errand.v1.TaskServices/ListTasks",
            "/errand.v1.TaskService/ListTasks/all",
            "/errand.v1/ListTasks",
        ] {
            assert_refused(path, &call(web.to(app), path, ()).await);
        }
        // One path to the rules is one path to the service.
        for path in [
            "/errand.v1.TaskService/../dapr.proto.runtime.v1.AppCallback/OnTopicEvent",
            "/errand.v1.TaskService//../dapr.proto.runtime.v1.AppCallback/OnTopicEvent",
            "//dapr.proto.runtime.v1.AppCallback/OnTopicEvent",
        ] {
            assert_refused(path, &call(web.to(app), path, ()).await);
        }
    }
}

#[tokio::test]
async fn nobody_else_may_call_anything() {
    let system = System::found();
    let mesh = Mesh::of(&system, &[AppId::BackendApi, AppId::NotificationService]).await;
    let mut namesake = mesh.plan("web");
    namesake.identity.as_mut().unwrap().namespace = "elsewhere".to_owned();
    let callers = [
        mesh.plan("stranger"),
        namesake,
        // Services meet in events.
        mesh.plan(AppId::RecurringService.as_str()),
    ];
    for plan in callers {
        let caller = Caller::start(&plan, &system, "access-of-others").await;
        for app in [AppId::BackendApi, AppId::NotificationService] {
            let app_id = format!("{app}.{}", mesh.namespace());
            for method in api() {
                let outcome = call(caller.to_app(&app_id), &method.path, ()).await;
                assert_refused(&method.path, &outcome);
            }
            for path in DELIVERIES {
                let outcome = call(caller.to_app(&app_id), path, ()).await;
                assert_refused(path, &outcome);
            }
        }
    }
    // The services are there for whom they are for.
    let web = Caller::start(&mesh.plan("web"), &system, "access-of-others").await;
    call(web.to(AppId::BackendApi), LIST_TASKS, ())
        .await
        .unwrap();
}

/// A cluster that has turned certificates off has callers without names, and the rules are for names.
#[tokio::test]
async fn where_nobody_has_a_name_nobody_may_call() {
    let system = System::found();
    let mesh = Mesh::without_certificates(&system, &[AppId::BackendApi]).await;
    let web = Caller::start(&mesh.plan("web"), &system, "access-of-the-nameless").await;
    let address = mesh.callee(AppId::BackendApi).internal;
    let past_the_sidecar = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let past_the_sidecar = past_the_sidecar.connect_lazy();
    for path in DELIVERIES.iter().chain([&LIST_TASKS]) {
        assert_refused(path, &call(web.to(AppId::BackendApi), path, ()).await);
        let direct = web.by(past_the_sidecar.clone(), AppId::BackendApi.as_str());
        assert_refused(path, &call(direct, path, ()).await);
    }
}

/// The sidecar of the service, and not the service, has refused the call.
fn assert_refused<T: Debug>(what: &str, outcome: &Result<T, Status>) {
    let status = outcome.as_ref().expect_err(what);
    assert_eq!(status.code(), Code::PermissionDenied, "{what}: {status}");
    let refusal = "access control policy has denied access";
    assert!(status.message().starts_with(refusal), "{what}: {status}");
}

/// The service has answered, if only that the request is empty.
fn assert_arrived(what: &str, outcome: &Result<Response<()>, Status>) {
    let code = outcome.as_ref().err().map_or(Code::Ok, Status::code);
    let expected = [Code::Ok, Code::InvalidArgument, Code::NotFound];
    assert!(expected.contains(&code), "{what}: {outcome:?}");
}
