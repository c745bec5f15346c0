//! The names of what can be called: what else is called is the caller's invention, and without
//! number.

use std::collections::HashSet;

use axum::extract::{MatchedPath, Request};
use http::Method;
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// Stands for every method that does not exist.
const UNKNOWN: &str = "unknown";

/// The methods of every gRPC service, as `package.Service/Method`.
#[derive(Debug)]
pub(super) struct Methods(HashSet<String>);

impl Methods {
    /// The methods of Errand's API.
    pub(super) fn new() -> Self {
        let files = FileDescriptorSet::decode(proto::FILE_DESCRIPTOR_SET)
            .expect("the descriptor set is made at build time");
        let mut names = HashSet::new();
        for file in &files.file {
            for service in &file.service {
                for method in &service.method {
                    let (package, service) = (file.package(), service.name());
                    names.insert(format!("{package}.{service}/{}", method.name()));
                }
            }
        }
        Self(names)
    }

    /// The name of what is called: the route's pattern for REST, the method for gRPC.
    pub(super) fn name(&self, request: &Request) -> String {
        let path = request.uri().path().trim_start_matches('/');
        if self.0.contains(path) {
            return path.to_owned();
        }
        match request.extensions().get::<MatchedPath>() {
            Some(matched) if !matched.as_str().contains("{*") => {
                format!("{} {}", verb(request.method()), matched.as_str())
            }
            _ => UNKNOWN.to_owned(),
        }
    }
}

/// The methods of HTTP that routes can have; any token is one.
fn verb(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    if known.contains(method) {
        method.as_str()
    } else {
        UNKNOWN
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn only_methods_that_exist_have_a_name() {
        let methods = Methods::new();
        let name = |path: &str| {
            let request = Request::post(path).body(Body::empty()).unwrap();
            methods.name(&request)
        };
        let create = "errand.v1.TaskService/CreateTask";
        assert_eq!(name(&format!("/{create}")), create);
        for path in [
            "/errand.v1.TaskService/Invented",
            "/errand.v1.TaskService/CreateTask/7",
            "/",
        ] {
            assert_eq!(name(path), UNKNOWN, "{path}");
        }
    }
}
