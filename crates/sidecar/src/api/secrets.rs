//! Secrets (dapr `pkg/api/grpc/grpc.go`).

use std::collections::HashMap;

use dapr::dapr::proto::runtime::v1::{
    GetBulkSecretRequest, GetBulkSecretResponse, GetSecretRequest, GetSecretResponse,
    SecretResponse,
};
use tonic::Status;

use crate::{
    secrets::{SecretRefused, SecretStore},
    sidecar::Runtime,
};

pub(super) fn get_secret(
    runtime: &Runtime,
    request: &GetSecretRequest,
) -> Result<GetSecretResponse, Status> {
    let store = store(runtime, &request.store_name)?;
    let secret = store.get(&request.key).map_err(|refused| match refused {
        SecretRefused::Forbidden(_) => {
            Status::permission_denied(format!("{refused} from \"{}\"", store.name))
        }
        SecretRefused::Missing(_) => Status::internal(format!(
            "failed getting secret with key {} from secret store {}: {refused}",
            request.key, store.name
        )),
    })?;
    Ok(GetSecretResponse {
        data: HashMap::from([(request.key.clone(), secret)]),
    })
}

pub(super) fn get_bulk_secret(
    runtime: &Runtime,
    request: &GetBulkSecretRequest,
) -> Result<GetBulkSecretResponse, Status> {
    let secrets = store(runtime, &request.store_name)?.all();
    let data = secrets.into_iter().map(|(key, secret)| {
        let secrets = HashMap::from([(key.clone(), secret)]);
        (key, SecretResponse { secrets })
    });
    Ok(GetBulkSecretResponse {
        data: data.collect(),
    })
}

fn store<'r>(runtime: &'r Runtime, name: &str) -> Result<&'r SecretStore, Status> {
    if runtime.secrets.is_empty() {
        return Err(Status::failed_precondition(
            "secret store is not configured",
        ));
    }
    let found = runtime.secrets.iter().find(|store| store.name == name);
    found.ok_or_else(|| {
        Status::invalid_argument(format!("failed finding secret store with key {name}"))
    })
}
