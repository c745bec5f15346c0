//! The Dapr API: the methods that Errand's services use. The others answer UNIMPLEMENTED.

mod metadata;
mod publish;
mod secrets;
mod state;

use std::sync::Arc;

use dapr::dapr::proto::runtime::v1::{
    BulkPublishRequest, BulkPublishResponse, DeleteBulkStateRequest, DeleteStateRequest,
    ExecuteStateTransactionRequest, GetBulkSecretRequest, GetBulkSecretResponse,
    GetBulkStateRequest, GetBulkStateResponse, GetMetadataRequest, GetMetadataResponse,
    GetSecretRequest, GetSecretResponse, GetStateRequest, GetStateResponse, PublishEventRequest,
    SaveStateRequest, ShutdownRequest,
};
use tonic::{Request, Response, Status, async_trait};

use crate::{engine::StorageError, generated::dapr_server::Dapr, sidecar::Runtime};

/// The API of one sidecar.
pub(crate) struct Api {
    runtime: Arc<Runtime>,
}

impl Api {
    pub(crate) fn new(runtime: Arc<Runtime>) -> Self {
        Self { runtime }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[async_trait]
impl Dapr for Api {
    async fn publish_event(&self, request: Request<PublishEventRequest>) -> Answer<()> {
        publish::publish_event(&self.runtime, request).await
    }

    async fn bulk_publish_event(
        &self,
        request: Request<BulkPublishRequest>,
    ) -> Answer<BulkPublishResponse> {
        publish::bulk_publish_event(&self.runtime, request).await
    }

    async fn bulk_publish_event_alpha1(
        &self,
        request: Request<BulkPublishRequest>,
    ) -> Answer<BulkPublishResponse> {
        publish::bulk_publish_event(&self.runtime, request).await
    }

    async fn get_state(&self, request: Request<GetStateRequest>) -> Answer<GetStateResponse> {
        state::get_state(&self.runtime, request.into_inner())
            .await
            .map(Response::new)
    }

    async fn get_bulk_state(
        &self,
        request: Request<GetBulkStateRequest>,
    ) -> Answer<GetBulkStateResponse> {
        state::get_bulk_state(&self.runtime, request.into_inner())
            .await
            .map(Response::new)
    }

    async fn save_state(&self, request: Request<SaveStateRequest>) -> Answer<()> {
        state::save_state(&self.runtime, request.into_inner())
            .await
            .map(Response::new)
    }

    async fn delete_state(&self, request: Request<DeleteStateRequest>) -> Answer<()> {
        state::delete_state(&self.runtime, request.into_inner())
            .await
            .map(Response::new)
    }

    async fn delete_bulk_state(&self, request: Request<DeleteBulkStateRequest>) -> Answer<()> {
        state::delete_bulk_state(&self.runtime, request.into_inner())
            .await
            .map(Response::new)
    }

    async fn execute_state_transaction(
        &self,
        request: Request<ExecuteStateTransactionRequest>,
    ) -> Answer<()> {
        state::execute_state_transaction(&self.runtime, request.into_inner())
            .await
            .map(Response::new)
    }

    async fn get_secret(&self, request: Request<GetSecretRequest>) -> Answer<GetSecretResponse> {
        secrets::get_secret(&self.runtime, &request.into_inner()).map(Response::new)
    }

    async fn get_bulk_secret(
        &self,
        request: Request<GetBulkSecretRequest>,
    ) -> Answer<GetBulkSecretResponse> {
        secrets::get_bulk_secret(&self.runtime, &request.into_inner()).map(Response::new)
    }

    async fn get_metadata(
        &self,
        _request: Request<GetMetadataRequest>,
    ) -> Answer<GetMetadataResponse> {
        Ok(Response::new(metadata::get_metadata(&self.runtime)))
    }

    /// A daprd that shuts down is started again by what supervises it. This one starts anew by
    /// itself: it asks the app for its subscriptions again.
    async fn shutdown(&self, _request: Request<ShutdownRequest>) -> Answer<()> {
        self.runtime.restart.notify_one();
        Ok(Response::new(()))
    }
}

/// What a caller hears when the engine's files fail: the reason is in the log.
fn storage_failed(what: &str, error: &StorageError) -> Status {
    match error {
        StorageError::Closed => Status::unavailable("the engine is closed"),
        StorageError::Failed(source) => {
            tracing::error!(error = ?error, "{what}");
            Status::internal(format!("{what}: {source}"))
        }
        StorageError::NoSuchPartition => Status::internal(format!("{what}: {error}")),
    }
}
