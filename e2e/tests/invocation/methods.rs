//! Methods by their paths.

use domain::AppId;
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// What Dapr itself calls a service for, and could have an effect.
pub(crate) const DELIVERIES: [&str; 5] = [
    "/dapr.proto.runtime.v1.AppCallback/OnTopicEvent",
    "/dapr.proto.runtime.v1.AppCallback/OnBulkTopicEvent",
    "/dapr.proto.runtime.v1.AppCallback/OnBindingEvent",
    "/dapr.proto.runtime.v1.AppCallback/OnJobEvent",
    "/dapr.proto.runtime.v1.AppCallback/OnInvoke",
];

/// Older names of two of them, which no service has.
pub(crate) const OLD_DELIVERIES: [&str; 2] = [
    "/dapr.proto.runtime.v1.AppCallbackAlpha/OnBulkTopicEventAlpha1",
    "/dapr.proto.runtime.v1.AppCallbackAlpha/OnJobEventAlpha1",
];

/// What Dapr itself asks a service, without a token.
pub(crate) const QUESTIONS: [&str; 3] = [
    "/dapr.proto.runtime.v1.AppCallback/ListTopicSubscriptions",
    "/dapr.proto.runtime.v1.AppCallback/ListInputBindings",
    "/dapr.proto.runtime.v1.AppCallbackHealthCheck/HealthCheck",
];

/// A method of the API.
#[derive(Debug)]
pub(crate) struct Method {
    /// Where it is.
    pub(crate) app: AppId,
    /// The service that it belongs to, such as `errand.v1.TaskService`.
    pub(crate) service: String,
    /// Its path.
    pub(crate) path: String,
}

/// Every method of the API.
pub(crate) fn api() -> Vec<Method> {
    let files = FileDescriptorSet::decode(proto::FILE_DESCRIPTOR_SET).unwrap();
    let files = files.file.into_iter();
    let ours = files.filter(|file| file.package() == "errand.v1");
    let services = ours.flat_map(|file| file.service);
    let methods = services.flat_map(|service| {
        let name = format!("errand.v1.{}", service.name());
        let methods = service.method.into_iter();
        methods.map(move |method| Method {
            app: home(&name),
            path: format!("/{name}/{}", method.name()),
            service: name.clone(),
        })
    });
    methods.collect()
}

fn home(service: &str) -> AppId {
    match service {
        "errand.v1.TaskService" | "errand.v1.ProfileService" | "errand.v1.AccountService" => {
            AppId::BackendApi
        }
        "errand.v1.NotificationService" => AppId::NotificationService,
        "errand.v1.AuditService" => AppId::AuditService,
        "errand.v1.UpdateService" => AppId::RealtimeService,
        other => panic!("nobody says who serves {other}"),
    }
}
